package door

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

const (
	// certificateLife is as long as browsers take a certificate for.
	certificateLife = 397 * 24 * time.Hour
	// margin is how long a certificate must still be good for, or a new one is made at the start.
	margin = 30 * 24 * time.Hour
)

// loadCertificate reads the certificate, and makes another where there is none, or none that is good for long enough, so
// that a browser that was told to trust it once need not be told again after each start.
func loadCertificate(certificateFile, keyFile string, now time.Time) (tls.Certificate, error) {
	kept, err := tls.LoadX509KeyPair(certificateFile, keyFile)
	if err == nil && kept.Leaf != nil && kept.Leaf.NotAfter.After(now.Add(margin)) {
		return kept, nil
	}
	if err := makeCertificate(certificateFile, keyFile, now); err != nil {
		return tls.Certificate{}, err
	}
	made, err := tls.LoadX509KeyPair(certificateFile, keyFile)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read the certificate of the panel: %w", err)
	}
	return made, nil
}

func makeCertificate(certificateFile, keyFile string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key for the panel: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return fmt.Errorf("number the certificate of the panel: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Recourse local stack"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		// It vouches for this machine only and cannot sign another.
		BasicConstraintsValid: true, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return fmt.Errorf("make a certificate for the panel: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode the panel's key: %w", err)
	}
	if err := os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600); err != nil {
		return fmt.Errorf("store the panel's key: %w", err)
	}
	if err := os.WriteFile(certificateFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o600); err != nil {
		return fmt.Errorf("store the panel's certificate: %w", err)
	}
	return nil
}
