package cases

import (
	"context"
	"crypto/rand"
	"encoding/base64"
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

// NewToken gives a person or service a token and returns its secret, which is not kept; admin only.
func (s *Service) NewToken(ctx context.Context, a models.Actor, person string, life time.Duration) (secret string, err error) {
	if err := adminOnly(a); err != nil {
		return "", err
	}
	p, err := s.Store.Person(ctx, person)
	switch {
	case err != nil:
		return "", err
	case p.DisabledAt != nil:
		return "", models.Invalid("/person", "somebody who is disabled gets no token")
	case life <= 0 || life > tokenLifeAtMost:
		return "", models.Invalid("/days", "is a number of days from 1 to 366")
	}
	random := make([]byte, 20)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	secret = TokenPrefix + base64.RawURLEncoding.EncodeToString(random)
	now := s.now()
	return secret, s.Store.PutToken(ctx, models.Token{ID: s.NewID(), PersonID: person, Hash: HashToken(secret), CreatedAt: now, ExpiresAt: now.Add(life)})
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
func (s *Service) ResetPassword(ctx context.Context, a models.Actor, person string) (plain string, err error) {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789" // none that is mistaken for another; 32 of them, so that each byte is fair
	random := make([]byte, 16)
	_, _ = rand.Read(random) // as above
	for i, b := range random {
		random[i] = letters[int(b)%len(letters)]
	}
	plain = string(random[:4]) + "-" + string(random[4:8]) + "-" + string(random[8:12]) + "-" + string(random[12:])
	return plain, s.SetPassword(ctx, a, person, plain)
}
