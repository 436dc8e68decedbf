package cases

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"recourse/models"
)

// TokenPrefix begins every token, so that leaked ones can be searched for.
const TokenPrefix = "rc_"

// HashToken is what is kept of a token's secret.
func HashToken(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Authenticate returns whose token it is; CodeUnauthorized for any that does not let in.
func (s *Service) Authenticate(ctx context.Context, secret string) (models.Person, error) {
	refused := models.Refuse(models.CodeUnauthorized, "no valid token; send Authorization: Bearer rc_…")
	if !strings.HasPrefix(secret, TokenPrefix) {
		return models.Person{}, refused
	}
	person, token, err := s.Store.PersonByToken(ctx, HashToken(secret), s.now())
	switch code := models.CodeOf(err); {
	case code == models.CodeNotFound || code == models.CodeGone || code == models.CodeUnauthorized:
		return models.Person{}, refused
	case err != nil:
		return models.Person{}, err
	}
	if err := s.Store.TouchToken(ctx, token, s.now()); err != nil { // reads must not need writes
		s.Logger.DebugContext(ctx, "last use of a token not noted", "error", err)
	}
	return person, nil
}

// Health says whether we can work: without the database nothing goes, without Temporal intake does.
func (s *Service) Health(ctx context.Context) Health {
	var h Health
	if err := s.Store.Ping(ctx); err != nil {
		h.Database = "does not answer"
	}
	if err := s.Engine.Reachable(ctx); err != nil {
		h.Temporal = "does not answer"
	}
	if oldest, err := s.Store.OldestStart(ctx); err == nil && oldest != nil {
		h.RelayAge = max(s.now().Sub(*oldest), 0).Truncate(time.Millisecond)
	}
	if s.Endings != nil {
		h.Ending = s.Endings(ctx, s.now())
	}
	h.Ready = h.Database == "" // without Temporal intake goes on: nobody may take us out of service for it
	return h
}
