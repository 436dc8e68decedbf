package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	faults, err := check(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "textcheck:", err)
	}
	if err != nil || faults > 0 {
		os.Exit(1)
	}
}

// check reads every file named and says what is wrong with it, once per line.
func check(names io.Reader, out io.Writer) (faults int, err error) {
	scanner := bufio.NewScanner(names)
	scanner.Split(untilNUL)
	for scanner.Scan() {
		name := scanner.Text()
		if recorded(name) {
			continue
		}
		text, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // git still lists what was just deleted
		}
		if err != nil {
			return faults, err
		}
		if binary(text) {
			continue
		}
		for n, line := range bytes.Split(text, []byte("\n")) {
			if what := wrongWith(line, n == 0); what != "" {
				fmt.Fprintf(out, "%s:%d: %s\n", name, n+1, what)
				faults++
			}
		}
	}
	return faults, scanner.Err()
}

// recorded tells what keeps its bytes, whatever they are: tests read bad text too.
func recorded(name string) bool {
	return slices.Contains(strings.Split(filepath.ToSlash(name), "/"), "testdata")
}

// binary decides as git does: by a NUL near the start.
func binary(text []byte) bool {
	return bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0
}

func untilNUL(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
