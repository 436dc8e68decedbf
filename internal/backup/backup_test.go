package backup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/backup"
	"recourse/internal/check"
	"recourse/internal/check/checktest"
	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/models"
)

const cases = 40

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Connections: 4})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func sqlite(t *testing.T) *store.Store {
	t.Helper()
	s := open(t, filepath.Join(t.TempDir(), "recourse.db"))
	require.NoError(t, s.Migrate(t.Context()))
	return s
}

func postgres(t *testing.T) *store.Store {
	t.Helper()
	return open(t, pgtest.Template(t, "backup", func(url string) error {
		s, err := store.Open(context.Background(), url, store.Options{})
		if err != nil {
			return err
		}
		return errors.Join(s.Migrate(context.Background()), s.Close())
	}))
}

func fill(t *testing.T, s *store.Store) *store.Store {
	t.Helper()
	require.NoError(t, checktest.Fill(t.Context(), s, 7, cases))
	return s
}

// passes is the check that a restore ends with.
func passes(s *store.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		r, err := check.Run(ctx, s, nil, check.Config{
			Now: func() time.Time { return checktest.Now.Add(time.Second) }, Plans: checktest.Plans{}, Vault: checktest.Vault(),
			Files: checktest.Files(),
		})
		if err != nil {
			return err
		}
		if r.OK() {
			return nil
		}
		var b strings.Builder
		if err := r.Write(&b); err != nil {
			return err
		}
		return errors.New(b.String())
	}
}

func save(t *testing.T, s *store.Store) backup.Files {
	t.Helper()
	folder := t.TempDir()
	files := backup.Name(filepath.Join(folder, "records"), filepath.Join(folder, "keys"), checktest.Now)
	made, err := backup.Backup(t.Context(), s, files, checktest.Now)
	require.NoError(t, err)
	require.Positive(t, made.RecordLines)
	require.Positive(t, made.KeyLines)
	for _, path := range []string{files.Records, files.Keys} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		beside, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		require.Len(t, beside, 1, "no draft is left")
	}
	return files
}

func everything(t *testing.T, s *store.Store) []string {
	t.Helper()
	var records, keys strings.Builder
	require.NoError(t, s.Dump(t.Context(), &records, &keys))
	return strings.Split(records.String()+keys.String(), "\n")
}

func TestABackupComesBackInEitherDatabaseAndPassesTheCheck(t *testing.T) {
	t.Parallel()
	for _, way := range []struct {
		name     string
		from, to func(*testing.T) *store.Store
	}{
		{"SQLite to SQLite", sqlite, sqlite},
		{"SQLite to Postgres", sqlite, postgres},
		{"Postgres to SQLite", postgres, sqlite},
		{"Postgres to Postgres", postgres, postgres},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			from, to := fill(t, way.from(t)), way.to(t)
			done, err := backup.Restore(t.Context(), to, save(t, from), backup.Options{Check: passes(to)})
			require.NoError(t, err)
			require.Equal(t, checktest.Now, done.CreatedAt)
			require.Greater(t, done.Rows, int64(10*cases))
			require.False(t, done.OtherKeys)
			require.ElementsMatch(t, everything(t, from), everything(t, to))

			last, err := from.NextSequence(t.Context())
			require.NoError(t, err)
			next, err := to.NextSequence(t.Context())
			require.NoError(t, err)
			require.GreaterOrEqual(t, next, last, "numbers go on and are not used again")
		})
	}
}

