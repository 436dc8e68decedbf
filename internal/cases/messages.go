package cases

import (
	"context"

	"recourse/models"
)

// Words opens a text of a case, for messages.
func (s *Service) Words(ctx context.Context, row models.Case, ref models.TextRef) (string, error) {
	words, err := s.read(ctx, row)
	if err == nil && words.erased {
		err = models.ErrErased
	}
	return words.words[ref.Ref], err
}

// ContactOf opens how the customer of a case can be reached, as last corrected, for messages.
func (s *Service) ContactOf(ctx context.Context, row models.Case) (models.Contact, error) {
	words, err := s.read(ctx, row)
	if err == nil && words.erased {
		err = models.ErrErased
	}
	if contact := words.contactNow(); contact != nil {
		return *contact, err
	}
	return models.Contact{}, err
}

// SealWords seals what is kept of a message with a data key.
func (s *Service) SealWords(ctx context.Context, keyID, ref, words string) ([]byte, error) {
	key, err := s.Store.Key(ctx, keyID)
	if err != nil {
		return nil, err
	}
	if len(key.Wrapped) == 0 {
		return nil, models.ErrErased
	}
	sealed, _, err := s.Vault.SealText(key.Wrapped, key.ID, ref, words)
	return sealed, err
}
