package webhook_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/webhook"
)

// leads says what is wrong with an address for whoever is let into some networks; empty if nothing is.
func leads(some webhook.Networks, address netip.Addr) string {
	if err := some.CheckURL("https://" + netip.AddrPortFrom(address.WithZone(""), 443).String() + "/"); err != nil {
		return err.Error()
	}
	return ""
}

// The first and the last address of every range that is not the public internet, and its neighbours that are.
func TestNetworks_EveryRangeThatIsNotPublic(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ what, first, last string }{
		{"this machine itself", "0.0.0.0", "0.255.255.255"},
		{"a private network", "10.0.0.0", "10.255.255.255"},
		{"a provider's inner network", "100.64.0.0", "100.127.255.255"},
		{"this machine itself", "127.0.0.0", "127.255.255.255"},
		{"this machine's own link", "169.254.0.0", "169.254.255.255"},
		{"a private network", "172.16.0.0", "172.31.255.255"},
		{"protocols, tests and documentation", "192.0.0.0", "192.0.0.255"},
		{"protocols, tests and documentation", "192.0.2.0", "192.0.2.255"},
		{"protocols, tests and documentation", "192.88.99.0", "192.88.99.255"},
		{"a private network", "192.168.0.0", "192.168.255.255"},
		{"protocols, tests and documentation", "198.18.0.0", "198.19.255.255"},
		{"protocols, tests and documentation", "198.51.100.0", "198.51.100.255"},
		{"protocols, tests and documentation", "203.0.113.0", "203.0.113.255"},
		{"no single host", "224.0.0.0", "255.255.255.255"},
		{"this machine itself", "::", "::1"},
		{"no public address", "::2", "::fffe:ffff:ffff"},
		{"this machine itself", "::ffff:127.0.0.1", "::ffff:127.255.255.255"},
		{"a private network", "::ffff:10.0.0.0", "::ffff:10.255.255.255"},
		{"no public address", "::ffff:0:10.0.0.1", "::ffff:0:10.0.0.1"},
		{"a private network", "64:ff9b::10.0.0.0", "64:ff9b::10.255.255.255"},
		{"this machine's own link", "64:ff9b::169.254.0.0", "64:ff9b::169.254.169.254"},
		{"this machine itself", "64:ff9b::127.0.0.1", "64:ff9b::127.0.0.1"},
		{"behind a translation", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"},
		{"no public address", "100::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"a tunnel to an IPv4 address", "2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"protocols, tests and documentation", "2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"protocols, tests and documentation", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"a tunnel to an IPv4 address", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"protocols, tests and documentation", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"no public address", "4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"a private network", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"no public address", "fe00::", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"this machine's own link", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"a private network", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"no single host", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	} {
		require.Contains(t, leads(nil, netip.MustParseAddr(row.first)), row.what, row.first)
		require.Contains(t, leads(nil, netip.MustParseAddr(row.last)), row.what, row.last)
	}
	for _, public := range []string{
		"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
		"172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
		"198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "::ffff:9.9.9.9", "64:ff9b::9.9.9.9",
		"2000::1", "2001:200::", "2001:db7:ffff::1", "2001:db9::", "2003::", "3ffe:ffff::1", "3fff:1000::1",
	} {
		require.Empty(t, leads(nil, netip.MustParseAddr(public)), public)
	}
}

// Whatever address: what is reached is what Go itself counts as public, and what its networks let in.
func TestNetworks_NothingInnerIsReachedUnlessItIsLetIn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var address netip.Addr
		if rapid.Bool().Draw(t, "IPv4") {
			address = netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "bytes")))
		} else {
			begins := rapid.SampledFrom([]string{"::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "2001::", "2002::", "2a00::", "fc00::", "fd12::", "fe80::"}).Draw(t, "begins")
			bytes := netip.MustParseAddr(begins).As16()
			copy(bytes[12:], rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "bytes"))
			address = netip.AddrFrom16(bytes)
		}
		if leads(nil, address) != "" {
			all := networks("0.0.0.0/0", "::/0")
			require.Empty(t, leads(all, address), "whoever lets in everything reaches everything")
			return
		}
		inner := address.Unmap()
		require.True(t, inner.IsGlobalUnicast() && !inner.IsPrivate() && !inner.IsLoopback() && !inner.IsLinkLocalUnicast(), "%s", address)
	})
}

