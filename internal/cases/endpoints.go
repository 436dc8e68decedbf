package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"recourse/internal/endpoints"
	"recourse/models"
)

// Outside hands parcels to endpoints.
type Outside interface {
	Deliver(ctx context.Context, to endpoints.Target, p endpoints.Parcel) (endpoints.Answer, error)
}

// Endpoint is an endpoint as it is shown: its URL and secrets never are, once they were entered.
type Endpoint struct {
	ID            string
	Name          string
	Channel       models.MessageChannel
	Shown         string // host of the URL and its last four characters
	Signed        bool   // there is a secret
	Department    string // empty: the whole company
	Language      models.Language
	Severities    []models.Severity // empty: all
	PerMinute     int               // 0: no limit
	Confidential  bool
	DisabledAt    *time.Time
	CreatedAt     time.Time
	CreatedBy     string
	ChangedAt     time.Time
	PreviousUntil *time.Time       // until when the secret before signs as well; nil: it does not
	Last          *models.Delivery // the latest attempt; nil: none yet
	Replayed      bool             `json:"-"`
}

// EndpointWish is an endpoint as somebody wants it.
type EndpointWish struct {
	Name         string
	Channel      models.MessageChannel // of a change: empty, or what it is
	URL          string                // of a change: empty, and it stays
	Secret       string                // of a change it stays; see RotateSecret
	Department   string
	Language     models.Language // empty: the company's
	Severities   []models.Severity
	PerMinute    *int // nil: 20 for a robot, no limit for others
	Confidential bool
	Disabled     bool
	IfChanged    time.Time // of a change: refuse when it was changed later; zero: never
}

// SecretWish is a new secret, and how long the one before signs as well.
type SecretWish struct {
	Secret string
	Keep   time.Duration // zero: a day
}

// EndpointDelivery is one attempt at an endpoint, with what was to be delivered.
type EndpointDelivery struct {
	models.Delivery

	Number   string // of the case; empty: a ping
	Seq      int64  // of the event
	Template string
	State    models.MessageState // of the message now; empty: a ping
	Replayed bool                `json:"-"`
}

const (
	keepSecret    = 24 * time.Hour     // when nothing is said
	mostKept      = 7 * 24 * time.Hour // for which an old secret signs
	mostPerMinute = 6000
	robotsPace    = 20 // messages a minute that a robot takes
	mostEndpoints = 200
	longestName   = 100 // characters
)

// mayEndpoints says who looks after endpoints.
func mayEndpoints(a models.Actor) error {
	if a.Is(models.RoleAdmin) || a.Is(models.RoleOps) {
		return nil
	}
	return models.Refuse(models.CodeForbidden, "only admin and ops look after endpoints")
}

