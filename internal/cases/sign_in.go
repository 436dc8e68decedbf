package cases

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"recourse/internal/password"
	"recourse/models"
)

// How long somebody stays signed in: at most so long, and so long without doing anything.
const (
	sessionLife = 7 * 24 * time.Hour
	sessionIdle = 12 * time.Hour
)

// Signed is somebody who is signed in, and with which session.
type Signed struct {
	Person  models.Person
	Session string // its id
}

// wrongPassword is all that is told of a sign-in that failed: not whether the name is known.
var wrongPassword = models.Refuse(models.CodeUnauthorized, "name and password do not belong together")

// SignIn lets a person in by name and password and returns the session's secret, which is not kept.
// A name is an id or an e-mail address. CodeUnauthorized when they do not belong together.
func (s *Service) SignIn(ctx context.Context, name, plain, agent string) (secret string, err error) {
	person, kept, err := s.passwordOf(ctx, name)
	if err != nil {
		return "", err
	}
	if !password.Matches(kept.Hash, plain) || person.ID == "" {
		return "", wrongPassword
	}
	if password.Stale(kept.Hash) {
		s.refresh(ctx, kept, plain)
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	secret = base64.RawURLEncoding.EncodeToString(random)
	now := s.now()
	return secret, s.Store.PutSession(ctx, models.Session{
		ID: s.NewID(), PersonID: person.ID, Hash: hashSession(secret), Agent: firstRunes(agent, 200), CreatedAt: now, UsedAt: now, ExpiresAt: now.Add(sessionLife),
	})
}

// passwordOf finds who has a name and what is kept of their password; both empty for whoever cannot
// sign in: nobody, a service, somebody disabled or without a password.
func (s *Service) passwordOf(ctx context.Context, name string) (models.Person, models.Password, error) {
	people, err := s.Store.People(ctx) // a company's people are few
	if err != nil {
		return models.Person{}, models.Password{}, err
	}
	name = strings.TrimSpace(name)
	i := slices.IndexFunc(people, func(p models.Person) bool { return p.ID == name })
	if i < 0 {
		i = slices.IndexFunc(people, func(p models.Person) bool { return p.Email != "" && strings.EqualFold(p.Email, name) })
	}
	if i < 0 || people[i].Service || people[i].DisabledAt != nil {
		return models.Person{}, models.Password{}, nil
	}
	kept, err := s.Store.Password(ctx, people[i].ID)
	if models.CodeOf(err) == models.CodeNotFound {
		return models.Person{}, models.Password{}, nil
	}
	return people[i], kept, err
}

// refresh keeps a password with today's settings. It can wait for the next time.
func (s *Service) refresh(ctx context.Context, kept models.Password, plain string) {
	hash, err := password.Hash(plain)
	if err != nil { // made when shorter ones were taken
		return
	}
	if err := s.Store.RehashPassword(ctx, kept, hash); err != nil {
		s.Logger.WarnContext(ctx, "password not hashed again", "person", kept.PersonID, "error", err)
	}
}

// SignedIn returns who is signed in with a session; CodeUnauthorized for one that does not let in. A
// session lasts while it is used: what a page asks for by itself is no use of it.
func (s *Service) SignedIn(ctx context.Context, secret string, used bool) (Signed, error) {
	now := s.now()
	person, session, err := s.Store.PersonBySession(ctx, hashSession(secret), now, now.Add(-sessionIdle))
	if err != nil {
		return Signed{}, err
	}
	if !used {
		return Signed{person, session.ID}, nil
	}
	if err := s.Store.TouchSession(ctx, session, now); err != nil { // reads must not need writes
		s.Logger.DebugContext(ctx, "last use of a session not noted", "error", err)
	}
	return Signed{person, session.ID}, nil
}

// Sessions lists where somebody is signed in.
func (s *Service) Sessions(ctx context.Context, a models.Actor) ([]models.Session, error) {
	now := s.now()
	return s.Store.Sessions(ctx, a.ID, now, now.Add(-sessionIdle))
}

// EndSession ends a session of one's own.
func (s *Service) EndSession(ctx context.Context, a models.Actor, id string) error {
	return s.Store.EndSession(ctx, a.ID, id, s.now())
}

// ChangePassword changes one's own password and ends one's other sessions.
func (s *Service) ChangePassword(ctx context.Context, in Signed, old, plain string) error {
	kept, err := s.Store.Password(ctx, in.Person.ID)
	if err != nil && models.CodeOf(err) != models.CodeNotFound {
		return err
	}
	if !password.Matches(kept.Hash, old) {
		return models.Invalid("/old", "this is not your password")
	}
	return s.putPassword(ctx, in.Person.ID, plain, in.Session)
}

// SetPassword gives a person a password and ends their sessions; admin only.
func (s *Service) SetPassword(ctx context.Context, a models.Actor, personID, plain string) error {
	if err := adminOnly(a); err != nil {
		return err
	}
	person, err := s.Store.Person(ctx, personID)
	switch {
	case err != nil:
		return err
	case person.Service:
		return models.Invalid("/person", "a service has a token, not a password")
	}
	return s.putPassword(ctx, personID, plain, "")
}

func (s *Service) putPassword(ctx context.Context, personID, plain, butSession string) error {
	hash, err := password.Hash(plain)
	if err != nil {
		return err
	}
	return s.Store.PutPassword(ctx, models.Password{PersonID: personID, Hash: hash, ChangedAt: s.now()}, butSession)
}

// SpeakTo keeps the language in which somebody wishes to be spoken to.
func (s *Service) SpeakTo(ctx context.Context, a models.Actor, lang models.Language) error {
	if !slices.Contains(models.Languages(), lang) {
		return models.Invalid("/language", "we speak zh-CN and en")
	}
	return s.Store.PutLanguage(ctx, a.ID, lang)
}

func hashSession(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// firstRunes cuts words short without cutting a character in two.
func firstRunes(words string, n int) string {
	runes := []rune(strings.ToValidUTF8(strings.ReplaceAll(words, "\x00", ""), ""))
	return string(runes[:min(n, len(runes))])
}
