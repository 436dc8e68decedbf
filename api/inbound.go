package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"recourse/internal/cases"
	"recourse/models"
)

// inbound is one request as the middlewares understood it.
type inbound struct {
	id      string // of the request
	request *http.Request
	route   string // the contract's path; empty: none
	person  models.Person
	body    [sha256.Size]byte // hash of the raw body, or of the file in it
	upload  cases.Upload      // the file in the body
}

type inboundKey struct{}

// inboundOf returns the request behind a context.
func inboundOf(ctx context.Context) *inbound {
	in, _ := ctx.Value(inboundKey{}).(*inbound)
	return in
}

// enter returns the request's own context and what came with it. Handlers get gin's context, which is
// used again for the next request: whoever keeps it longer than the answer reads somebody else's.
func enter(ctx context.Context) (context.Context, *inbound) {
	if c, is := ctx.(*gin.Context); is {
		ctx = c.Request.Context()
	}
	return ctx, inboundOf(ctx)
}

// carry makes ctx the request's context, with in in it.
func (in *inbound) carry(ctx context.Context, c *gin.Context) {
	in.request = c.Request.WithContext(context.WithValue(ctx, inboundKey{}, in))
	c.Request = in.request
}

func (in *inbound) actor() models.Actor { return in.person.Actor() }

// call says who asks and how to recognise the wish. The route holds the case's number: one key used
// for two cases is two wishes.
func (in *inbound) call() cases.Call {
	return cases.Call{
		Actor: in.actor(),
		Route: in.request.Method + " " + strings.TrimPrefix(in.request.URL.Path, "/api/v1"),
		Key:   in.request.Header.Get(headerKey),
		Body:  in.body[:],
	}
}

// customerCall is call for the holder of a link. All customers are one actor, so the link's hash
// tells their keys apart; the link itself is a secret and goes nowhere. Without a key, the same words
// by the same link are the same wish.
func (in *inbound) customerCall(token string) cases.Call {
	hash := sha256.Sum256([]byte(token))
	call := cases.Call{
		Actor: models.TheCustomer(),
		Route: in.request.Method + " " + strings.Replace(in.route, "{token}", hex.EncodeToString(hash[:]), 1),
		Key:   in.request.Header.Get(headerKey),
		Body:  in.body[:],
	}
	if call.Key == "" {
		derived := sha256.Sum256([]byte(call.Route + "\n" + hex.EncodeToString(in.body[:])))
		call.Key = hex.EncodeToString(derived[:])
	}
	return call
}
