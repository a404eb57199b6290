package connect_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/connect"
)

func TestNetworks_AreWrittenWithCommas(t *testing.T) {
	t.Parallel()
	networks := connect.Networks{netip.MustParsePrefix("::/0")}
	require.NoError(t, networks.UnmarshalText([]byte("10.20.0.0/16, fd00:20::/32,192.168.7.9/32")))
	require.Equal(t, connect.Networks{
		netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd00:20::/32"), netip.MustParsePrefix("192.168.7.9/32"),
	}, networks)
	for _, none := range []string{"", " "} {
		require.NoError(t, networks.UnmarshalText([]byte(none)))
		require.Empty(t, networks)
	}
}

// A network that is read as another one lets events go where nobody meant them to.
func TestNetworks_WhatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"10.21", "10.20.0.0", "10.20.3.4/16", "10.20.0.0/33", "10.20.0.0/16,", "10.20.0.0/16 10.21.0.0/16", "localhost", "fe80::1%eth0/64", "::ffff:10.20.0.0/112",
	} {
		var networks connect.Networks
		require.ErrorContains(t, networks.UnmarshalText([]byte(text)), "is no network; one is written like 10.20.0.0/16", text)
	}
}
