package webhook

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// CheckURL says what is wrong with the address of a webhook, in a sentence for whoever gave it; nil if nothing is that can
// be known before its name is looked up. An address on this machine may be one of http, where the networks hold it.
func (n Networks) CheckURL(address string) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Hostname() == "":
		return errors.New("it is not an absolute address, such as https://mis.school.example/events")
	case parsed.User != nil:
		return errors.New("it holds a name or a password, which would be shown to whoever reads the list of webhooks; the signature proves who sends")
	case parsed.Fragment != "":
		return errors.New("it has a fragment (#…), which is never sent")
	case parsed.Scheme != "https" && parsed.Scheme != "http":
		return fmt.Errorf("its scheme is %q and must be https", parsed.Scheme)
	}
	ip, known, err := addressOf(parsed.Hostname())
	if err != nil {
		return err
	}
	if parsed.Scheme == "http" && (!known || !ip.IsLoopback() || !n.allow(ip)) {
		return errors.New("it must begin with https://, so that nobody on the way reads or changes an event")
	}
	if !known {
		return nil
	}
	return n.refuse(ip)
}

// addressOf is the address that a host of a URL is, if it is known without asking anybody. A name whose last part is a
// number is an address in an old way of writing (127.1, 0x7f000001, 2130706433), which some look-ups take and others do
// not: nobody's name ends so (WHATWG URL, "ends in a number").
func addressOf(host string) (ip netip.Addr, known bool, err error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return hostOf(ip), true, nil
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") { // RFC 6761 §6.3
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true, nil
	}
	if last := name[strings.LastIndex(name, ".")+1:]; last == "" || isNumber(last) {
		return netip.Addr{}, false, errors.New("its host is neither a name nor an address as it is written today, such as 198.51.100.7 or [2001:db8::7]")
	}
	return netip.Addr{}, false, nil
}

// isNumber reports whether a part of a name is a number as old look-ups read it: of decimal digits, or hexadecimal.
func isNumber(part string) bool {
	digits := "0123456789"
	if rest, hex := strings.CutPrefix(part, "0x"); hex {
		part, digits = rest, "0123456789abcdef"
	}
	return strings.Trim(part, digits) == ""
}
