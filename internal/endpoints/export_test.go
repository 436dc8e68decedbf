package endpoints

import (
	"context"
	"net/netip"
	"time"
)

// Lets says whether a client with these exceptions connects to an address.
func Lets(a netip.Addr, allow ...netip.Prefix) bool { return guard(allow).lets(a) }

// Judge judges a reply that was never sent.
func Judge(to Target, status int, body []byte) (Answer, *Refused) {
	return judge(context.Background(), to, reply{status: status, body: body}, time.Time{})
}

// Body is what a robot would be sent.
func Body(to Target, p Parcel) []byte {
	out, _ := compose(to, p, time.Unix(0, 0))
	return out.body
}
