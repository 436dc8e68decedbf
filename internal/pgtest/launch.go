package pgtest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// settings make a small server that still promises what production promises:
// fsync and synchronous commits stay on.
var settings = []string{
	"fsync=on",
	"listen_addresses=127.0.0.1",
	"max_connections=300",
	"shared_buffers=128MB",
	"dynamic_shared_memory_type=mmap", // in the data folder: nothing is left in /dev/shm
	"timezone=UTC",
	"log_timezone=UTC",
	"log_checkpoints=off",
}

// keeperScript is the shell that stands between us and the server. It waits at its
// standard input, a pipe that the kernel closes when we end, in whatever way;
// then it ends the server and removes the temporary folder. Descriptor 3 is
// inherited by every process of the server and by nobody else, so its other end
// tells when the last one has gone.
const keeperScript = `
remove=$1; shift
"$@" &
server=$!
exec 3>&-
read -r how
kill -"${how:-QUIT}" "$server" 2>/dev/null
wait "$server"
rm -rf "$remove"
`

// initialise makes the data folder, once, and returns the superuser's password.
func initialise(bin, dir string, account *syscall.Credential) (string, error) {
	passwordFile := filepath.Join(dir, "password")
	if _, err := os.Stat(filepath.Join(dir, "data", "PG_VERSION")); err == nil {
		password, err := os.ReadFile(passwordFile)
		return string(password), err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	password := rand.Text()
	if err := os.WriteFile(passwordFile, []byte(password), 0o600); err != nil {
		return "", err
	}
	if err := errors.Join(handOver(dir, account), give(passwordFile, account)); err != nil {
		return "", err
	}
	// The socket's folder is closed to strangers, the port is not.
	initdb := command(account, dir, filepath.Join(bin, "initdb"), "--pgdata=data", "--username=postgres",
		"--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=scram-sha-256",
		"--pwfile="+passwordFile, "--no-sync", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return password, nil
}

// launch starts keeper and server, and does not wait for either.
func (c *Cluster) launch(bin string, account *syscall.Credential, more []string) error {
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	alive, held, err := os.Pipe()
	if err != nil {
		return err
	}
	defer held.Close()

	args := []string{"-c", keeperScript, "keeper", c.Socket, filepath.Join(bin, "postgres"), "-D", filepath.Join(c.dir, "data")}
	for _, setting := range slices.Concat(settings, more) {
		args = append(args, "-c", setting)
	}
	args = append(args, "-c", "port="+strconv.Itoa(c.Port), "-c", "unix_socket_directories="+c.Socket)

	c.keeper = command(account, c.dir, "/bin/sh", args...)
	c.keeper.SysProcAttr.Setsid = true // Ctrl-C is for us; we tell the keeper
	c.keeper.Stdout, c.keeper.Stderr = log, log
	c.keeper.ExtraFiles = []*os.File{held}
	if c.leash, err = c.keeper.StdinPipe(); err != nil {
		return err
	}
	if err := c.keeper.Start(); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, alive)
		_ = alive.Close()
		close(c.gone)
	}()
	return nil
}

// command runs as account, at home in dir, and free of PGDATA, PGPORT and the like.
func command(account *syscall.Credential, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: account}
	return cmd
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
