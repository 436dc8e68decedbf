package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"recourse/models"
)

// dataKey is a data key at hand: its id and its wrapped form.
type dataKey struct {
	id      string
	wrapped []byte
}

// customer finds the customer of a complaint by phone, e-mail or external id, or makes a new one. An
// existing customer is never changed: what differs stays with the case. An anonymous complaint has a
// key of its own and no customer.
func (s *Service) customer(ctx context.Context, o *models.Opened, contact models.Contact, now time.Time) (models.Intake, dataKey, error) {
	var in models.Intake
	digests := s.digests(contact)
	if len(digests) > 0 {
		hashes := make([]string, len(digests))
		for i, d := range digests {
			hashes[i] = d.Digest
		}
		found, err := s.Store.CustomerByDigest(ctx, hashes)
		if err == nil {
			key, err := s.Store.Key(ctx, found.KeyID)
			o.CustomerID, o.KeyID = found.ID, found.KeyID
			return in, dataKey{id: key.ID, wrapped: key.Wrapped}, err
		}
		if models.CodeOf(err) != models.CodeNotFound {
			return in, dataKey{}, err
		}
	}
	id, wrapped, err := s.Vault.NewKey()
	if err != nil {
		return in, dataKey{}, fmt.Errorf("make data key: %w", err)
	}
	key := dataKey{id: id, wrapped: wrapped}
	in.Key = &models.Key{ID: id, Wrapped: wrapped, CreatedAt: now}
	o.KeyID = id
	if o.Anonymous {
		return in, key, nil
	}
	in.Customer, err = s.newCustomer(key, *o, contact, now)
	if err != nil {
		return in, key, err
	}
	o.CustomerID = in.Customer.ID
	for i := range digests {
		digests[i].CustomerID = in.Customer.ID
	}
	in.Digests = digests
	return in, key, nil
}

func (s *Service) newCustomer(key dataKey, o models.Opened, contact models.Contact, now time.Time) (*models.Customer, error) {
	id := s.NewID()
	profile, err := json.Marshal(contact)
	if err != nil {
		return nil, fmt.Errorf("write profile: %w", err)
	}
	sealed, _, err := s.Vault.SealText(key.wrapped, key.id, id, string(profile))
	if err != nil {
		return nil, fmt.Errorf("seal profile: %w", err)
	}
	return &models.Customer{ID: id, KeyID: key.id, Language: o.Language, Zone: o.Zone, Profile: sealed, CreatedAt: now}, nil
}

// digests are the ways by which a customer is found again.
func (s *Service) digests(c models.Contact) []models.CustomerDigest {
	var digests []models.CustomerDigest
	for _, way := range []struct{ kind, value string }{
		{"phone", normalPhone(c.Phone)}, {"email", normalEmail(c.Email)}, {"external_id", plain(c.ExternalID)},
	} {
		if way.value != "" {
			digests = append(digests, models.CustomerDigest{Digest: s.Vault.Digest(way.kind, way.value), Kind: way.kind})
		}
	}
	return digests
}

// plain folds full-width and compatibility forms and trims spaces.
func plain(v string) string { return strings.TrimSpace(norm.NFKC.String(v)) }

func normalEmail(v string) string { return strings.ToLower(plain(v)) }

// shortestPhone is how many digits a number needs that tells one customer from another: "110" and
// "000" are what people type to get past a field.
const shortestPhone = 6

// normalPhone keeps the digits: +86 138… and 0086-138… are one number, and so is 138…. It is empty
// for what cannot be one customer's number.
func normalPhone(v string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, plain(v))
	digits = strings.TrimPrefix(digits, "00")
	if len(digits) == 13 && strings.HasPrefix(digits, "861") {
		return digits[2:]
	}
	if len(digits) < shortestPhone || strings.Count(digits, digits[:1]) == len(digits) {
		return ""
	}
	return digits
}
