package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"
)

const (
	headerKey       = "Idempotency-Key"
	headerRequestID = "X-Request-Id"
)

// saneID is a request id that can stand in a log and a header as it is.
var saneID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// begin gives the request its id, the answer its headers, and the log its line.
func (d *door) begin(c *gin.Context) {
	started := d.Now()
	in := &inbound{id: c.GetHeader(headerRequestID), route: contractPath(c.FullPath())}
	if !saneID.MatchString(in.id) {
		in.id = d.NewID()
	}
	in.carry(c.Request.Context(), c)
	secureHeaders(c, in)
	c.Next()

	took := d.Now().Sub(started)
	route := in.route
	if route == "" {
		route = "unmatched" // paths that people try are not ours to keep
	}
	d.Observe(route, c.Request.Method, c.Writer.Status(), took)
	d.Log.LogAttrs(c.Request.Context(), slog.LevelInfo, "request",
		slog.String("request_id", in.id), slog.String("method", c.Request.Method), slog.String("route", route),
		slog.Int("status", c.Writer.Status()), slog.Int("bytes", c.Writer.Size()), slog.Duration("took", took),
		slog.String("actor", in.person.ID))
}

// secureHeaders keeps answers out of frames, caches and other sites' hands.
func secureHeaders(c *gin.Context, in *inbound) {
	c.Header(headerRequestID, in.id)
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	c.Header("Cache-Control", "private, no-cache")
	if forCustomers(in.route) {
		c.Header("Cache-Control", "no-store")
	}
	fileHeaders(c, in.route)
}

// forCustomers says whether the path is a secret.
func forCustomers(route string) bool { return strings.Contains(route, "{token}") }

// contractPath turns gin's way of writing a path into the contract's.
func contractPath(ginPath string) string {
	parts := strings.Split(ginPath, "/")
	for i, p := range parts {
		if name, is := strings.CutPrefix(p, ":"); is {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// recover turns a panic into an internal error; the stack goes to the log.
func (d *door) recover(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler { //nolint:errorlint // a panic's value, not a wrapped error
			panic(cause)
		}
		err := fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		if c.Writer.Written() {
			d.Log.ErrorContext(c.Request.Context(), "panic after the answer had begun", "error", err)
			c.Abort()
			return
		}
		d.refuse(c, err)
	}()
	c.Next()
}

// limitTime gives the request a deadline that everything behind the door can see.
func (d *door) limitTime(c *gin.Context) {
	limit := d.Timeout
	if travels(inboundOf(c.Request.Context()).route) {
		limit = d.TransferTime
		wire := http.NewResponseController(c.Writer)
		_ = wire.SetReadDeadline(d.Now().Add(limit)) // beyond what the server gives to others; where it cannot, that holds
		_ = wire.SetWriteDeadline(d.Now().Add(limit))
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), limit)
	defer cancel()
	inboundOf(ctx).carry(ctx, c)
	c.Next()
}
