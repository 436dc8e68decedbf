package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const unknownVersion = "unknown"

// stamp is the file beside a database that says which server version wrote it.
// Holding it open and locked also keeps a second server off the same database.
type stamp struct {
	file    *os.File
	version string
}

// openStamp reads the stamp of a database and keeps it for the life of this process.
func openStamp(database string) (*stamp, error) {
	file, err := os.OpenFile(database+".version", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		if cause, ok := errors.AsType[*os.PathError](err); ok {
			err = cause.Err
		}
		return nil, usagef("--db-filename %s cannot be used: %v", database, err)
	}
	if err := lock(file); err != nil {
		_ = file.Close()
		return nil, usagef("--db-filename %s is taken: another server has it open", database)
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file.Name(), err)
	}
	version := strings.TrimSpace(string(text))
	if version == "" {
		version = unknownVersion
	}
	return &stamp{file, version}, nil
}

func (s *stamp) write(version string) error {
	err := s.file.Truncate(0)
	if err == nil {
		_, err = s.file.WriteAt([]byte(version), 0)
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", s.file.Name(), err)
	}
	return nil
}
