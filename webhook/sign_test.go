package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/webhook"
)

// verifies is a receiver, written from the specification: it accepts a message if one of the signatures, which are divided
// by spaces, is of version 1 and over id, timestamp and body.
func verifies(secret, id, timestamp string, body []byte, signatures string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	for one := range strings.SplitSeq(signatures, " ") {
		version, encoded, _ := strings.Cut(one, ",")
		signature, err := base64.StdEncoding.DecodeString(encoded)
		if err == nil && version == "v1" && hmac.Equal(signature, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

// The example that the Standard Webhooks specification and its libraries' tests carry.
func TestSign_TheSpecificationsExample(t *testing.T) {
	t.Parallel()
	signature, err := webhook.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
		time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	require.NoError(t, err)
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature)
}

func TestSign_RefusesASecretThatIsNone(t *testing.T) {
	t.Parallel()
	_, err := webhook.Sign("whsec_not base64", "msg_1", time.Unix(0, 0), nil)
	require.ErrorContains(t, err, "not in base64")
}

// Whatever one byte of id, timestamp or body becomes, the signature no longer fits; and no other secret fits.
func TestSignatures_AReceiverAcceptsExactlyWhatWasSigned(t *testing.T) {
	t.Parallel()
	keyring := webhook.NewKeyring([]byte("the installation's key, 32 bytes"))
	rapid.Check(t, func(t *rapid.T) {
		id := "msg_" + rapid.StringMatching(`[0-9a-f]{8}`).Draw(t, "id")
		at := time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "at"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		body := rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "body")
		generation := rapid.IntRange(1, 5).Draw(t, "generation")
		signatures, err := keyring.Signatures("wh_1", generation, id, at, body)
		require.NoError(t, err)
		secret, timestamp := keyring.Secret("wh_1", generation), fmt.Sprint(at.Unix())
		require.True(t, verifies(secret, id, timestamp, body, signatures))

		require.False(t, verifies(keyring.Secret("wh_2", generation), id, timestamp, body, signatures), "another webhook's secret")
		require.False(t, verifies(keyring.Secret("wh_1", generation+1), id, timestamp, body, signatures), "a secret that is not out yet")
		place, flip := rapid.IntRange(0, len(body)-1).Draw(t, "place"), rapid.ByteRange(1, 255).Draw(t, "flip")
		changed := append([]byte(nil), body...)
		changed[place] ^= flip
		require.False(t, verifies(secret, id, timestamp, changed, signatures), "the body was changed")
		require.False(t, verifies(secret, id+"0", timestamp, body, signatures), "the id was changed")
		require.False(t, verifies(secret, id, fmt.Sprint(at.Unix()+1), body, signatures), "the timestamp was changed")
	})
}

// A receiver that still has the secret before goes on receiving; one that is two behind does not.
func TestSignatures_ARotationLosesNoMessage(t *testing.T) {
	t.Parallel()
	keyring, body := webhook.NewKeyring([]byte("key")), []byte("{}")
	first, err := keyring.Signatures("wh_1", 1, "msg_1", time.Unix(5, 0), body)
	require.NoError(t, err)
	require.NotContains(t, first, " ", "there is no secret before the first")
	third, err := keyring.Signatures("wh_1", 3, "msg_1", time.Unix(5, 0), body)
	require.NoError(t, err)
	require.True(t, verifies(keyring.Secret("wh_1", 3), "msg_1", "5", body, third))
	require.True(t, verifies(keyring.Secret("wh_1", 2), "msg_1", "5", body, third))
	require.False(t, verifies(keyring.Secret("wh_1", 1), "msg_1", "5", body, third))
}

// The secret is the same whenever it is asked for, differs for every webhook, generation and installation, and has the
// length that the specification asks for (24 to 64 bytes).
func TestSecret_IsDerivedAndNeverTheSameTwice(t *testing.T) {
	t.Parallel()
	keyring := webhook.NewKeyring([]byte("key"))
	require.Equal(t, keyring.Secret("wh_1", 1), webhook.NewKeyring([]byte("key")).Secret("wh_1", 1), "another process derives the same")
	seen := map[string]bool{webhook.NewKeyring([]byte("another key")).Secret("wh_1", 1): true}
	for _, id := range []string{"wh_1", "wh_11", "wh_1/1"} {
		for generation := range 20 {
			secret := keyring.Secret(id, generation)
			require.False(t, seen[secret], "%s %d", id, generation)
			seen[secret] = true
			encoded, found := strings.CutPrefix(secret, "whsec_")
			require.True(t, found)
			raw, err := base64.StdEncoding.DecodeString(encoded)
			require.NoError(t, err)
			require.Len(t, raw, 32)
		}
	}
}
