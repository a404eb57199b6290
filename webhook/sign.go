// Package webhook signs events and sends them to other systems, after the Standard Webhooks specification: a message
// has an id, the instant of the attempt, and an HMAC over both and the body, by which a receiver knows who sent it,
// tells repeats and refuses old ones.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	// secretPrefix marks a secret of a symmetric signature, signatureScheme its signature (Standard Webhooks 1.0.0,
	// "Signature scheme").
	secretPrefix    = "whsec_"
	signatureScheme = "v1,"
)

// Keyring derives the secrets of all webhooks from the installation's one key. No secret is stored: whoever reads the
// register cannot sign.
type Keyring struct {
	key []byte
}

// NewKeyring makes a keyring of the installation's key.
func NewKeyring(key []byte) Keyring { return Keyring{key: key} }

// Secret is the secret of a webhook in its generation, as its receiver is given it.
func (k Keyring) Secret(id string, generation int) string {
	mac := hmac.New(sha256.New, k.key)
	mac.Write([]byte(id + "/" + strconv.Itoa(generation)))
	return secretPrefix + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Signatures is the value of the header webhook-signature for a webhook: by its secret, and after a rotation by the one
// before as well, so that a receiver changes over without losing a message.
func (k Keyring) Signatures(id string, generation int, message string, at time.Time, body []byte) (string, error) {
	secrets := []string{k.Secret(id, generation)}
	if generation > 1 {
		secrets = append(secrets, k.Secret(id, generation-1))
	}
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		signature, err := Sign(secret, message, at, body)
		if err != nil {
			return "", err
		}
		signatures[i] = signature
	}
	return strings.Join(signatures, " "), nil
}

// Sign signs a message as it is attempted at an instant, to the second.
func Sign(secret, message string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return "", fmt.Errorf("read the secret of a webhook: it is not in base64")
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.", message, at.Unix())
	mac.Write(body)
	return signatureScheme + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}
