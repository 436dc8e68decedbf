package notify_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"net"
	netmail "net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"recourse/internal/notify"
)

// postOffice is a real SMTP server in this process that keeps what it gets. Its answers can be set.
type postOffice struct {
	address string
	roots   *x509.CertPool // with which its certificate holds

	mu      sync.Mutex
	mails   []letter
	onRcpt  func(to string) error
	onData  func() error
	cut     bool // the connection, after a mail was taken and before that was answered
	logins  []string
	secured int // mails that came over TLS
}

type letter struct {
	to, id, subject, body string
	raw                   string // as it came
	header                netmail.Header
}

// openPostOffice starts a server; the changes happen before it listens.
func openPostOffice(t *testing.T, changes ...func(*postOffice, *smtp.Server)) *postOffice {
	t.Helper()
	p := &postOffice{}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &counter{office: p, conn: c}, nil }))
	server.Domain, server.ErrorLog = "localhost", quiet{}
	server.ReadTimeout, server.WriteTimeout = 5*time.Second, 5*time.Second
	for _, change := range changes {
		change(p, server)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p.address = listener.Addr().String()
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return p
}

func withTLS(t *testing.T) func(*postOffice, *smtp.Server) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	return func(p *postOffice, s *smtp.Server) {
		p.roots = x509.NewCertPool()
		p.roots.AddCert(parsed)
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	}
}

// got returns what came so far.
func (p *postOffice) got() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]letter(nil), p.mails...)
}

func (p *postOffice) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// mailer hands mails to this office.
func (p *postOffice) mailer(t *testing.T, changes ...func(*notify.MailerOptions)) *notify.Mailer {
	t.Helper()
	o := notify.MailerOptions{
		Address: p.address, From: "客户服务中心 <care@example.com>", TLS: notify.TLSNone, RootCAs: p.roots, Timeout: 3 * time.Second,
	}
	for _, change := range changes {
		change(&o)
	}
	m, err := notify.NewMailer(o)
	require.NoError(t, err)
	return m
}

// counter is one conversation at the office.
type counter struct {
	office *postOffice
	conn   *smtp.Conn
	to     string
}

func (c *counter) Reset()                                {}
func (c *counter) Logout() error                         { return nil }
func (c *counter) Mail(string, *smtp.MailOptions) error  { return nil }
func (c *counter) AuthMechanisms() []string              { return []string{sasl.Plain} }
func (c *counter) Auth(mech string) (sasl.Server, error) { return c.plain(mech) }

func (c *counter) plain(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		c.office.mu.Lock()
		defer c.office.mu.Unlock()
		c.office.logins = append(c.office.logins, username)
		if password != "right" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.to = to
	if c.office.onRcpt != nil {
		return c.office.onRcpt(to)
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	if c.office.onData != nil {
		if err := c.office.onData(); err != nil {
			return err
		}
	}
	read, err := read(raw)
	if err != nil {
		return err
	}
	read.to, read.raw = c.to, string(raw)
	c.office.mails = append(c.office.mails, read)
	if _, is := c.conn.TLSConnectionState(); is {
		c.office.secured++
	}
	if c.office.cut {
		_ = c.conn.Conn().Close()
		return errors.New("the connection is cut")
	}
	return nil
}

func read(raw []byte) (letter, error) {
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return letter{}, err
	}
	body, err := decoded(msg)
	if err != nil {
		return letter{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	return letter{id: msg.Header.Get("Message-ID"), subject: subject, body: body, header: msg.Header}, err
}

// quiet is a log for what tests provoke.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}
