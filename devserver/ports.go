package main

import (
	"errors"
	"net"
	"strconv"
	"syscall"
)

const loopback = "127.0.0.1"

// ports says where everything listens; zero means not at all.
type ports struct {
	frontend, http, history, matching, worker int
	ui, metrics                               int

	held []net.Listener
}

// claimPorts finds a port for everything and holds them all, so that a taken one
// is reported before any file is touched and no two free ones are the same. The
// server cannot be handed a listener: release them just before it binds.
func claimPorts(o options) (*ports, error) {
	p := &ports{}
	type claim struct {
		into *int
		flag string
		ip   string
		port int
	}
	claims := []claim{{&p.frontend, "port", o.ip, o.port}}
	if !o.headless {
		claims = append(claims, claim{&p.ui, "ui-port", o.uiIP, o.uiPort})
	}
	if o.metricsPort != unset {
		claims = append(claims, claim{&p.metrics, "metrics-port", o.ip, o.metricsPort})
	}
	claims = append(claims, claim{&p.http, "ip", o.ip, 0})
	for _, inner := range []*int{&p.history, &p.matching, &p.worker} {
		claims = append(claims, claim{inner, "ip", loopback, 0})
	}
	for _, c := range claims {
		listener, err := net.Listen("tcp", net.JoinHostPort(c.ip, strconv.Itoa(c.port)))
		if err != nil {
			p.release()
			return nil, whyNot(c.flag, c.ip, c.port, err)
		}
		p.held = append(p.held, listener)
		*c.into = listener.Addr().(*net.TCPAddr).Port
	}
	return p, nil
}

func (p *ports) release() {
	for _, listener := range p.held {
		_ = listener.Close()
	}
	p.held = nil
}

func whyNot(flag, ip string, port int, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return usagef("--%s %d is taken: another program listens there on %s", flag, port, ip)
	}
	if cause, ok := errors.AsType[syscall.Errno](err); ok {
		err = cause
	}
	return usagef("--%s %d cannot be used on %s: %v", flag, port, ip, err)
}

func address(ip string, port int) string {
	return net.JoinHostPort(ip, strconv.Itoa(port))
}

// reachable is an address a client on this machine can dial: a wildcard is not one.
func reachable(ip string, port int) string {
	if parsed := net.ParseIP(ip); parsed.IsUnspecified() {
		ip = loopback
		if parsed.To4() == nil {
			ip = net.IPv6loopback.String()
		}
	}
	return address(ip, port)
}