// The dialer asks at the last moment, with the address in each way in which a connection may be named.
func TestGuard_LooksAtWhatIsDialled(t *testing.T) {
	t.Parallel()
	for address, says := range map[string]string{
		"127.0.0.1:443": "this machine itself: 127.0.0.1", "10.1.2.3:443": "a private network: 10.1.2.3", "[fd00::1]:443": "a private network: fd00::1",
		"169.254.169.254:443": "this machine's own link", "[fe80::1%eth0]:443": "this machine's own link", "[64:ff9b::a01:203]:443": "a private network: 10.1.2.3",
		"inside.example:443": "no address", "10.1.2.3": "no address",
	} {
		require.ErrorContains(t, webhook.Guard(nil, address), says, address)
	}
	require.NoError(t, webhook.Guard(nil, "9.9.9.9:443"))
	require.NoError(t, webhook.Guard(networks("10.0.0.0/8"), "10.1.2.3:443"))
	require.NoError(t, webhook.Guard(networks("fe80::/10"), "[fe80::1%eth0]:443"), "a zone is no way round a network, nor out of it")
}

// leading is a resolver that answers every question for an IPv4 address with the same one. It speaks DNS (RFC 1035 §4.1) to the
// resolver of Go over a pipe, so that names are looked up as they are at work.
func leading(to netip.Addr) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		asker, server := net.Pipe()
		go answer(server, to)
		return asker, nil
	}}
}

// answer answers one question. A pipe is no packet connection, so messages have their length before them, as over TCP.
func answer(server net.Conn, to netip.Addr) {
	defer server.Close()
	length := make([]byte, 2)
	if _, err := io.ReadFull(server, length); err != nil {
		return
	}
	message := make([]byte, binary.BigEndian.Uint16(length))
	if _, err := io.ReadFull(server, message); err != nil {
		return
	}
	end := 12
	for message[end] != 0 { // The labels of the name, each with its length before it.
		end += int(message[end]) + 1
	}
	end += 5
	reply := append([]byte{message[0], message[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, message[12:end]...)
	if binary.BigEndian.Uint16(message[end-4:]) == 1 {
		reply[7] = 1
		reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
		reply = append(reply, to.AsSlice()...)
	}
	_, _ = server.Write(binary.BigEndian.AppendUint16(nil, uint16(len(reply))))
	_, _ = server.Write(reply)
}

// What a name leads to is known when it is dialled and not before: a name that led elsewhere when it was registered does
// not lead inside now.
func TestSend_ANameThatLeadsInsideIsRefusedWhenItIsDialled(t *testing.T) {
	t.Parallel()
	hook := receiver(t, func(http.ResponseWriter, *http.Request) { t.Error("the event was sent") })
	address, err := url.Parse(hook.URL)
	require.NoError(t, err)
	hook.URL = "https://inside.example:" + address.Port() + "/events"
	require.NoError(t, webhook.Networks(nil).CheckURL(hook.URL), "nobody can know yet")
	here := leading(netip.MustParseAddr("127.0.0.1"))
	status, err := webhook.NewSenderAsking(keyring(), nil, here).Send(t.Context(), hook, delivery(), attempted)
	require.EqualError(t, err, "no answer: dial tcp 127.0.0.1:"+address.Port()+": it leads to this machine itself: 127.0.0.1")
	require.Zero(t, status)
	_, err = webhook.NewSenderAsking(keyring(), machine(), here).Send(t.Context(), hook, delivery(), attempted)
	require.ErrorContains(t, err, "HTTP response to HTTPS client", "let in, the name is dialled; the receiver speaks no TLS")
	private := leading(netip.MustParseAddr("192.168.1.1"))
	_, err = webhook.NewSenderAsking(keyring(), machine(), private).Send(t.Context(), hook, delivery(), attempted)
	require.ErrorContains(t, err, "it leads to a private network: 192.168.1.1")
}
