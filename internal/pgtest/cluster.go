package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// errPortTaken says that somebody was quicker to take the port we had found free.
var errPortTaken = errors.New("port taken")

// Cluster is one running Postgres server with its data.
type Cluster struct {
	// URL is the maintenance database's, as superuser, over loopback TCP.
	URL string
	// Socket is the folder of the server's unix socket; Port belongs to both.
	Socket string
	Port   int

	dir    string
	keeper *exec.Cmd
	leash  io.WriteCloser // the pipe the keeper waits at
	gone   chan struct{}  // closed when no process of the server is left
	ending sync.Once
	ended  error
}

// Start runs a server on the data in dir, which it makes when there is none yet.
// An empty dir stands for a temporary folder that goes with the server. More
// settings ("shared_buffers=512MB") come after ours. The server ends with Stop,
// with Kill, or with the calling process.
func Start(dir string, more ...string) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	account, err := serverAccount()
	if err != nil {
		return nil, err
	}
	for range 5 {
		var c *Cluster
		if c, err = start(bin, dir, account, more); !errors.Is(err, errPortTaken) {
			return c, err
		}
	}
	return nil, err
}

func start(bin, dir string, account *syscall.Credential, more []string) (*Cluster, error) {
	temp, err := temporaryFolder(account)
	if err != nil {
		return nil, fmt.Errorf("temporary folder: %w", err)
	}
	if dir == "" {
		dir = temp
	}
	c, err := run(bin, dir, temp, account, more)
	if err != nil {
		_ = os.RemoveAll(temp)
		return nil, err
	}
	return c, nil
}

func run(bin, dir, temp string, account *syscall.Credential, more []string) (*Cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	password, err := initialise(bin, dir, account)
	if err != nil {
		return nil, fmt.Errorf("initialise %s: %w", dir, err)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	c := &Cluster{Socket: temp, Port: port, dir: dir, gone: make(chan struct{})}
	c.URL = (&url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword("postgres", password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path:     "/postgres",
		RawQuery: "sslmode=disable",
	}).String()
	if err := c.launch(bin, account, more); err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	return c, c.awaitReady()
}

// awaitReady returns when the server answers, and ends it when it never does.
func (c *Cluster) awaitReady() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute) // recovery after a crash takes its time
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.URL)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.gone:
			return c.fault(errors.New("the server ended while starting"))
		case <-ctx.Done():
			return c.fault(err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// fault tells what the server said about it, and leaves nothing running.
func (c *Cluster) fault(err error) error {
	log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
	_ = c.end("QUIT")
	if strings.Contains(string(log), "Address already in use") {
		return errPortTaken
	}
	return fmt.Errorf("%w\n%s", err, log[max(0, len(log)-2000):])
}

// Stop ends the server in good order: sessions are cut, everything is on disk.
func (c *Cluster) Stop() error {
	return c.end("INT")
}

// Kill ends the server as a crash would, in the middle of whatever it does.
// Start on the same folder recovers it.
func (c *Cluster) Kill() error {
	pid, err := c.pid()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return fmt.Errorf("kill the server: %w", err)
	}
	<-c.gone
	return c.end("KILL")
}

// pid reads the server's process id from the first line of its lock file.
func (c *Cluster) pid() (int, error) {
	lock, err := os.ReadFile(filepath.Join(c.dir, "data", "postmaster.pid"))
	if err != nil {
		return 0, fmt.Errorf("is it running? %w", err)
	}
	line, _, _ := strings.Cut(string(lock), "\n")
	return strconv.Atoi(line)
}

// end tells the keeper how, and waits until nothing of the server is left.
func (c *Cluster) end(signal string) error {
	c.ending.Do(func() {
		_, err := fmt.Fprintln(c.leash, signal)
		c.ended = errors.Join(err, c.leash.Close(), c.keeper.Wait())
		<-c.gone
	})
	return c.ended
}
