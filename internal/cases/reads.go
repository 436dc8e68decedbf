package cases

import (
	"context"
	"fmt"
	"slices"

	"recourse/models"
)

// ReadView is one time that somebody was shown contact data, with the reason they gave.
type ReadView struct {
	models.ContactRead
	Reason string // of an unmasking; empty once the customer was erased
}

// readOf notes that the actor is shown the contact data of a case. What cannot be noted is not shown.
func (s *Service) readOf(ctx context.Context, a models.Actor, c models.Case, place models.ReadPlace) error {
	return s.Store.PutContactRead(ctx, models.ContactRead{
		ID: s.NewID(), CaseID: c.ID, CustomerID: c.CustomerID, Person: a.ID, ReadAt: s.now(), Place: place,
	})
}

// contactFor is contact data as the actor may see it in a case: noted when it is in full.
func (s *Service) contactFor(ctx context.Context, a models.Actor, c models.Case, contact *models.Contact, place models.ReadPlace) (*models.Contact, error) {
	if contact == nil {
		return nil, nil //nolint:nilnil // no contact data is what there is
	}
	switch models.Sees(a, c) {
	case models.SightFull:
		return contact, s.readOf(ctx, a, c, place)
	case models.SightMasked:
		return masked(contact), nil
	case models.SightNone, models.SightNoTexts:
	}
	return nil, nil //nolint:nilnil // nothing to see
}

// Unmask shows the contact data of a case to somebody who sees it masked, for a reason that is kept.
// What is confidential stays masked. A repeated wish is another read.
func (s *Service) Unmask(ctx context.Context, a models.Actor, number, reason string) (models.Contact, error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return models.Contact{}, err
	}
	sight := models.Sees(a, row)
	if sight < models.SightMasked || row.Confidential && sight < models.SightFull {
		return models.Contact{}, models.Refuse(models.CodeForbidden, "the contact data of this case is not for you")
	}
	words, err := s.read(ctx, row)
	if err != nil {
		return models.Contact{}, err
	}
	contact := words.contactNow()
	if contact == nil {
		return models.Contact{}, models.Refuse(models.CodeNotFound, "there is no contact data on this case")
	}
	read := models.ContactRead{
		ID: s.NewID(), CaseID: row.ID, CustomerID: row.CustomerID, Person: a.ID, ReadAt: s.now(), Place: models.ReadUnmask,
	}
	if read.KeyID, read.Reason, err = s.sealReason(ctx, row.KeyID, read.ID, reason); err != nil {
		return models.Contact{}, err
	}
	return *contact, s.Store.PutContactRead(ctx, read)
}

// sealReason seals why somebody did something, for the row of that id.
func (s *Service) sealReason(ctx context.Context, keyID, id, reason string) (string, []byte, error) {
	key, err := s.Store.Key(ctx, keyID)
	if err != nil {
		return "", nil, err
	}
	if len(key.Wrapped) == 0 {
		return "", nil, models.ErrErased
	}
	sealed, _, err := s.Vault.SealText(key.Wrapped, key.ID, id, reason)
	if err != nil {
		return "", nil, fmt.Errorf("seal reason: %w", err)
	}
	return key.ID, sealed, nil
}

// reason opens what sealReason sealed; empty when there is none or no more.
func (s *Service) reason(keys map[string][]byte, keyID, id string, sealed []byte) (string, error) {
	if len(sealed) == 0 || len(keys[keyID]) == 0 {
		return "", nil
	}
	words, _, err := s.Vault.OpenText(keys[keyID], keyID, id, sealed)
	return words, err
}

// Reads shows who read the contact data of a case, latest first: to those who watch over it.
func (s *Service) Reads(ctx context.Context, a models.Actor, number, cursor string, limit int) (Page[ReadView], error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return Page[ReadView]{}, err
	}
	if err := only(a, "who reads contact data is shown to auditors and supervisors", models.RoleAuditor, models.RoleSupervisor); err != nil {
		return Page[ReadView]{}, err
	}
	rows, next, err := s.Store.ContactReads(ctx, row, cursor, limit)
	if err != nil {
		return Page[ReadView]{}, err
	}
	var ids []string
	for _, r := range rows {
		if r.KeyID != "" {
			ids = append(ids, r.KeyID)
		}
	}
	keys, err := s.keys(ctx, ids)
	if err != nil {
		return Page[ReadView]{}, err
	}
	page := Page[ReadView]{Next: next}
	for _, r := range rows {
		why, err := s.reason(keys, r.KeyID, r.ID, r.Reason)
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, ReadView{ContactRead: r, Reason: why})
	}
	return page, nil
}

// only refuses who has none of the roles, in these words.
func only(a models.Actor, otherwise string, roles ...models.Role) error {
	if slices.ContainsFunc(roles, a.Is) {
		return nil
	}
	return models.Refuse(models.CodeForbidden, otherwise)
}
