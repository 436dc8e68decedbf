package cases

import (
	"context"
	"crypto/sha256"
	"time"

	"recourse/models"
)

// How long a token may let in at most.
const tokenLifeAtMost = 366 * 24 * time.Hour

// Tokens lists the tokens of a person or service, newest first; admin only.
func (s *Service) Tokens(ctx context.Context, a models.Actor, person string) ([]models.Token, error) {
	if err := adminOnly(a); err != nil {
		return nil, err
	}
	return s.Store.Tokens(ctx, person)
}

// secretOf derives the secret that a wish brings about. It is kept nowhere, and whoever sends the same
// wish again, by a second click, is told the same one: not another, and not nothing.
func (s *Service) secretOf(call Call, what string) string {
	return s.Vault.LinkToken(what, call.commandID())
}

// NewToken gives a person or service a token and returns its secret, which is not kept; admin only.
func (s *Service) NewToken(ctx context.Context, call Call, person string, life time.Duration) (secret string, err error) {
	if err := adminOnly(call.Actor); err != nil {
		return "", err
	}
	secret = TokenPrefix + s.secretOf(call, "token")
	return secret, s.Once(ctx, call, func() error { return s.putToken(ctx, secret, person, life) })
}

func (s *Service) putToken(ctx context.Context, secret, person string, life time.Duration) error {
	p, err := s.Store.Person(ctx, person)
	switch {
	case err != nil:
		return err
	case p.DisabledAt != nil:
		return models.Invalid("/person", "somebody who is disabled gets no token")
	case life <= 0 || life > tokenLifeAtMost:
		return models.Invalid("/days", "is a number of days from 1 to 366")
	}
	now := s.now()
	return s.Store.PutToken(ctx, models.Token{ID: s.NewID(), PersonID: person, Hash: HashToken(secret), CreatedAt: now, ExpiresAt: now.Add(life)})
}

// RevokeToken ends a token at once; admin only.
func (s *Service) RevokeToken(ctx context.Context, a models.Actor, id string) error {
	if err := adminOnly(a); err != nil {
		return err
	}
	return s.Store.RevokeToken(ctx, id, s.now())
}

// ResetPassword gives a person a password made up here, ends their sessions, and returns it to be told
// them; admin only.
func (s *Service) ResetPassword(ctx context.Context, call Call, person string) (plain string, err error) {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789" // none that is mistaken for another; 32 of them, so that each byte is fair
	sum := sha256.Sum256([]byte(s.secretOf(call, "password")))
	made := sum[:16]
	for i, b := range made {
		made[i] = letters[int(b)%len(letters)]
	}
	plain = string(made[:4]) + "-" + string(made[4:8]) + "-" + string(made[8:12]) + "-" + string(made[12:])
	return plain, s.Once(ctx, call, func() error { return s.SetPassword(ctx, call.Actor, person, plain) })
}
