package submit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// part is a piece of a template: words, a column, or a stretch that may be left out.
type part struct {
	words    string
	column   string
	optional []part
}

func (p part) columns() []string {
	var all []string
	if p.column != "" {
		all = append(all, p.column)
	}
	for _, o := range p.optional {
		all = append(all, o.columns()...)
	}
	return all
}

// parse reads a template such as "{Type}[ in {Place}]".
func parse(template string) ([]part, error) {
	var parts []part
	for rest := template; rest != ""; {
		i := strings.IndexAny(rest, "{}[]")
		if i < 0 {
			return append(parts, part{words: rest}), nil
		}
		if i > 0 {
			parts = append(parts, part{words: rest[:i]})
		}
		opening, inside := rest[i], ""
		closing := map[byte]string{'{': "}", '[': "]"}[opening]
		if closing == "" {
			return nil, fmt.Errorf("%q closes nothing in %q", opening, template)
		}
		inside, after, closed := strings.Cut(rest[i+1:], closing)
		if !closed || opening == '[' && strings.Contains(inside, "[") {
			return nil, fmt.Errorf("%q is not closed in %q", opening, template)
		}
		rest = after
		if opening == '{' {
			parts = append(parts, part{column: inside})
			continue
		}
		optional, err := parse(inside)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{optional: optional})
	}
	return parts, nil
}

// fill writes a template with the cells of a row; whole says that no cell in it is empty.
func fill(parts []part, cells map[string]string) (written string, whole bool) {
	var out strings.Builder
	whole = true
	for _, p := range parts {
		switch {
		case p.column != "":
			out.WriteString(cells[p.column])
			whole = whole && cells[p.column] != ""
		case p.optional != nil:
			if inside, all := fill(p.optional, cells); all {
				out.WriteString(inside)
			}
		default:
			out.WriteString(p.words)
		}
	}
	return out.String(), whole
}

// complaint makes the body of a request out of a row; the error says what is wrong with the row.
func (m *Mapping) complaint(header, row []string) (map[string]any, error) {
	cells := make(map[string]string, len(header))
	for i, column := range header {
		cells[column] = strings.TrimSpace(row[i])
	}
	for _, column := range slices.Sorted(maps.Keys(m.Dates)) {
		if cells[column] == "" {
			continue
		}
		at, err := time.ParseInLocation(m.Dates[column], cells[column], m.zone)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is not written as %s", column, cells[column], m.Dates[column])
		}
		cells[column] = at.Format(time.RFC3339)
	}
	body := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(m.Fields)) {
		value, err := m.Fields[name].value(cells)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if value == "" {
			continue
		}
		if err := put(body, name, value); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return body, nil
}

func (f Field) value(cells map[string]string) (string, error) {
	read, _ := fill(f.parts, cells)
	read = strings.TrimSpace(read)
	if f.Values == nil {
		return read, nil
	}
	if value, is := f.Values[read]; is {
		return value, nil
	}
	if f.Else == "" && read != "" {
		return "", fmt.Errorf("the mapping has no value for %q", read)
	}
	return f.Else, nil
}

// put writes a field such as contact.phone into the body.
func put(body map[string]any, name, value string) error {
	at := body
	path := strings.Split(name, ".")
	for _, step := range path[:len(path)-1] {
		if at[step] == nil {
			at[step] = map[string]any{}
		}
		at = at[step].(map[string]any) //nolint:forcetypeassert // put a line above
	}
	leaf := path[len(path)-1]
	if !fields[name] {
		at[leaf] = value
		return nil
	}
	switch strings.ToLower(value) {
	case "true", "yes", "y", "1", "是":
		at[leaf] = true
	case "false", "no", "n", "0", "否":
		at[leaf] = false
	default:
		return fmt.Errorf("%q is neither yes nor no", value)
	}
	return nil
}
