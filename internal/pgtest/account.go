package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// serverAccount returns whom the server runs as. Postgres refuses to run as root,
// so root lends it an account without rights; nil means ourselves.
func serverAccount() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(account.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(account.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("running as root, and neither a postgres nor a nobody account to run the server as")
}

// handOver makes a folder the account's own and sees that it can get there. The
// folder itself stays closed to everybody else: its socket asks for no password.
func handOver(dir string, account *syscall.Credential) error {
	if account == nil {
		return nil
	}
	if err := openTheWay(dir); err != nil {
		return err
	}
	return give(dir, account)
}

func give(path string, account *syscall.Credential) error {
	if account == nil {
		return nil
	}
	return os.Chown(path, int(account.Uid), int(account.Gid))
}

// openTheWay lets other accounts pass through the folders above dir, without
// letting them look around. It does so only below the temporary folder, where
// t.TempDir closes its own; anything else is for its owner to open.
func openTheWay(dir string) error {
	temp := filepath.Clean(os.TempDir()) + string(filepath.Separator)
	for parent := filepath.Dir(dir); parent != filepath.Dir(parent); parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil {
			return err
		}
		if info.Mode()&0o001 != 0 {
			continue
		}
		if !strings.HasPrefix(parent, temp) {
			return fmt.Errorf("the server's account cannot enter %s: choose a folder elsewhere, or start this as another user", parent)
		}
		if err := os.Chmod(parent, info.Mode().Perm()|0o011); err != nil {
			return err
		}
	}
	return nil
}

// temporaryFolder makes a folder with a short name, because the path of a socket
// must fit into a hundred bytes.
func temporaryFolder(account *syscall.Credential) (string, error) {
	dir, err := os.MkdirTemp("", "recourse-pg-")
	if err == nil && len(dir) <= 60 && handOver(dir, account) == nil {
		return dir, nil
	}
	if err == nil {
		_ = os.Remove(dir) // TMPDIR is too long, or closed to the account
	}
	dir, err = os.MkdirTemp("/tmp", "recourse-pg-")
	if err != nil {
		return "", err
	}
	return dir, handOver(dir, account)
}
