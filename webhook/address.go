package webhook

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"syscall"
)

// CheckURL says what is wrong with the address of a webhook, in a sentence for whoever gave it; nil if nothing is.
// loopback allows this machine, and http to it, as a stack for development needs it.
func CheckURL(address string, loopback bool) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Host == "":
		return errors.New("it is not an absolute address, such as https://mis.school.example/events")
	case parsed.User != nil:
		return errors.New("it holds a name or a password, which would be shown to whoever reads the list of webhooks; the signature proves who sends")
	case parsed.Fragment != "":
		return errors.New("it has a fragment (#…), which is never sent")
	case parsed.Scheme == "https":
	case parsed.Scheme != "http":
		return fmt.Errorf("its scheme is %q and must be https", parsed.Scheme)
	case !loopback || !isLoopback(parsed.Hostname()):
		return errors.New("it must begin with https://, so that nobody on the way reads or changes an event")
	}
	if !loopback && isLoopback(parsed.Hostname()) {
		return errors.New("it leads to this machine itself")
	}
	return nil
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.Unmap().IsLoopback()
}

// errForbidden says that a name led to an address that no webhook may have.
var errForbidden = errors.New("the address is not one that a webhook may have")

// guard looks at the address to which a name has led, at the last moment before the connection: what is only reachable
// from this machine, such as a cloud's own service for its machines, is no receiver.
func guard(loopback bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return errForbidden
		}
		ip, err := netip.ParseAddr(host)
		if err != nil {
			return errForbidden
		}
		ip = ip.Unmap()
		if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || ip.IsLoopback() && !loopback {
			return fmt.Errorf("%w: %s", errForbidden, ip)
		}
		return nil
	}
}