func TestOnlyAWholeBackupIsPutBackAndOnlyIntoAnEmptyStore(t *testing.T) {
	t.Parallel()
	from, to := fill(t, sqlite(t)), sqlite(t)
	files := save(t, from)
	empty := everything(t, to)
	for _, tt := range []struct {
		name   string
		says   string
		damage func(records, keys string)
	}{
		{"the records are cut short", "too early", func(records, _ string) { truncate(t, records, 0.5) }},
		{"the keys are cut short", "too early", func(_, keys string) { truncate(t, keys, 0.9) }},
		{"a byte on disk is altered", "", func(records, _ string) { flip(t, records) }},
		{"a word is altered, and packed again", "digest", func(records, _ string) {
			repack(t, records, func(b []byte) []byte { return bytes.Replace(b, []byte(`"repairs"`), []byte(`"rePairs"`), 1) })
		}},
		{"a line is taken out, and packed again", "lines", func(records, _ string) {
			repack(t, records, func(b []byte) []byte {
				lines := bytes.SplitAfter(b, []byte("\n"))
				return bytes.Join(append(lines[:5:5], lines[6:]...), nil)
			})
		}},
		{"the tail is missing", "too early", func(records, _ string) {
			repack(t, records, func(b []byte) []byte { return b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1] })
		}},
		{"it is something else", "no backup", func(records, _ string) {
			repack(t, records, func([]byte) []byte { return []byte("{}\n") })
		}},
		{"the files change places", "holds", func(records, keys string) {
			require.NoError(t, os.Rename(records, records+".x"))
			require.NoError(t, os.Rename(keys, records))
			require.NoError(t, os.Rename(records+".x", keys))
		}},
		{"it is of a later program", "newer program", func(records, _ string) {
			repack(t, records, func(b []byte) []byte { return bytes.Replace(b, []byte(`backup":1`), []byte(`backup":2`), 1) })
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			damaged := backup.Files{Records: filepath.Join(t.TempDir(), "r"), Keys: filepath.Join(t.TempDir(), "k")}
			copyFile(t, files.Records, damaged.Records)
			copyFile(t, files.Keys, damaged.Keys)
			tt.damage(damaged.Records, damaged.Keys)
			_, err := backup.Restore(t.Context(), to, damaged, backup.Options{})
			require.ErrorContains(t, err, tt.says)
			require.ErrorContains(t, err, "nothing was written")
			require.Equal(t, empty, everything(t, to))
		})
	}
	_, err := backup.Restore(t.Context(), from, files, backup.Options{})
	require.ErrorContains(t, err, "not empty")
	_, err = backup.Backup(t.Context(), from, files, checktest.Now)
	require.ErrorContains(t, err, "overwrites nothing")
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	files := backup.Name(folder, folder, checktest.Now)
	_, err := backup.Backup(t.Context(), failing{sqlite(t)}, files, checktest.Now)
	require.ErrorContains(t, err, "disk")
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

type failing struct{ *store.Store }

func (failing) Dump(_ context.Context, records, _ io.Writer) error {
	_, _ = io.WriteString(records, "{}\n")
	return errors.New("the disk is full")
}

func TestAnErasedCustomerStaysErasedAfterAnOlderBackupIsRestored(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T) *store.Store{"SQLite": sqlite, "Postgres": postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := fill(t, make(t))
			files := save(t, from)
			journal := backup.OpenJournal(filepath.Join(t.TempDir(), "keys", "erasures.jsonl"))
			row := someone(t, from)
			require.NoError(t, backup.Erase(t.Context(), from, journal, row.CustomerID, checktest.Now))
			require.NoError(t, backup.Erase(t.Context(), from, journal, row.CustomerID, checktest.Now.Add(time.Hour)))
			require.NoError(t, journal.Add("came after the backup", checktest.Now))
			require.NoError(t, passes(from)(t.Context()), "what is left passes the check")

			to := make(t)
			done, err := backup.Restore(t.Context(), to, files, backup.Options{Journal: journal, Check: passes(to)})
			require.NoError(t, err)
			require.Equal(t, []string{row.CustomerID}, done.Erased)
			key, err := to.Key(t.Context(), row.KeyID)
			require.NoError(t, err)
			require.Empty(t, key.Wrapped)
			require.Equal(t, checktest.Now, *key.ErasedAt)
			texts, err := to.Texts(t.Context(), row.ID)
			require.NoError(t, err)
			require.NotEmpty(t, texts)
			for _, text := range texts {
				require.Empty(t, text.Sealed)
			}

			forgetful := make(t)
			_, err = backup.Restore(t.Context(), forgetful, files, backup.Options{})
			require.NoError(t, err)
			key, err = forgetful.Key(t.Context(), row.KeyID)
			require.NoError(t, err)
			require.NotEmpty(t, key.Wrapped, "without the journal they would be back: the journal is what this test proves")
		})
	}
}

