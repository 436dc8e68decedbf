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
	ctx      context.Context //nolint:containedctx // lives as long as the request, and handlers get gin's
	id       string          // of the request
	request  *http.Request
	route    string // the contract's path; empty: none
	person   models.Person
	language models.Language
	body     [sha256.Size]byte // hash of the raw body
}

type inboundKey struct{}

// inboundOf returns the request behind a handler's context.
func inboundOf(ctx context.Context) *inbound {
	in, _ := ctx.Value(inboundKey{}).(*inbound)
	return in
}

// carry makes ctx the request's context, with in in it.
func (in *inbound) carry(c *gin.Context, ctx context.Context) {
	in.ctx = context.WithValue(ctx, inboundKey{}, in)
	c.Request = c.Request.WithContext(in.ctx)
	in.request = c.Request
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
