package endpoints

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"
)

// Refused says why a message was not taken, in words of ours alone: what a receiver says may repeat the
// address, and stands in the Answer without it.
type Refused struct {
	Final bool          // no further attempt will help
	Wait  time.Duration // before the next one; zero: as long as the sender thinks fit
	why   string
}

// Error says it for log and record.
func (r *Refused) Error() string { return r.why }

// The codes for what is not a receiver's answer.
const (
	CodeMessage  = "message"  // what was to be sent could not be put together
	CodeAddress  = "address"  // the address is not public, and not allowed
	CodeName     = "name"     // the host's name does not resolve
	CodeConnect  = "connect"  // nobody answers there, or the connection broke
	CodeTLS      = "tls"      // the certificate is not trusted, or there is none
	CodeTimeout  = "timeout"  // no answer in time
	CodeRedirect = "redirect" // the receiver sends us elsewhere
	CodeAnswer   = "answer"   // a robot's answer that says neither yes nor no
)

// How long it is until the next attempt when the receiver does not say.
const (
	slower  = time.Minute      // the limits of robots are by the minute
	seldom  = 10 * time.Minute // until somebody mends what is wrong there; not longer, for then alerts wait
	longest = time.Hour        // whatever a receiver asks for
)

// broken sorts out what ended an exchange without an answer. Nothing of the error itself is repeated: it
// names the URL.
func broken(ctx context.Context, err error) (Answer, *Refused) {
	_, isName := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, isRecord := errors.AsType[tls.RecordHeaderError](err)
	_, isAlert := errors.AsType[tls.AlertError](err)
	switch {
	case errors.Is(err, errForbidden):
		return Answer{Code: CodeAddress}, &Refused{Wait: seldom, why: "the endpoint's address is not a public one and is not allowed"}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return Answer{Code: CodeTimeout}, &Refused{why: "the endpoint did not answer in time"}
	case isName:
		return Answer{Code: CodeName}, &Refused{why: "the name of the endpoint's host does not resolve"}
	case isCertificate, isRecord, isAlert, errors.Is(err, http.ErrSchemeMismatch):
		return Answer{Code: CodeTLS}, &Refused{why: "no trusted connection to the endpoint comes about"}
	}
	return Answer{Code: CodeConnect}, &Refused{why: "the endpoint cannot be reached or breaks off"}
}
