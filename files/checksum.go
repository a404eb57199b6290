package files

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
)

// checksum is a file's SHA-256.
type checksum [sha256.Size]byte

func parseSum(sha256Hex string) (sum checksum, err error) {
	raw, err := hex.DecodeString(sha256Hex)
	if err != nil || len(raw) != len(sum) {
		return sum, fmt.Errorf("%q is not a SHA-256 in hex", sha256Hex)
	}
	return checksum(raw), nil
}

// hex is how casework and people write it.
func (c checksum) hex() string { return hex.EncodeToString(c[:]) }

// base64 is how S3 writes it.
func (c checksum) base64() string { return base64.StdEncoding.EncodeToString(c[:]) }
