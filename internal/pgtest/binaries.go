package pgtest

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNoBinaries says that this machine has no Postgres server to start.
var ErrNoBinaries = errors.New("no Postgres server binaries; install postgresql")

// usualFolders is where packages put the server binaries, which are seldom on PATH.
var usualFolders = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/local/pgsql/bin",
	"/usr/local/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
	"/opt/homebrew/opt/postgresql*/bin",
}

// binaries returns the folder that holds initdb and postgres.
func binaries() (string, error) {
	for _, folder := range slices.Concat(askPgConfig(), searchUsualFolders(), searchPath()) {
		if executable(filepath.Join(folder, "initdb")) && executable(filepath.Join(folder, "postgres")) {
			return folder, nil
		}
	}
	return "", ErrNoBinaries
}

// askPgConfig may name a folder without a server: the client's package has pg_config too.
func askPgConfig() []string {
	out, err := exec.Command("pg_config", "--bindir").Output()
	if err != nil {
		return nil
	}
	return []string{strings.TrimSpace(string(out))}
}

// searchUsualFolders lists the newest version first.
func searchUsualFolders() []string {
	var all []string
	for _, pattern := range usualFolders {
		found, _ := filepath.Glob(pattern) // fails only on a bad pattern
		slices.SortFunc(found, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
		all = append(all, found...)
	}
	return all
}

// version reads the first number in a path: /usr/lib/postgresql/15/bin is 15.
func version(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(digits[0])
	return n
}

// searchPath follows links: initdb looks for its neighbours beside its real self.
func searchPath() []string {
	found, err := exec.LookPath("initdb")
	if err != nil {
		return nil
	}
	if real, err := filepath.EvalSymlinks(found); err == nil {
		found = real
	}
	return []string{filepath.Dir(found)}
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
