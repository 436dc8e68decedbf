package endpoints

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"recourse/models"
)

// Target is where a message goes and what proves that it comes from us. Its URL and secrets are never
// repeated: not in an error, not in an answer.
type Target struct {
	Channel  models.MessageChannel
	URL      string
	Secret   string // whsec_… for what we sign like a webhook, the robot's own for DingTalk and Feishu; empty: nothing is signed
	Previous string // signs beside Secret while that is new; empty: no longer
}

// String is a target for whoever prints one without thinking.
func (t Target) String() string { return string(t.Channel) + " " + Shown(t.URL) }

// LogValue is a target for whoever logs one without thinking.
func (t Target) LogValue() slog.Value { return slog.StringValue(t.String()) }

// Parcel is one message as it is handed over. A second attempt carries the same ID and the same words.
type Parcel struct {
	ID       string // stable; the receiver knows by it what it has already
	Type     string // of a webhook's body, such as case.escalated
	At       time.Time
	Language models.Language
	To       string          // phone number, for SMS and voice
	Title    string          // one line, for robots
	Text     string          // plain; made safe here for the format of each robot
	URL      string          // of the case; empty: no link
	Data     json.RawMessage // of a webhook
}

// Answer is what came back, also when it was no.
type Answer struct {
	Status int           // of HTTP; 0: nothing was answered
	Code   string        // the robot's own, or one of ours for what went wrong on the way; empty: neither
	Text   string        // at most 500 characters, without control characters and without the target's secrets
	Took   time.Duration // for the whole exchange
}

// Options say where a client may connect to and how long it waits.
type Options struct {
	Allow    []netip.Prefix   // private addresses that may be connected to nevertheless
	Timeout  time.Duration    // for the whole exchange; zero: 10 s
	Now      func() time.Time // signs and measures
	Resolver *net.Resolver    // nil: the system's
	RootCAs  *x509.CertPool   // nil: the system's
}

// The bounds of one exchange.
const (
	patience   = 10 * time.Second
	mostRead   = 64 << 10 // bytes of an answer; what follows is not waited for
	mostShown  = 500      // characters of an answer
	mostTurns  = 3        // redirects, all on the host that was entered
	headerSize = 64 << 10
)

// Client hands parcels over. It is safe for use by many goroutines.
type Client struct {
	http    *http.Client
	timeout time.Duration
	now     func() time.Time
}

// New makes a client. It goes straight to its targets: no proxy is taken from the environment, because
// a proxy would connect to addresses that we refuse.
func New(o Options) *Client {
	if o.Timeout == 0 {
		o.Timeout = patience
	}
	dialer := &net.Dialer{Timeout: o.Timeout, Resolver: o.Resolver, Control: guard(o.Allow).control}
	return &Client{timeout: o.Timeout, now: o.Now, http: &http.Client{
		Transport: &http.Transport{
			DialContext:     dialer.DialContext,
			TLSClientConfig: &tls.Config{RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12},
			// Each delivery connects anew: its address is checked again, and no attempt is lost to a
			// connection that the other side closed meanwhile.
			DisableKeepAlives:      true,
			DisableCompression:     true, // what is read stays what was sent
			MaxResponseHeaderBytes: headerSize,
		},
		CheckRedirect: onSameHost,
	}}
}

// onSameHost lets a parcel follow a redirect that stays where the operator sent it: another host gets
// neither the words nor the signature. What a redirect would turn into a GET is not followed either, for
// a page that says 200 to a reader is no receipt.
func onSameHost(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer") // the URL may be all the secret there is
	entered := via[0].URL
	switch {
	case len(via) > mostTurns, next.Method != http.MethodPost,
		!strings.EqualFold(next.URL.Host, entered.Host),
		next.URL.Scheme != entered.Scheme && next.URL.Scheme != "https":
		return http.ErrUseLastResponse
	}
	return nil
}

// Deliver hands a parcel over and says what was answered. The error is a *Refused. Unless that is final
// the message may have arrived nevertheless, because an answer can get lost.
func (c *Client) Deliver(ctx context.Context, to Target, p Parcel) (Answer, error) {
	began := c.now()
	answer, refused := c.exchange(ctx, to, p, began)
	answer.Took = c.now().Sub(began)
	if refused != nil {
		return answer, refused
	}
	return answer, nil
}

func (c *Client) exchange(ctx context.Context, to Target, p Parcel, at time.Time) (Answer, *Refused) {
	out, refused := compose(to, p, at)
	if refused != nil {
		return Answer{Code: CodeMessage}, refused
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, out.url, bytes.NewReader(out.body))
	if err != nil {
		return Answer{Code: CodeMessage}, &Refused{Wait: seldom, why: "the endpoint's address cannot be read"}
	}
	req.Header = out.header
	res, err := c.http.Do(req)
	if err != nil {
		return broken(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, mostRead))
	return judge(ctx, to, reply{status: res.StatusCode, header: res.Header, body: body, broken: err}, at)
}
