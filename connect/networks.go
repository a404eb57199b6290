package connect

import (
	"fmt"
	"net/netip"
	"strings"
)

// Networks are networks as a setting names them: 10.20.0.0/16,fd00:20::/32.
type Networks []netip.Prefix

// UnmarshalText reads networks, of which a comma stands between two; nothing means none. Bits behind a network's length
// have to be zero: 10.20.3.4/16 may have been meant as one host. One of IPv4 is not written as one of IPv6, which would
// hold no address.
func (n *Networks) UnmarshalText(text []byte) error {
	*n = nil
	if strings.TrimSpace(string(text)) == "" {
		return nil
	}
	for one := range strings.SplitSeq(string(text), ",") {
		network, err := netip.ParsePrefix(strings.TrimSpace(one))
		if err != nil || network != network.Masked() || network.Addr().Is4In6() {
			return fmt.Errorf("%q is no network; one is written like 10.20.0.0/16 or fd00:20::/32", one)
		}
		*n = append(*n, network)
	}
	return nil
}
