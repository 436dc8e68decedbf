package e2e_test

import (
	"bytes"
	"io"
	"net"
	netmail "net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// A postOffice is a real SMTP server in this process that keeps what it gets, and that can keep somebody
// waiting: before it takes a mail to an address, or after it took one and before it says so.
type postOffice struct {
	address string

	mu      sync.Mutex
	mails   []mailed
	stall   map[string]when
	knocked map[string]bool // somebody waits there
	free    chan struct{}   // closed: nobody waits any longer
}

type mailed struct{ to, id, raw string }

// when somebody is kept waiting.
type when int

const (
	beforeTaking when = iota + 1
	afterTaking
)

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	p := &postOffice{stall: map[string]when{}, knocked: map[string]bool{}, free: make(chan struct{})}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &counter{office: p}, nil }))
	server.Domain, server.ReadTimeout, server.WriteTimeout = "localhost", time.Minute, time.Minute
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p.address = listener.Addr().String()
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		p.letGo()
		_ = server.Close()
	})
	return p
}

// keepWaiting lets the next mail to an address wait until letGo.
func (p *postOffice) keepWaiting(to string, w when) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stall[to], p.knocked[to] = w, false
}

// waits says whether somebody is kept waiting with a mail to an address.
func (p *postOffice) waits(to string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.knocked[to]
}

// letGo ends all waiting.
func (p *postOffice) letGo() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.free)
	p.free, p.stall = make(chan struct{}), map[string]when{}
}

// got counts how often each mail to an address came, by its Message-ID.
func (p *postOffice) got(to string) map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	ids := map[string]int{}
	for _, m := range p.mails {
		if m.to == to {
			ids[m.id]++
		}
	}
	return ids
}

// last is the mail that came last to an address, as it came.
func (p *postOffice) last(to string) (raw string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.mails {
		if m.to == to {
			raw = m.raw
		}
	}
	return raw
}

// counter is one conversation at the office.
type counter struct {
	office *postOffice
	to     string
}

func (c *counter) Reset()                               {}
func (c *counter) Logout() error                        { return nil }
func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	c.wait(beforeTaking)
	return nil
}

func (c *counter) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	c.office.mu.Lock()
	c.office.mails = append(c.office.mails, mailed{c.to, msg.Header.Get("Message-ID"), string(raw)})
	c.office.mu.Unlock()
	c.wait(afterTaking)
	return nil
}

func (c *counter) wait(w when) {
	c.office.mu.Lock()
	free, stalled := c.office.free, c.office.stall[c.to] == w
	if stalled {
		c.office.knocked[c.to] = true
	}
	c.office.mu.Unlock()
	if stalled {
		<-free
	}
}
