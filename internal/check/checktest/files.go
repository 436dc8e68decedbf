package checktest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"recourse/models"
)

// Shelf keeps the sealed attachments of every record that Fill makes in this process.
type Shelf struct{ sealed sync.Map }

var shelf Shelf

// Files is where the bytes lie that Fill made.
func Files() *Shelf { return &shelf }

// Get implements check.Files.
func (s *Shelf) Get(name string) ([]byte, error) {
	sealed, found := s.sealed.Load(name)
	if !found {
		return nil, errors.New("the file is missing")
	}
	return sealed.([]byte), nil //nolint:forcetypeassert // only put stores
}

// Each implements check.Files: what other records of this process have is nobody's business.
func (s *Shelf) Each(func(name string, since time.Time) error) error { return nil }

func (s *Shelf) put(sealed []byte) (name string) {
	sum := sha256.Sum256(sealed)
	name = hex.EncodeToString(sum[:])
	s.sealed.Store(name, sealed)
	return name
}

// upload stages a file for every second case.
func (m *maker) upload(ctx context.Context, i int) ([]models.FileRef, error) {
	if i%2 != 0 {
		return nil, nil
	}
	keyID, wrapped, err := m.vault.NewKey()
	if err != nil {
		return nil, err
	}
	id, content := "a-"+keyID, fmt.Appendf(nil, "photo %d", i)
	sealed, err := m.vault.SealFile(wrapped, keyID, id, content)
	if err != nil {
		return nil, err
	}
	name, _, err := m.vault.SealText(wrapped, keyID, id, "photo.png")
	if err != nil {
		return nil, err
	}
	file := models.Attachment{
		ID: id, Uploader: uploader, KeyID: keyID, Name: name, Digest: m.vault.DigestFile(content), Blob: shelf.put(sealed),
		Size: int64(len(content)), MediaType: "image/png", StagedAt: Now,
	}
	return []models.FileRef{file.Ref()}, m.store.StageFile(ctx, file, models.Key{ID: keyID, Wrapped: wrapped, CreatedAt: Now})
}

// uploader is who puts the cases on record, as a principal.
const uploader = "person:ivy"
