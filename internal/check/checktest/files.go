package checktest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
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

// upload is a file with its key, before it is staged.
type upload struct {
	file models.Attachment
	key  models.Key
}

// photo is a new upload.
func (m *maker) photo() upload {
	keyID, wrapped, err := m.vault.NewKey()
	if err != nil {
		panic(err)
	}
	id, content := "a-"+keyID, []byte("photo "+m.uuid())
	sealed, err := m.vault.SealFile(wrapped, keyID, id, content)
	if err != nil {
		panic(err)
	}
	name, _, err := m.vault.SealText(wrapped, keyID, id, "photo.png")
	if err != nil {
		panic(err)
	}
	return upload{
		file: models.Attachment{
			ID: id, Uploader: uploader, KeyID: keyID, Name: name, Digest: m.vault.DigestFile(content), Blob: shelf.put(sealed),
			Size: int64(len(content)), MediaType: "image/png", StagedAt: Now,
		},
		key: models.Key{ID: keyID, Wrapped: wrapped, CreatedAt: Now},
	}
}

// stage puts the uploads there that a life's events name; those of refused commands never were.
func (m *maker) stage(ctx context.Context, l *life) error {
	for _, e := range l.events {
		for _, ref := range models.FilesOf(e) {
			i := slices.IndexFunc(l.uploads, func(u upload) bool { return u.file.ID == ref.ID })
			if err := m.store.StageFile(ctx, l.uploads[i].file, l.uploads[i].key); err != nil {
				return err
			}
		}
	}
	return nil
}

// uploader is who puts the cases on record, as a principal.
const uploader = "person:ivy"
