// Command shoot signs in at a running console as a sample person and takes pictures of pages:
//
//	go run ./internal/tools/shoot --people data/sample-people.txt --as supervisor --to /tmp/shots /overview /queue
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"recourse/internal/browser"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "shoot:", err)
		os.Exit(1)
	}
}

// visit is what is looked at, by whom and how.
type visit struct {
	url, people, role, to, language, axe string
	dark, phone, sight, paper            bool
}

func run() error {
	var v visit
	flag.StringVar(&v.url, "url", "http://127.0.0.1:8080", "of the console")
	flag.StringVar(&v.people, "people", "data/sample-people.txt", "the sample people, as recourse dev wrote them")
	flag.StringVar(&v.role, "as", "", "role to sign in as; empty: nobody")
	flag.StringVar(&v.to, "to", ".", "folder for the pictures")
	flag.StringVar(&v.language, "language", "en", "en or zh-CN")
	flag.StringVar(&v.axe, "axe", "", "path of axe.min.js: check the pages, too")
	flag.BoolVar(&v.dark, "dark", false, "the dark theme")
	flag.BoolVar(&v.sight, "sight", false, "only what fits into the window")
	flag.BoolVar(&v.paper, "paper", false, "as it is printed, as PDF")
	flag.BoolVar(&v.phone, "phone", false, "390 pixels wide")
	flag.Parse()
	b, err := browser.Start(context.Background())
	if err != nil {
		return err
	}
	defer b.Stop()
	look := browser.Desk
	if v.phone {
		look = browser.Phone
	}
	look.Dark, look.Language = v.dark, v.language
	w, err := b.Open(look)
	if err != nil {
		return err
	}
	if err := v.signIn(w); err != nil {
		return err
	}
	for _, path := range flag.Args() {
		if err := v.shoot(w, path); err != nil {
			return err
		}
	}
	return nil
}

func (v visit) signIn(w *browser.Window) error {
	if v.role == "" {
		return nil
	}
	name, password, err := v.person()
	if err != nil {
		return err
	}
	if err := w.Go(v.url + "/sign-in"); err != nil {
		return err
	}
	if err := w.Fill("#name", name); err != nil {
		return err
	}
	if err := w.Fill("#password", password); err != nil {
		return err
	}
	if err := w.Send("main form .btn-primary"); err != nil {
		return err
	}
	const speak = `(ask => { ask.open("POST", "/preferences", false); ask.setRequestHeader("Content-Type", "application/x-www-form-urlencoded"); ask.send("language=%s"); return 1 })(new XMLHttpRequest())`
	return w.Ask(fmt.Sprintf(speak, v.language), nil)
}

func (v visit) person() (name, password string, err error) {
	content, err := os.ReadFile(v.people)
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(content)) {
		if cells := strings.Split(strings.TrimSpace(line), "\t"); len(cells) == 5 && cells[0] == v.role {
			return cells[1], cells[3], nil
		}
	}
	return "", "", fmt.Errorf("nobody with the role %s in %s", v.role, v.people)
}

func (v visit) shoot(w *browser.Window, path string) error {
	if err := w.Go(v.url + path); err != nil {
		return err
	}
	take := w.Shot
	if v.sight {
		take = w.Sight
	}
	ending := ".png"
	if v.paper {
		take, ending = w.Paper, ".pdf"
	}
	png, err := take()
	if err != nil {
		return err
	}
	size, theme := "desk", "light"
	if v.phone {
		size = "phone"
	}
	if v.dark {
		theme = "dark"
	}
	name := strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-").Replace(path), "-")
	file := filepath.Join(v.to, strings.Join([]string{name, v.language, theme, size}, "_")+ending)
	if err := os.WriteFile(file, png, 0o600); err != nil {
		return err
	}
	wide, err := w.Overflow()
	if err != nil {
		return err
	}
	fmt.Printf("%s\t%s\t%d px too wide\n", path, file, wide)
	for _, fault := range w.Faults() {
		fmt.Println("   ", fault)
	}
	if v.axe == "" {
		return nil
	}
	found, err := w.Axe(v.axe)
	for _, violation := range found {
		fmt.Println("   ", violation)
	}
	return err
}
