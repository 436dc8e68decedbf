// Command notices lists what of other people goes into the program, with its licence: the modules that
// cmd/recourse links, and the packages whose files the console embeds.
package main

//go:generate go run . ../../../THIRD_PARTY_NOTICES

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const head = `Third-party notices

Recourse is built with the work of others. Each part stands under its own licence, whose full text comes
with its source. This file is written by internal/tools/notices ("make generate").

`

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: notices FILE")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

// part is one thing that is not ours.
type part struct{ name, version, licence string }

func write(file string) error {
	modules, err := linked()
	if err != nil {
		return err
	}
	root := filepath.Dir(file)
	lock, err := os.ReadFile(filepath.Join(root, "console", "package-lock.json"))
	if err != nil {
		return err
	}
	embedded, err := locked(lock)
	if err != nil {
		return err
	}
	text := head + table("Go modules linked into the program (Linux, amd64)", modules) + "\n" + table("Packages for the console", embedded)
	return os.WriteFile(file, []byte(text), 0o644)
}

func table(title string, parts []part) string {
	wide := [2]int{}
	for _, p := range parts {
		wide[0], wide[1] = max(wide[0], len(p.name)), max(wide[1], len(p.version))
	}
	var out strings.Builder
	out.WriteString(title + "\n\n")
	for _, p := range parts {
		fmt.Fprintf(&out, "  %-*s  %-*s  %s\n", wide[0], p.name, wide[1], p.version, p.licence)
	}
	return out.String()
}

// linked lists the modules that the program is made of, the same wherever it is asked.
func linked() ([]part, error) {
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "recourse/cmd/recourse")
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list modules: %w", err)
	}
	var parts []part
	for _, line := range slices.Compact(slices.Sorted(strings.Lines(string(out)))) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if len(cells) != 3 {
			continue
		}
		licence, err := licenceIn(cells[0], cells[2])
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{cells[0], cells[1], licence})
	}
	return parts, nil
}

// locked lists the packages of the console's lock, by name.
func locked(lock []byte) ([]part, error) {
	var file struct {
		Packages map[string]struct {
			Version, License string
			Dev              bool
		}
	}
	if err := json.Unmarshal(lock, &file); err != nil {
		return nil, fmt.Errorf("read package-lock.json: %w", err)
	}
	var parts []part
	for _, path := range slices.Sorted(maps.Keys(file.Packages)) {
		name, is := strings.CutPrefix(path, "node_modules/")
		if !is {
			continue
		}
		p := file.Packages[path]
		if p.License == "" {
			return nil, fmt.Errorf("%s: the lock names no licence", name)
		}
		if p.Dev {
			p.License += " (in tests only)"
		}
		parts = append(parts, part{name, p.Version, p.License})
	}
	return parts, nil
}

// elsewhere are licences of modules that carry no file with one.
var elsewhere = map[string]string{
	"github.com/nexus-rpc/nexus-proto-annotations": "not stated", // of generated code alone; its neighbour sdk-go is MIT
}

var (
	licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying)(\.md|\.txt)?$`)
	spaces      = regexp.MustCompile(`\s+`)
)

func licenceIn(module, folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", fmt.Errorf("%s: %w", module, err)
	}
	for _, e := range entries {
		if !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return "", err
		}
		if found := licencesOf(string(text)); found != "" {
			return found, nil
		}
		return "", fmt.Errorf("%s: %s is no licence that is known here", module, e.Name())
	}
	if known, is := elsewhere[module]; is {
		return known, nil
	}
	return "", fmt.Errorf("%s carries no licence", module)
}

// signs are words that stand in one licence and no other.
var signs = []struct{ licence, words string }{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License Version 2.0"},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided"},
	{"BSD-3-Clause", "may be used to endorse or promote products derived from"},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce the above copyright notice"},
}

// licencesOf names the licences whose words a text holds, by SPDX.
func licencesOf(text string) string {
	text = spaces.ReplaceAllString(text, " ")
	var found []string
	for _, s := range signs {
		three := s.licence == "BSD-2-Clause" && slices.Contains(found, "BSD-3-Clause")
		if strings.Contains(text, s.words) && !three {
			found = append(found, s.licence)
		}
	}
	return strings.Join(found, " and ")
}
