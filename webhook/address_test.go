package webhook_test

import (
	"net/netip"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/webhook"
)

// machine are the networks of a stack for development.
func machine() webhook.Networks { return networks("127.0.0.0/8", "::1/128") }

func networks(prefixes ...string) webhook.Networks {
	var all webhook.Networks
	for _, prefix := range prefixes {
		all = append(all, netip.MustParsePrefix(prefix))
	}
	return all
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for address, says := range map[string]string{
		"https://mis.school.example/events":      "",
		"https://mis.school.example.:8443/e?t=1": "",
		"https://9.9.9.9/events":                 "",
		"https://[2620:fe::fe]:8443/events":      "",
		"https://4u.school.example/events":       "",
		"http://mis.school.example/events":       "must begin with https://",
		"http://9.9.9.9/events":                  "must begin with https://",
		"ftp://mis.school.example/events":        `its scheme is "ftp"`,
		"https://anna:secret@mis.school.example": "a name or a password",
		"https://mis.school.example/events#part": "a fragment",
		"mis.school.example/events":              "not an absolute address",
		"https:///events":                        "not an absolute address",
		"https://:8443/events":                   "not an absolute address",
		"https://%zz":                            "not an absolute address",
		"":                                       "not an absolute address",
		"https://localhost/events":               "this machine itself",
		"https://LocalHost./events":              "this machine itself",
		"https://events.localhost/":              "this machine itself",
		"https://127.0.0.1:9/events":             "this machine itself: 127.0.0.1",
		"https://[::1]/events":                   "this machine itself: ::1",
		"https://[::ffff:127.0.0.1]/events":      "this machine itself: 127.0.0.1",
		"https://[fe80::1%25eth0]/events":        "this machine's own link",
		"https://10.1.2.3/events":                "a private network: 10.1.2.3",
		"http://127.0.0.1:9/events":              "must begin with https://",
	} {
		err := webhook.Networks(nil).CheckURL(address)
		if says == "" {
			require.NoError(t, err, address)
			continue
		}
		require.ErrorContains(t, err, says, address)
	}
}

// Some look-ups read these as addresses of this machine or its network, others as names.
func TestCheckURL_AnAddressInAnOldWayOfWritingIsNone(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.1", "0x7f000001", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "10.0.0", "mis.school.0xA", "mis..", "."} {
		for _, some := range []webhook.Networks{nil, machine()} {
			require.ErrorContains(t, some.CheckURL("https://"+host+"/events"), "neither a name nor an address", host)
		}
	}
}

func TestCheckURL_ForDevelopmentThisMachineIsAReceiver(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://127.0.0.1:9000/events", "http://localhost:9000", "https://[::1]:9000/events", "https://mis.school.example/events"} {
		require.NoError(t, machine().CheckURL(address), address)
	}
	require.ErrorContains(t, machine().CheckURL("http://mis.school.example/events"), "must begin with https://")
	require.ErrorContains(t, machine().CheckURL("https://10.1.2.3/events"), "a private network")
}

// A network that is let in is reached over https alone, as everything else: it has other people on it.
func TestCheckURL_ANetworkThatIsLetInIsReachedOverHTTPS(t *testing.T) {
	t.Parallel()
	inside := networks("10.20.0.0/16", "fd00:20::/32")
	for _, address := range []string{"https://10.20.3.4/events", "https://[fd00:20::9]/events", "https://[::ffff:10.20.3.4]/events"} {
		require.NoError(t, inside.CheckURL(address), address)
	}
	require.ErrorContains(t, inside.CheckURL("http://10.20.3.4/events"), "must begin with https://")
	require.ErrorContains(t, inside.CheckURL("https://10.21.3.4/events"), "a private network")
	require.ErrorContains(t, inside.CheckURL("https://[fd00:21::9]/events"), "a private network")
	require.ErrorContains(t, inside.CheckURL("https://127.0.0.1/events"), "this machine itself")
}

// Whatever somebody sends: an address that is taken holds no address that Go itself counts as inner.
func FuzzCheckURL(f *testing.F) {
	for _, seed := range []string{"https://10.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]", "https://0x7f.1", "https://[fe80::1%25lo]:9/", "http://localhost"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if webhook.Networks(nil).CheckURL(address) != nil {
			return
		}
		parsed, err := url.Parse(address)
		require.NoError(t, err)
		require.Equal(t, "https", parsed.Scheme)
		require.Nil(t, parsed.User)
		if ip, err := netip.ParseAddr(parsed.Hostname()); err == nil {
			ip = ip.Unmap()
			require.True(t, ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast(), "%s", ip)
		}
	})
}
