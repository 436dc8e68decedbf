package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"recourse/models"
	"recourse/workflows/contract"
)

// entriesPage is how many entries are read at a time.
const entriesPage = 500

// sealed is the document of a sealed record: every entry with its hash. Texts stand in it by digest,
// so that erasing a customer leaves the seal whole.
type sealed struct {
	Case    string        `json:"case"`
	Number  string        `json:"number"`
	Entries []sealedEntry `json:"entries"`
}

type sealedEntry struct {
	Seq   int64           `json:"seq"`
	Event json.RawMessage `json:"event"`
	Hash  string          `json:"hash"`
}

// Archive seals the whole record of a case: one document, hashed. Sealing it again gives the same.
func (a *Activities) Archive(ctx context.Context, in contract.ArchiveInput) error {
	row, err := a.Store.Case(ctx, in.CaseID)
	if err != nil {
		return err
	}
	if row.State != models.StateArchived {
		return fmt.Errorf("seal %s: the record says %s, not archived", row.Number, row.State)
	}
	doc := sealed{Case: row.ID, Number: row.Number}
	archive := models.Archive{CaseID: row.ID, SealedAt: a.now()}
	for after := int64(0); ; {
		page, err := a.Store.Entries(ctx, row.ID, after, entriesPage)
		if err != nil {
			return fmt.Errorf("seal %s: %w", row.Number, err)
		}
		for _, e := range page {
			doc.Entries = append(doc.Entries, sealedEntry{Seq: e.Seq, Event: e.Body, Hash: hex.EncodeToString(e.Hash)})
			archive.Seq, archive.Head, after = e.Seq, e.Hash, e.Seq
		}
		if len(page) < entriesPage {
			break
		}
	}
	if archive.Document, err = models.Canonical(doc); err != nil {
		return fmt.Errorf("seal %s: %w", row.Number, err)
	}
	digest := sha256.Sum256(archive.Document)
	archive.Digest = digest[:]
	return a.Store.PutArchive(ctx, archive)
}
