package endpoints

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// errForbidden is what a dial ends with that would leave the public Internet.
var errForbidden = errors.New("the address is not public and not allowed")

// A guard decides which addresses may be connected to. It is asked after names were resolved, for each
// connection and thus for each redirect: a name that resolves to something else the second time gains
// nothing.
type guard []netip.Prefix

func (g guard) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: not an address", errForbidden)
	}
	if !g.lets(to.Addr()) {
		return errForbidden
	}
	return nil
}

// lets says whether an address may be connected to: a public one, or one that is allowed. What carries an
// IPv4 address inside counts as that address.
func (g guard) lets(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range g {
		if plain(p).Contains(a) {
			return true
		}
	}
	if inner, is := carried(a); is {
		return g.lets(inner)
	}
	if a.Is6() && !globalUnicast.Contains(a) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// plain takes ::ffff:10.0.0.0/104 for the 10.0.0.0/8 that it is.
func plain(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p
}

// carried is the IPv4 address that an IPv6 address leads to, through NAT64 or 6to4.
func carried(a netip.Addr) (netip.Addr, bool) {
	if !a.Is6() {
		return netip.Addr{}, false
	}
	b := a.As16()
	switch {
	case nat64.Contains(a):
		return netip.AddrFrom4([4]byte(b[12:16])), true
	case sixToFour.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6])), true
	}
	return netip.Addr{}, false
}

var (
	nat64         = netip.MustParsePrefix("64:ff9b::/96")
	sixToFour     = netip.MustParsePrefix("2002::/16")
	globalUnicast = netip.MustParsePrefix("2000::/3") // nothing outside is public
)

// special are the ranges of the IANA registries of special purpose addresses, and multicast: nobody
// outside answers there.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "3fff::/20",
)

func prefixes(all ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(all))
	for i, p := range all {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}
