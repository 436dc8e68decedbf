package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"recourse/models"
)

// TLSMode says how mail travels to the server.
type TLSMode string

// The modes.
const (
	TLSNone     TLSMode = "none"
	TLSStartTLS TLSMode = "starttls" // begins in the clear; refused when the server cannot
	TLSFull     TLSMode = "tls"      // from the first byte
)

// MailerOptions say where mail goes and from whom it is.
type MailerOptions struct {
	Address  string // of the server, host:port
	Username string // empty: the server asks for no login
	Password string
	From     string // Care <care@example.com>
	TLS      TLSMode
	RootCAs  *x509.CertPool // nil: the system's
	Timeout  time.Duration  // to connect, and again to hand over; zero: 10 s
}

// Mailer hands mails to an SMTP server. It is safe for use by many goroutines.
type Mailer struct {
	client *mail.Client
	from   *netmail.Address
	domain string
}

// NewMailer makes a mailer. Nothing is sent and nobody asked yet.
func NewMailer(o MailerOptions) (*Mailer, error) {
	host, port, err := net.SplitHostPort(o.Address)
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("mail server: port: %w", err)
	}
	from, err := netmail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("mail sender: %w", err)
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	options := []mail.Option{
		mail.WithPort(number), mail.WithTimeout(o.Timeout),
		mail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12}),
		mail.WithoutNoop(), mail.WithoutRset(), // one mail a connection needs neither
	}
	switch o.TLS {
	case TLSNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case TLSStartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case TLSFull:
		options = append(options, mail.WithSSL())
	default:
		return nil, fmt.Errorf("mail server: there is no TLS mode %q", o.TLS)
	}
	if o.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.Username), mail.WithPassword(o.Password))
	}
	client, err := mail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return &Mailer{client: client, from: from, domain: domain}, nil
}

// Mail is one mail to one address.
type Mail struct {
	ID       string // stable: a second try carries it again, so that the reader's program sees one mail
	To       string
	Subject  string
	Body     string
	Language models.Language
	At       time.Time
}

// Undelivered says why a mail did not arrive, without a word of the server's: servers like to repeat
// the address.
type Undelivered struct {
	Final  bool   // no further try will help
	Status string // such as 550 5.1.1, when the server answered
	during string
}

// Error says it for log and record.
func (u *Undelivered) Error() string {
	if u.Status == "" {
		return "mail: " + u.during
	}
	return fmt.Sprintf("mail: the server answered %s: %s", u.Status, u.during)
}

// Send hands one mail over. An error is an *Undelivered; unless it is final the mail may have
// arrived nevertheless, because an answer can get lost.
func (m *Mailer) Send(ctx context.Context, out Mail) error {
	msg, err := m.compose(out)
	if err != nil {
		return &Undelivered{Final: true, during: "not an address that mail can be sent to"}
	}
	err = m.client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // what fails after the server took the mail is a farewell
		return nil
	}
	return undelivered(err)
}

func (m *Mailer) compose(out Mail) (*mail.Msg, error) {
	to, err := netmail.ParseAddress(out.To)
	if err != nil {
		return nil, err
	}
	encoding := mail.EncodingQP
	if out.Language == models.LanguageZH {
		encoding = mail.EncodingB64 // a third of the length
	}
	msg := mail.NewMsg(mail.WithEncoding(encoding), mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(m.from)
	msg.ToMailAddress(&netmail.Address{Address: to.Address})
	msg.Subject(oneLine(out.Subject))
	msg.SetDateWithValue(out.At)
	msg.SetMessageIDWithValue(out.ID + "@" + m.domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday reply comes back
	msg.SetGenHeader("Content-Language", string(out.Language))
	msg.SetBodyString(mail.TypeTextPlain, out.Body)
	return msg, nil
}

// undelivered keeps of an error what is safe to keep.
func undelivered(err error) *Undelivered {
	sent, is := errors.AsType[*mail.SendError](err)
	if !is {
		return &Undelivered{during: "the server cannot be reached or refuses us"}
	}
	u := &Undelivered{during: during(sent.Reason)}
	if code := sent.ErrorCode(); code != 0 {
		u.Status = strings.TrimSpace(strconv.Itoa(code) + " " + sent.EnhancedStatusCode())
		u.Final = code >= 500 && !ourFault(code)
	}
	return u
}

// ourFault says whether a code complains of our login: the operator mends that, and the mail is good.
func ourFault(code int) bool { return code == 530 || code == 534 || code == 535 || code == 538 }

// stages says what was going on when the server said no or went away.
var stages = map[mail.SendErrReason]string{
	mail.ErrSMTPMailFrom:  "the sender was refused",
	mail.ErrSMTPRcptTo:    "the recipient was refused",
	mail.ErrSMTPData:      "the mail was refused",
	mail.ErrWriteContent:  "the connection broke",
	mail.ErrSMTPDataClose: "the mail was handed over, but not confirmed",
}

func during(r mail.SendErrReason) string {
	if stage, known := stages[r]; known {
		return stage
	}
	return "the conversation failed"
}
