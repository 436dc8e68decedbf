package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"recourse/models"
)

// seal makes rows of texts, sealed with a key and staged under a command, and the references by which
// an event names them. Empty texts are none.
func (s *Service) seal(key dataKey, caseID, command string, words map[string]string, now time.Time) ([]models.Text, []models.TextRef, error) {
	var (
		texts []models.Text
		refs  []models.TextRef
	)
	for _, name := range slices.Sorted(maps.Keys(words)) {
		if words[name] == "" {
			continue
		}
		ref := s.NewID()
		sealed, digest, err := s.Vault.SealText(key.wrapped, key.id, ref, words[name])
		if err != nil {
			return nil, nil, fmt.Errorf("seal %s: %w", name, err)
		}
		texts = append(texts, models.Text{
			Ref: ref, CaseID: caseID, KeyID: key.id, Command: command, Name: name, Sealed: sealed, Digest: digest, StagedAt: now,
			Terms: s.terms(name, words[name]),
		})
		refs = append(refs, models.TextRef{Name: name, Ref: ref, Digest: digest})
	}
	return texts, refs, nil
}

// opened are the words of a case that could be read: by reference.
type opened struct {
	words       map[string]string
	erased      bool
	contactText models.Text // the latest, by which the customer is reached now; none: without a Ref
}

// read opens all texts of a case. After an erasure nothing can be read, and that is no error.
func (s *Service) read(ctx context.Context, c models.Case) (opened, error) {
	o := opened{words: map[string]string{}}
	key, err := s.Store.Key(ctx, c.KeyID)
	if err != nil {
		return o, err
	}
	if len(key.Wrapped) == 0 {
		o.erased = true
		return o, nil
	}
	texts, err := s.Store.Texts(ctx, c.ID)
	if err != nil {
		return o, err
	}
	for _, t := range texts {
		words, digest, err := s.Vault.OpenText(key.Wrapped, key.ID, t.Ref, t.Sealed)
		if err != nil || digest != t.Digest {
			return o, fmt.Errorf("text %s of case %s cannot be read: %w", t.Ref, c.Number, err)
		}
		o.words[t.Ref] = words
		if t.Name == models.TextContact {
			o.contactText = t // they come in the order of the events
		}
	}
	return o, nil
}

// of returns the words that an event calls by a name.
func (o opened) of(e models.Event, name string) string {
	t, _ := e.Text(name)
	return o.words[t.Ref]
}

// contact reads contact data; nil when there is none or it cannot be read.
func (o opened) contact(e models.Event) *models.Contact {
	return contactIn(o.of(e, models.TextContact))
}

// contactIn reads contact data; nil when there is none or it cannot be read.
func contactIn(words string) *models.Contact {
	if words == "" {
		return nil
	}
	var c models.Contact
	if json.Unmarshal([]byte(words), &c) != nil {
		return nil
	}
	return &c
}

func (o opened) particulars(e models.Event) models.Particulars {
	var p models.Particulars
	if words := o.of(e, models.TextDetails); words != "" {
		_ = json.Unmarshal([]byte(words), &p) // written by us; unreadable means none
	}
	return p
}