func TestMergedCustomersAreErasedFromOlderBackupsToo(t *testing.T) {
	t.Parallel()
	from := fill(t, sqlite(t))
	files := save(t, from) // knows nothing of the merger
	rows, err := from.AllCases(t.Context(), "", cases)
	require.NoError(t, err)
	var two []models.Case
	for _, row := range rows {
		if row.CustomerID != "" && (len(two) == 0 || len(two) == 1 && two[0].CustomerID != row.CustomerID) {
			two = append(two, row)
		}
	}
	act := models.CustomerAct{ID: "a-1", CustomerID: two[0].CustomerID, Into: two[1].CustomerID, Kind: models.ActMerge, Person: "p-1", ActedAt: checktest.Now}
	require.NoError(t, from.MergeCustomers(t.Context(), act))
	journal := backup.OpenJournal(filepath.Join(t.TempDir(), "erasures.jsonl"))
	hold := models.CustomerAct{ID: "a-2", CustomerID: two[0].CustomerID, Kind: models.ActHold, Person: "p-1", ActedAt: checktest.Now}
	require.NoError(t, from.HoldCustomer(t.Context(), hold))
	err = backup.Erase(t.Context(), from, journal, two[0].CustomerID, checktest.Now)
	require.Equal(t, models.CodeConflict, models.CodeOf(err), "%v", err)
	hold.ID, hold.Kind = "a-3", models.ActRelease
	require.NoError(t, from.ReleaseCustomer(t.Context(), hold))
	require.NoError(t, backup.Erase(t.Context(), from, journal, two[0].CustomerID, checktest.Now))

	to := sqlite(t)
	done, err := backup.Restore(t.Context(), to, files, backup.Options{Journal: journal, Check: passes(to)})
	require.NoError(t, err)
	require.ElementsMatch(t, []string{two[0].CustomerID, two[1].CustomerID}, done.Erased)
	for _, row := range two {
		key, err := to.Key(t.Context(), row.KeyID)
		require.NoError(t, err)
		require.Empty(t, key.Wrapped)
	}
}

// someone is a case whose customer is known.
func someone(t *testing.T, s *store.Store) models.Case {
	t.Helper()
	rows, err := s.AllCases(t.Context(), "", cases)
	require.NoError(t, err)
	for _, row := range rows {
		if row.CustomerID != "" {
			return row
		}
	}
	require.Fail(t, "everybody is anonymous")
	return models.Case{}
}

// uploads counts the attachments.
func uploads(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	require.NoError(t, s.AllFiles(t.Context(), func(models.Attachment) error { n++; return nil }))
	return n
}

func TestKeysOfAnOlderBackupAreRefusedUnlessSomebodyInsists(t *testing.T) {
	t.Parallel()
	s := sqlite(t)
	fill(t, s)
	older, before := save(t, s), uploads(t, s)
	require.NoError(t, checktest.Fill(t.Context(), s, 8, 3))
	newer, missing := save(t, s), 3+uploads(t, s)-before // three customers' and each attachment's
	mixed := backup.Files{Records: newer.Records, Keys: older.Keys}
	to := sqlite(t)
	_, err := backup.Restore(t.Context(), to, mixed, backup.Options{})
	require.ErrorContains(t, err, fmt.Sprintf("lacks %d keys", missing))
	done, err := backup.Restore(t.Context(), to, mixed, backup.Options{WithoutKeys: true})
	require.NoError(t, err)
	require.True(t, done.OtherKeys)
	require.Len(t, done.KeysMissing, missing)
	require.Error(t, passes(to)(t.Context()), "the check says that their texts cannot be read")

	_, err = backup.Restore(t.Context(), sqlite(t), backup.Files{Records: older.Records, Keys: newer.Keys}, backup.Options{})
	require.NoError(t, err, "newer keys open older records")
}

func TestTheJournalOutlivesACrashInTheMiddleOfALine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "erasures.jsonl")
	journal := backup.OpenJournal(path)
	require.NoError(t, journal.Add("one", checktest.Now))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = file.WriteString("\n{\"customer\":\"to")
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.NoError(t, journal.Add("two", checktest.Now))
	require.NoError(t, journal.Add("one", checktest.Now.Add(time.Hour)))
	all, err := journal.All()
	require.NoError(t, err)
	require.Equal(t, []backup.Erased{{Customer: "one", At: checktest.Now}, {Customer: "two", At: checktest.Now}}, all)

	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, bytes.Replace(b, []byte(`"customer":"one"`), []byte(`"customer:"one"`), 1), 0o600))
	_, err = journal.All()
	require.ErrorContains(t, err, "line 2 cannot be read", "an altered line is not a torn one")
}

func TestNobodyUnknownIsErased(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "erasures.jsonl")
	err := backup.Erase(t.Context(), sqlite(t), backup.OpenJournal(path), "nobody", checktest.Now)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	require.NoFileExists(t, path)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, b, 0o600))
}

func truncate(t *testing.T, path string, share float64) {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.NoError(t, os.Truncate(path, int64(share*float64(info.Size()))))
}

func flip(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	b[len(b)/2] ^= 0x20
	require.NoError(t, os.WriteFile(path, b, 0o600))
}

func repack(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	in, err := gzip.NewReader(file)
	require.NoError(t, err)
	b, err := io.ReadAll(in)
	require.NoError(t, err)
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	_, err = zip.Write(change(b))
	require.NoError(t, err)
	require.NoError(t, zip.Close())
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
}
