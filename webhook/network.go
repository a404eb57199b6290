package webhook

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
)

// Networks are what an installation lets its webhooks lead into besides the public internet. Without any, nothing is
// reached that only this machine, its neighbours or its cloud can reach, whoever registers the address.
type Networks []netip.Prefix

// special is a range of addresses that is not the public internet.
type special struct {
	prefix netip.Prefix
	what   string
}

func ranges(what string, prefixes ...string) []special {
	all := make([]special, len(prefixes))
	for i, prefix := range prefixes {
		all[i] = special{netip.MustParsePrefix(prefix), what}
	}
	return all
}

// specialIPv4 are the ranges of IPv4 that are not globally reachable (IANA IPv4 Special-Purpose Address Registry), and
// those that name no single host.
func specialIPv4() []special {
	return slices.Concat(
		ranges("this machine itself", "127.0.0.0/8", "0.0.0.0/8"),
		ranges("a private network", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
		ranges("this machine's own link, where clouds serve their machines", "169.254.0.0/16"),
		ranges("a provider's inner network", "100.64.0.0/10"),
		ranges("a range kept for protocols, tests and documentation",
			"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
		ranges("no single host", "224.0.0.0/4", "240.0.0.0/4"),
	)
}

// specialIPv6 are those of IPv6. Only 2000::/3 is given out as public addresses (IANA IPv6 Address Space), so whatever
// stands outside of it is no receiver; the first that holds an address says what it is. Teredo and 6to4 carry an IPv4
// address to wherever it leads and are out of use, so none of them is one either.
func specialIPv6() []special {
	return slices.Concat(
		ranges("this machine itself", "::1/128", "::/128"),
		ranges("a private network", "fc00::/7", "fec0::/10"),
		ranges("this machine's own link, where clouds serve their machines", "fe80::/10"),
		ranges("a private network behind a translation of addresses", "64:ff9b:1::/48"),
		ranges("a tunnel to an IPv4 address", "2001::/32", "2002::/16"),
		ranges("a range kept for protocols, tests and documentation", "2001::/23", "2001:db8::/32", "3fff::/20"),
		ranges("no single host", "ff00::/8"),
		ranges("no public address", "::/3", "4000::/2", "8000::/1"),
	)
}

// translated is the prefix under which a network without IPv4 reaches IPv4 hosts (NAT64, RFC 6052 §2.1); the last four
// bytes are the host's own address.
func translated() netip.Prefix { return netip.MustParsePrefix("64:ff9b::/96") }

// hostOf is the address of the host that an address leads to: without a zone, and out of the IPv6 addresses that carry an
// IPv4 one.
func hostOf(address netip.Addr) netip.Addr {
	address = address.WithZone("").Unmap()
	if translated().Contains(address) {
		bytes := address.As16()
		return netip.AddrFrom4([4]byte(bytes[12:]))
	}
	return address
}

// refuse says what is wrong with an address as a receiver's; nil if nothing is.
func (n Networks) refuse(address netip.Addr) error {
	address = hostOf(address)
	if n.allow(address) {
		return nil
	}
	known := specialIPv6()
	if address.Is4() {
		known = specialIPv4()
	}
	for _, one := range known {
		if one.prefix.Contains(address) {
			return fmt.Errorf("it leads to %s: %s", one.what, address)
		}
	}
	return nil
}

func (n Networks) allow(address netip.Addr) bool {
	return slices.ContainsFunc(n, func(network netip.Prefix) bool { return network.Contains(address) })
}

// errNoAddress says that what is dialled is no address; the dialer has looked the name up by then.
var errNoAddress = errors.New("it leads to no address")

// guard looks at the address to which a name has led, at the last moment before the connection: a name that led elsewhere
// when it was looked at cannot lead inside now.
func (n Networks) guard(_, address string, _ syscall.RawConn) error {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return errNoAddress
	}
	ip, err := netip.ParseAddr(name)
	if err != nil {
		return errNoAddress
	}
	return n.refuse(ip)
}
