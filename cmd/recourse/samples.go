package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"recourse/internal/cases"
	"recourse/internal/samples"
	"recourse/internal/store"
	"recourse/models"
)

// tokensFile is the private file with a password and a token for each role of the made-up company.
const tokensFile = "sample-people.txt"

// loadSamples fills an empty record with the made-up company and returns where its tokens are. A
// record that people work with already stays as it is.
func (s *stack) loadSamples(ctx context.Context, folder string) (tokens string, err error) {
	if _, err := samples.Load(ctx, s.service, s.store, time.Now().UTC().Truncate(time.Microsecond)); err != nil {
		return "", fmt.Errorf("load the samples: %w", err)
	}
	file := filepath.Join(folder, tokensFile)
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	return file, s.writeTokens(ctx, file)
}

// loadCrowd puts so many generated cases beside the samples, unless they are there, and says how far it
// is: a thousand take some seconds. Stopped on the way, it goes on where it was at the next start.
func (s *stack) loadCrowd(ctx context.Context, out io.Writer, n int) error {
	began := time.Now()
	said := func(loaded int) {
		if loaded%1000 == 0 || loaded == n {
			fmt.Fprintf(out, "generated cases on record: %d of %d, after %s\n", loaded, n, time.Since(began).Round(time.Second))
		}
	}
	err := samples.Crowd(ctx, s.service, s.store, s.together, n, began.UTC().Truncate(time.Microsecond), said)
	if err != nil && ctx.Err() != nil {
		fmt.Fprintln(out, "stopped; what is on record stays, and the same command goes on from there")
		return errFound
	}
	if err != nil {
		return fmt.Errorf("generate cases: %w", err)
	}
	return nil
}

// together does much to the record as one.
func (s *stack) together(ctx context.Context, do func(*cases.Service, samples.Store) error) error {
	return s.store.AsOne(ctx, func(one *store.Store) error { return do(s.service.Over(one), one) })
}

// writeTokens makes one token for the sample person of each role.
func (s *stack) writeTokens(ctx context.Context, file string) error {
	var b strings.Builder
	b.WriteString("# The people of the made-up company. They sign in with person and password; programs use the token.\n" +
		"# Keep this file private.\n# role\tperson\tname\tpassword\ttoken\n")
	for i, person := range samples.PersonPerRole(time.Now()) {
		secret, _, err := newToken(ctx, s.store, person.ID, sampleTokenLife)
		if err != nil {
			return err
		}
		password := randomPassword()
		if err := s.service.SetPassword(ctx, host, person.ID, password); err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\n", models.Roles()[i], person.ID, person.Name, password, secret)
	}
	return os.WriteFile(file, []byte(b.String()), 0o600)
}