// Endpoints shows all endpoints, also disabled ones, in the order in which they were made; admin and ops only.
func (s *Service) Endpoints(ctx context.Context, a models.Actor) ([]Endpoint, error) {
	if err := mayEndpoints(a); err != nil {
		return nil, err
	}
	rows, err := s.Store.Endpoints(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Endpoint, len(rows))
	for i, row := range rows {
		if all[i], err = s.shownEndpoint(ctx, row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Endpoint shows one endpoint; CodeNotFound when there is none.
func (s *Service) Endpoint(ctx context.Context, a models.Actor, id string) (Endpoint, error) {
	if err := mayEndpoints(a); err != nil {
		return Endpoint{}, err
	}
	row, err := s.Store.Endpoint(ctx, id)
	if err != nil {
		return Endpoint{}, err
	}
	return s.shownEndpoint(ctx, row)
}

// AddEndpoint makes an endpoint; refused with all its faults.
func (s *Service) AddEndpoint(ctx context.Context, call Call, w EndpointWish) (Endpoint, error) {
	if err := mayEndpoints(call.Actor); err != nil {
		return Endpoint{}, err
	}
	done, replayed, err := once(ctx, s, call, func() (Endpoint, error) { return s.addEndpoint(ctx, call.Actor, w) })
	done.Replayed = replayed
	return done, err
}

func (s *Service) addEndpoint(ctx context.Context, a models.Actor, w EndpointWish) (Endpoint, error) {
	if err := s.checkEndpoint(ctx, w, true); err != nil {
		return Endpoint{}, err
	}
	if all, err := s.Store.Endpoints(ctx); err != nil || len(all) >= mostEndpoints {
		return Endpoint{}, orElse(err, models.Refuse(models.CodeConflict, "there are too many endpoints already"))
	}
	now := s.now()
	keyID, wrapped, err := s.Vault.NewKey()
	if err != nil {
		return Endpoint{}, err
	}
	row := models.Endpoint{ID: s.NewID(), Channel: w.Channel, CreatedAt: now, CreatedBy: a.ID, KeyID: keyID}
	s.apply(&row, w, now)
	key := models.Key{ID: keyID, Wrapped: wrapped, CreatedAt: now}
	if err := s.sealEndpoint(&row, wrapped, models.EndpointAccess{URL: w.URL, Secret: w.Secret}); err != nil {
		return Endpoint{}, err
	}
	if err := s.Store.AddEndpoint(ctx, row, key); err != nil {
		return Endpoint{}, err
	}
	return s.shownEndpoint(ctx, row)
}

// ChangeEndpoint changes an endpoint, its URL too when one is given; its secret is rotated instead.
func (s *Service) ChangeEndpoint(ctx context.Context, a models.Actor, id string, w EndpointWish) (Endpoint, error) {
	if err := mayEndpoints(a); err != nil {
		return Endpoint{}, err
	}
	row, err := s.Store.Endpoint(ctx, id)
	if err != nil {
		return Endpoint{}, err
	}
	if !w.IfChanged.IsZero() && !w.IfChanged.Equal(row.ChangedAt) {
		return Endpoint{}, models.Refuse(models.CodeStale, "the endpoint was changed meanwhile; read it again")
	}
	if w.Channel != "" && w.Channel != row.Channel {
		return Endpoint{}, models.Invalid("/channel", "an endpoint keeps its channel; make another one")
	}
	w.Channel = row.Channel
	if err := s.checkEndpoint(ctx, w, false); err != nil {
		return Endpoint{}, err
	}
	since := row.ChangedAt
	s.apply(&row, w, s.after(since))
	if w.URL != "" {
		access, wrapped, err := s.openEndpoint(ctx, row)
		if err != nil {
			return Endpoint{}, err
		}
		access.URL = w.URL
		if err := s.sealEndpoint(&row, wrapped, access); err != nil {
			return Endpoint{}, err
		}
	}
	if err := s.Store.ChangeEndpoint(ctx, row, since); err != nil {
		return Endpoint{}, err
	}
	return s.shownEndpoint(ctx, row)
}

// RotateSecret gives an endpoint a new secret. For a while the one before signs as well, so that the
// receiver can change over when it suits them.
func (s *Service) RotateSecret(ctx context.Context, call Call, id string, w SecretWish) (Endpoint, error) {
	if err := mayEndpoints(call.Actor); err != nil {
		return Endpoint{}, err
	}
	done, replayed, err := once(ctx, s, call, func() (Endpoint, error) { return s.rotate(ctx, id, w) })
	done.Replayed = replayed
	return done, err
}

func (s *Service) rotate(ctx context.Context, id string, w SecretWish) (Endpoint, error) {
	row, err := s.Store.Endpoint(ctx, id)
	if err != nil {
		return Endpoint{}, err
	}
	if w.Keep < 0 || w.Keep > mostKept {
		return Endpoint{}, models.Invalid("/keep", "the secret before signs for seven days at most")
	}
	if err := endpoints.CheckSecret(row.Channel, w.Secret); err != nil {
		return Endpoint{}, err
	}
	access, wrapped, err := s.openEndpoint(ctx, row)
	if err != nil {
		return Endpoint{}, err
	}
	if access.Secret == w.Secret {
		return Endpoint{}, models.Invalid("/secret", "this is the secret that signs already")
	}
	since := row.ChangedAt
	row.ChangedAt = s.after(since)
	row.PreviousUntil = nil
	access.Previous, access.Secret = access.Secret, w.Secret
	if access.Previous != "" {
		row.PreviousUntil = maybe(row.ChangedAt.Add(orKeep(w.Keep)))
	}
	if err := s.sealEndpoint(&row, wrapped, access); err != nil {
		return Endpoint{}, err
	}
	if err := s.Store.ChangeEndpoint(ctx, row, since); err != nil {
		return Endpoint{}, err
	}
	return s.shownEndpoint(ctx, row)
}

func orKeep(d time.Duration) time.Duration {
	if d == 0 {
		return keepSecret
	}
	return d
}

// after is now, or the next instant that the record can tell from another.
func (s *Service) after(t time.Time) time.Time {
	if now := s.now(); now.After(t) {
		return now
	}
	return t.Add(time.Microsecond)
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// apply puts what was wished into the row; the caller has checked it.
func (s *Service) apply(row *models.Endpoint, w EndpointWish, now time.Time) {
	row.Name, row.Department, row.Severities, row.Confidential = strings.TrimSpace(w.Name), w.Department, w.Severities, w.Confidential
	row.Language, row.ChangedAt = w.Language, now
	if row.Language == "" {
		row.Language = s.Language
	}
	switch {
	case w.PerMinute != nil:
		row.PerMinute = *w.PerMinute
	case row.Channel.Robot():
		row.PerMinute = robotsPace
	default:
		row.PerMinute = 0
	}
	switch {
	case !w.Disabled:
		row.DisabledAt = nil
	case row.DisabledAt == nil:
		row.DisabledAt = &now
	}
}

// EndpointAccess opens how an endpoint is reached: for whoever delivers there, never to be shown.
func (s *Service) EndpointAccess(ctx context.Context, row models.Endpoint) (models.EndpointAccess, error) {
	access, _, err := s.openEndpoint(ctx, row)
	return access, err
}

func (s *Service) openEndpoint(ctx context.Context, row models.Endpoint) (access models.EndpointAccess, wrapped []byte, err error) {
	key, err := s.Store.Key(ctx, row.KeyID)
	if err != nil {
		return access, nil, err
	}
	words, _, err := s.Vault.OpenText(key.Wrapped, row.KeyID, placeOf(row), row.Sealed)
	if err != nil {
		return access, nil, fmt.Errorf("endpoint %s cannot be read: %w", row.ID, err)
	}
	return access, key.Wrapped, json.Unmarshal([]byte(words), &access)
}

func (s *Service) sealEndpoint(row *models.Endpoint, wrapped []byte, access models.EndpointAccess) error {
	words, err := json.Marshal(access) //nolint:gosec // sealed at once
	if err != nil {
		return fmt.Errorf("seal endpoint %s: %w", row.ID, err)
	}
	row.Sealed, _, err = s.Vault.SealText(wrapped, row.KeyID, placeOf(*row), string(words))
	return err
}

// placeOf is where the access of an endpoint lies: what was sealed for one opens nowhere else.
func placeOf(row models.Endpoint) string { return "endpoint " + row.ID }

func (s *Service) shownEndpoint(ctx context.Context, row models.Endpoint) (Endpoint, error) {
	access, _, err := s.openEndpoint(ctx, row)
	if err != nil {
		return Endpoint{}, err
	}
	shown := Endpoint{
		ID: row.ID, Name: row.Name, Channel: row.Channel, Shown: endpoints.Shown(access.URL), Signed: access.Secret != "",
		Department: row.Department, Language: row.Language, Severities: row.Severities, PerMinute: row.PerMinute, Confidential: row.Confidential,
		DisabledAt: row.DisabledAt, CreatedAt: row.CreatedAt, CreatedBy: row.CreatedBy, ChangedAt: row.ChangedAt,
	}
	if row.PreviousUntil != nil && s.now().Before(*row.PreviousUntil) {
		shown.PreviousUntil = row.PreviousUntil
	}
	last, _, err := s.Store.Deliveries(ctx, row.ID, "", 1)
	if len(last) > 0 {
		shown.Last = &last[0]
	}
	return shown, err
}
