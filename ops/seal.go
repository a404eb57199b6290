package ops

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// sealer encrypts and authenticates what a browser keeps for us, so that it is neither read nor changed there.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fmt.Errorf("make the cipher of the cookies: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, fmt.Errorf("make the cipher of the cookies: %w", err)
	}
	return sealer{aead}, nil
}

// errBroken says that a sealed value was not made here for this purpose.
var errBroken = errors.New("the sealed value is not one of ours")

// seal writes a value for one purpose: it opens under the same purpose only, so that one cookie never stands in for
// another.
func (s sealer) seal(purpose string, value any) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("seal a %s: %w", purpose, err)
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, []byte(purpose))), nil
}

// open reads what seal wrote.
func (s sealer) open(purpose, sealed string, value any) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return errBroken
	}
	plain, err := s.aead.Open(nil, nil, raw, []byte(purpose))
	if err != nil {
		return errBroken
	}
	if err := json.Unmarshal(plain, value); err != nil {
		return fmt.Errorf("read a %s: %w", purpose, err)
	}
	return nil
}

// secret is a fresh value that nobody can guess.
func secret() string { return rand.Text() }
