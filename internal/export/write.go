package export

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"recourse/internal/files"
	"recourse/models"
)

// Record is the record as an export reads it.
type Record interface {
	CaseByNumber(ctx context.Context, number string) (models.Case, error)
	Entries(ctx context.Context, caseID string, afterSeq int64, limit int) ([]models.Entry, error)
	Texts(ctx context.Context, caseID string) ([]models.Text, error)
	Attachments(ctx context.Context, caseID string) ([]models.Attachment, error)
	Key(ctx context.Context, id string) (models.Key, error)
}

// Vault opens what is sealed.
type Vault interface {
	OpenText(wrapped []byte, keyID, ref string, sealed []byte) (words, digest string, err error)
	OpenSalted(wrapped []byte, keyID, ref string, sealed []byte) (salt []byte, words string, err error)
	OpenFile(wrapped []byte, keyID, ref string, sealed []byte) ([]byte, error)
	DigestFile(content []byte) string
}

// Files are the sealed bytes of attachments.
type Files interface {
	Get(name string) ([]byte, error)
}

// Source is where a case comes from.
type Source struct {
	Record Record
	Vault  Vault
	Files  Files
}

// Target is a new, empty file.
type Target interface {
	io.Writer
	io.ReaderAt
	io.WriterAt
}

// Write writes a case, all of it, and says what it wrote. What disagrees with its own digest is an
// error: an export never passes on what was altered.
func Write(ctx context.Context, to Target, from Source, number string, now time.Time) (Manifest, error) {
	row, err := from.Record.CaseByNumber(ctx, number)
	if err != nil {
		return Manifest{}, err
	}
	w := &writer{from: from, row: row, zip: zip.NewWriter(to), words: map[string]string{}}
	w.manifest = Manifest{Export: format, Number: row.Number, Case: row.ID, Language: row.Language, ExportedAt: now.UTC()}
	for _, step := range []func(context.Context) error{w.events, w.texts, w.attachments, w.index, w.end} {
		if err := step(ctx); err != nil {
			return Manifest{}, fmt.Errorf("export %s: %w", number, err)
		}
	}
	if err := sign(to); err != nil {
		return Manifest{}, fmt.Errorf("export %s: %w", number, err)
	}
	return w.manifest, nil
}

type writer struct {
	from     Source
	row      models.Case
	zip      *zip.Writer
	manifest Manifest
	told     []models.Event
	words    map[string]string // by reference
}

// part writes one part and notes its hash.
func (w *writer) part(path string, how uint16, content []byte) error {
	out, err := w.zip.CreateHeader(&zip.FileHeader{Name: path, Method: how, Modified: w.manifest.ExportedAt})
	if err != nil {
		return err
	}
	if path != manifestPath {
		w.manifest.Files = append(w.manifest.Files, Part{Path: path, Size: int64(len(content)), SHA256: hashOf(content)})
	}
	_, err = out.Write(content)
	return err
}

const entriesPage = 500

func (w *writer) events(ctx context.Context) error {
	var lines bytes.Buffer
	for after := int64(0); ; {
		page, err := w.from.Record.Entries(ctx, w.row.ID, after, entriesPage)
		if err != nil {
			return err
		}
		for _, e := range page {
			event, err := e.Event()
			if err != nil {
				return fmt.Errorf("event %d: %w", e.Seq, err)
			}
			w.told, after = append(w.told, event), e.Seq
			w.manifest.Events, w.manifest.Head = w.manifest.Events+1, hex.EncodeToString(e.Hash)
			// Not through the encoder: it would write the event's bytes in another form.
			fmt.Fprintf(&lines, `{"hash":%q,"event":%s}`+"\n", w.manifest.Head, e.Body)
		}
		if len(page) < entriesPage {
			return w.part(eventsPath, zip.Deflate, lines.Bytes())
		}
	}
}

func (w *writer) texts(ctx context.Context) error {
	key, err := w.from.Record.Key(ctx, w.row.KeyID)
	if err != nil {
		return err
	}
	if w.manifest.Erased = key.ErasedAt != nil; w.manifest.Erased {
		return w.part(textsPath, zip.Deflate, nil)
	}
	texts, err := w.from.Record.Texts(ctx, w.row.ID)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	for _, t := range texts {
		salt, words, err := w.from.Vault.OpenSalted(key.Wrapped, key.ID, t.Ref, t.Sealed)
		if err == nil && saltedHash(salt, words) != t.Digest {
			err = errAltered
		}
		if err != nil {
			return fmt.Errorf("text %s of event %d: %w", t.Name, t.Seq, err)
		}
		w.words[t.Ref] = words
		line := textLine{Seq: t.Seq, Name: t.Name, Ref: t.Ref, Salt: hex.EncodeToString(salt), Words: words}
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	return w.part(textsPath, zip.Deflate, out.Bytes())
}

var errAltered = errors.New("it is not what the event's digest says")

func (w *writer) attachments(ctx context.Context) error {
	if w.manifest.Erased {
		return nil
	}
	bound, err := w.from.Record.Attachments(ctx, w.row.ID)
	if err != nil {
		return err
	}
	for i, a := range bound {
		if err := w.attachment(ctx, i, a); err != nil {
			return fmt.Errorf("attachment %s of event %d: %w", a.ID, a.Seq, err)
		}
	}
	return nil
}

// attachment writes one file, under a name of ours: what people call their files could mean anything
// to whoever unpacks them.
func (w *writer) attachment(ctx context.Context, i int, a models.Attachment) error {
	key, err := w.from.Record.Key(ctx, a.KeyID)
	if err != nil {
		return err
	}
	name, _, err := w.from.Vault.OpenText(key.Wrapped, key.ID, a.ID, a.Name)
	if err != nil {
		return err
	}
	sealed, err := w.from.Files.Get(a.Blob)
	if err != nil {
		return err
	}
	content, err := w.from.Vault.OpenFile(key.Wrapped, key.ID, a.ID, sealed)
	if err != nil {
		return err
	}
	if w.from.Vault.DigestFile(content) != a.Digest {
		return errAltered
	}
	path := fmt.Sprintf("%s%04d%s", filesFolder, i+1, files.Extension(a.MediaType))
	w.manifest.Attachments = append(w.manifest.Attachments, Attached{
		FileRef: a.Ref(), Seq: a.Seq, Name: name, Path: path, SHA256: hashOf(content),
	})
	return w.part(path, zip.Store, content)
}

func (w *writer) index(context.Context) error {
	page, err := indexPage(w.manifest, w.row.Zone, w.told, w.words)
	if err != nil {
		return err
	}
	return w.part(indexPath, zip.Deflate, page)
}

func (w *writer) end(context.Context) error {
	manifest, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := w.part(manifestPath, zip.Deflate, append(manifest, '\n')); err != nil {
		return err
	}
	if err := w.zip.SetComment(string(bytes.Repeat([]byte{'0'}, signature))); err != nil {
		return err
	}
	return w.zip.Close()
}

// signature is how many characters at the end of the file are the hash of all before them.
const signature = 2 * sha256.Size

// sign puts the hash of the whole file into its comment.
func sign(file Target) error {
	whole := io.NewSectionReader(file, 0, 1<<62)
	size, err := io.Copy(io.Discard, whole)
	if err != nil {
		return err
	}
	sum, err := hashBefore(file, size-signature)
	if err != nil {
		return err
	}
	_, err = file.WriteAt([]byte(sum), size-signature)
	return err
}

func hashBefore(file io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, size)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// saltedHash is the digest that an event keeps of a text.
func saltedHash(salt []byte, words string) string {
	return hashOf(append(bytes.Clone(salt), words...))
}
