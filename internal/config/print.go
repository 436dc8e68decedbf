package config

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Print writes the configuration as a YAML file that Load reads again, secrets redacted.
func (c Config) Print(w io.Writer) error {
	var out strings.Builder
	var open []string // the sections that the line before stands in
	for _, f := range fields(&c) {
		path := strings.Split(f.key, ".")
		last := len(path) - 1
		for depth, section := range path[:last] {
			if depth >= len(open) || open[depth] != section {
				fmt.Fprintf(&out, "%s%s:\n", strings.Repeat("  ", depth), section)
				open = append(open[:min(depth, len(open))], section)
			}
		}
		open = open[:last]
		fmt.Fprintf(&out, "%s%s: %s\n", strings.Repeat("  ", last), path[last], f.text())
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// text is the value as it may be shown.
func (f field) text() string {
	switch v := f.value.Interface().(type) {
	case time.Duration:
		return v.String()
	case int:
		return strconv.Itoa(v)
	case Secret:
		return fmt.Sprintf("%q", v.String())
	}
	if f.value.Kind() != reflect.String {
		panic("config: a field of a type that Print does not know: " + f.key)
	}
	return fmt.Sprintf("%q", f.value.String())
}
