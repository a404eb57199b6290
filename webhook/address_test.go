package webhook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/webhook"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for address, says := range map[string]string{
		"https://mis.school.example/events":      "",
		"https://mis.school.example:8443/e?t=1":  "",
		"http://mis.school.example/events":       "must begin with https://",
		"ftp://mis.school.example/events":        `its scheme is "ftp"`,
		"https://anna:secret@mis.school.example": "a name or a password",
		"https://mis.school.example/events#part": "a fragment",
		"mis.school.example/events":              "not an absolute address",
		"https:///events":                        "not an absolute address",
		"https://%zz":                            "not an absolute address",
		"":                                       "not an absolute address",
		"https://localhost/events":               "this machine itself",
		"https://127.0.0.1:9/events":             "this machine itself",
		"https://[::1]/events":                   "this machine itself",
		"https://[::ffff:127.0.0.1]/events":      "this machine itself",
		"http://127.0.0.1:9/events":              "must begin with https://",
	} {
		err := webhook.CheckURL(address, false)
		if says == "" {
			require.NoError(t, err, address)
			continue
		}
		require.ErrorContains(t, err, says, address)
	}
}

func TestCheckURL_ForDevelopmentThisMachineIsAReceiver(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://127.0.0.1:9000/events", "http://localhost:9000", "https://[::1]:9000/events", "https://mis.school.example/events"} {
		require.NoError(t, webhook.CheckURL(address, true), address)
	}
	require.ErrorContains(t, webhook.CheckURL("http://mis.school.example/events", true), "must begin with https://")
}
