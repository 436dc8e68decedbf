package vault

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrMasterExists says that there is a master key already; writing another one over it would lose
// every text sealed so far.
var ErrMasterExists = errors.New("there is a master key already; it is never overwritten")

// ParseMaster reads a master key from one line of hex or base64, as it stands in a file or in the
// environment.
func ParseMaster(line string) ([]byte, error) {
	line = strings.TrimSpace(line)
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if key, err := decode(line); err == nil && len(key) == MasterSize {
			return key, nil
		}
	}
	return nil, fmt.Errorf("master key: want %d bytes in hex or base64 on one line", MasterSize)
}

// ReadMaster reads the master key from a file. A missing file is an error that matches
// fs.ErrNotExist.
func ReadMaster(path string) ([]byte, error) {
	line, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("read master key: %w", err)
	}
	key, err := ParseMaster(string(line))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return key, nil
}

// CreateMaster makes a master key and writes it to a new file that only its owner may read. An
// existing file is ErrMasterExists. The key is on disk when CreateMaster returns: texts sealed with
// a key that a power cut takes away are lost.
func CreateMaster(path string) ([]byte, error) {
	key := random(MasterSize)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("create %s: %w", path, ErrMasterExists)
	}
	if err != nil {
		return nil, fmt.Errorf("create master key: %w", err)
	}
	_, err = fmt.Fprintln(file, hex.EncodeToString(key))
	if err = errors.Join(err, file.Sync(), file.Close(), syncFolder(filepath.Dir(path))); err != nil {
		return nil, fmt.Errorf("create master key: %w", err)
	}
	return key, nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path) //nolint:gosec // of the file that the operator names
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
