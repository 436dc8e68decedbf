package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrMissing says that there are no bytes of that name.
var ErrMissing = errors.New("the file is missing")

// ErrAltered says that the bytes are not those that were kept under that name.
var ErrAltered = errors.New("the file was altered")

// Folder keeps bytes under the hash of themselves.
type Folder struct{ path string }

// In returns the folder at a path; it is made with the first file.
func In(path string) *Folder { return &Folder{path: path} }

// NameOf is the name under which bytes are kept: hex SHA-256.
func NameOf(sealed []byte) string {
	sum := sha256.Sum256(sealed)
	return hex.EncodeToString(sum[:])
}

// Put keeps bytes and returns their name. They are on disk, with their name, when Put returns nil;
// a crash before leaves a draft that nobody takes for a file.
func (f *Folder) Put(sealed []byte) (string, error) {
	name := NameOf(sealed)
	if err := f.put(name, sealed); err != nil {
		return "", fmt.Errorf("keep file %s: %w", name, err)
	}
	return name, nil
}

func (f *Folder) put(name string, sealed []byte) error {
	place := f.place(name)
	shelf := filepath.Dir(place)
	if err := os.MkdirAll(shelf, 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(shelf, draftPrefix+"*") // 0600
	if err != nil {
		return err
	}
	_, err = draft.Write(sealed)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), place)
	}
	if err != nil {
		return errors.Join(err, os.Remove(draft.Name()))
	}
	return errors.Join(syncFolder(shelf), syncFolder(f.path), syncFolder(filepath.Dir(f.path)))
}

// Get returns the bytes kept under a name: ErrMissing, or ErrAltered when they no longer have that
// hash.
func (f *Folder) Get(name string) ([]byte, error) {
	if !valid(name) {
		return nil, fmt.Errorf("file %q: %w", name, ErrMissing)
	}
	sealed, err := os.ReadFile(f.place(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("file %s: %w", name, ErrMissing)
	case err != nil:
		return nil, fmt.Errorf("read file: %w", err)
	case NameOf(sealed) != name:
		return nil, fmt.Errorf("file %s: %w", name, ErrAltered)
	}
	return sealed, nil
}

// Remove takes a file away; one that is not there is no error.
func (f *Folder) Remove(name string) error {
	if !valid(name) {
		return nil
	}
	if err := os.Remove(f.place(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove file: %w", err)
	}
	return nil
}

// Each visits the names of all files, and since when they are there. A folder that was never made is
// empty.
func (f *Folder) Each(visit func(name string, since time.Time) error) error {
	err := filepath.WalkDir(f.path, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // never made, or removed while we looked
		}
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), draftPrefix) {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return visit(entry.Name(), info.ModTime())
	})
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	return nil
}

// Copy puts every file of one folder into another that does not have it yet, and says how many those
// were. A file that was altered is an error: it would be lost for good where it is copied to.
func Copy(from, to *Folder) (copied int, err error) {
	err = from.Each(func(name string, _ time.Time) error {
		if _, err := to.Get(name); err == nil {
			return nil
		}
		sealed, err := from.Get(name)
		if errors.Is(err, ErrMissing) {
			return nil // swept while we looked, or no file of ours
		}
		if err != nil {
			return err
		}
		copied++
		return to.put(name, sealed)
	})
	return copied, err
}

// draftPrefix marks what is still being written.
const draftPrefix = ".draft-"

// place is where a file lies: on one of 256 shelves, so that no folder grows too long.
func (f *Folder) place(name string) string { return filepath.Join(f.path, name[:2], name) }

func valid(name string) bool {
	b, err := hex.DecodeString(name)
	return err == nil && len(b) == sha256.Size
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
