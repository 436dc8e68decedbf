package paper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// ErrNone says that no Chromium is on this machine.
var ErrNone = errors.New("no Chromium is on this machine")

// patience is how long a page may take until it is on paper.
const patience = 30 * time.Second

// names are what a Chromium is called, by who packs it.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"}

// Press prints pages, one at a time: a Chromium takes a hundred megabytes.
type Press struct {
	path string
	free chan struct{}
}

// New finds a Chromium, at a path or, where that is empty, by the names it usually has.
func New(path string) *Press {
	p := &Press{path: path, free: make(chan struct{}, 1)}
	for i := 0; p.path == "" && i < len(names); i++ {
		p.path, _ = exec.LookPath(names[i])
	}
	return p
}

// Ready says whether there is a Chromium.
func (p *Press) Ready() bool { return p.path != "" }

// alone keeps a page to itself: no script runs, nothing is fetched.
var alone = []byte(`<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:">`)

// Print makes a PDF of a whole page that needs nothing but itself: scripts do not run, and nothing is fetched.
// Sizes and margins are those of its @page. ErrNone: there is no Chromium.
func (p *Press) Print(ctx context.Context, html []byte) ([]byte, error) {
	if p.path == "" {
		return nil, ErrNone
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case p.free <- struct{}{}:
		defer func() { <-p.free }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the page before: %w", ctx.Err())
	}
	folder, err := os.MkdirTemp("", "recourse-paper-")
	if err != nil {
		return nil, fmt.Errorf("make room for a page: %w", err)
	}
	defer os.RemoveAll(folder)
	from, to := filepath.Join(folder, "page.html"), filepath.Join(folder, "page.pdf")
	if err := os.WriteFile(from, bytes.Replace(html, []byte("<head>"), alone, 1), 0o600); err != nil {
		return nil, fmt.Errorf("lay the page in: %w", err)
	}
	return p.run(ctx, folder, from, to)
}

func (p *Press) run(ctx context.Context, folder, from, to string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, p.path, flags(folder, to, from)...) //nolint:gosec // a path of the operator's, flags of ours
	cmd.Env = append(os.Environ(), "HOME="+folder)                      // it writes nothing elsewhere
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("print a page: %w", ctx.Err())
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, exec.ErrNotFound) {
		return nil, ErrNone // a path that leads nowhere
	}
	if err != nil {
		return nil, fmt.Errorf("print a page: %w: %s", err, tail(said.Bytes()))
	}
	pdf, err := os.ReadFile(to)
	if err != nil {
		return nil, fmt.Errorf("print a page: nothing came out: %s", tail(said.Bytes()))
	}
	return pdf, nil
}

func flags(folder, to, from string) []string {
	all := []string{
		"--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-quic",
		"--host-resolver-rules=MAP * ~NOTFOUND",
		"--user-data-dir=" + filepath.Join(folder, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + to,
	}
	if os.Geteuid() == 0 {
		all = append(all, "--no-sandbox") // its sandbox refuses root; the page is ours, and without scripts
	}
	return append(all, "file://"+from)
}

// tail is the end of what a program said, where the reason stands.
func tail(said []byte) []byte {
	said = bytes.TrimSpace(said)
	return said[max(0, len(said)-300):]
}
