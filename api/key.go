package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"

	"github.com/recourse-exams/recourse/casework"
)

// checkKey refuses an Idempotency-Key that is not 1 to 255 visible ASCII characters.
func checkKey(key string) error {
	ok := key != "" && len(key) <= 255
	for _, c := range []byte(key) {
		ok = ok && c > ' ' && c <= '~'
	}
	if ok {
		return nil
	}
	return newProblem("idempotency-key-invalid", fmt.Sprintf("The Idempotency-Key has %d characters or some that are not visible ASCII.", len(key)))
}

// reference derives a case's reference from who asks, for which centre, where, under which key: the same request
// has the same reference for ever, and nobody can guess one (architecture §2).
func (s *Server) reference(subject, centre, route, key string) casework.Reference {
	digest := hmac.New(sha256.New, s.referenceKey)
	feed(digest, subject, centre, route, key)
	return casework.NewReference(digest.Sum(nil))
}

// keyID tells one person's key at one door from every other, without showing it: the case remembers it, so that the
// key is good for one body only.
func keyID(subject, route, key string) string {
	digest := sha256.New()
	feed(digest, subject, route, key)
	return hex.EncodeToString(digest.Sum(nil)[:16])
}

// updateID names one attempt to change a case. The body belongs to it: the same key with another body is another
// attempt, which the case then refuses by the key's id.
func updateID(subject, route, key string, body any) (string, error) {
	canonical, err := canonicalHash(body)
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	feed(digest, subject, route, key, canonical)
	return hex.EncodeToString(digest.Sum(nil)[:16]), nil
}

// feed writes each part with its length, so that no two lists of parts feed the same bytes.
func feed(digest hash.Hash, parts ...string) {
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		digest.Write(length[:])
		digest.Write([]byte(part))
	}
}

// canonicalHash is the hex SHA-256 of a value's JSON: structs write their fields in one order, so spaces and the
// order of names in what the client sent do not matter.
func canonicalHash(value any) (string, error) {
	canonical, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("write the request's canonical form: %w", err)
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}
