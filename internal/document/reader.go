package document

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Reader reads one document and collects what is wrong with it. A value is read together with its path,
// a JSON pointer by which faults are told.
type Reader struct {
	What   string // that is read, as faults call it: policy
	Most   int    // bytes of it
	Lines  Lines
	Faults []Fault
}

// Lines are the lines of a document, by path.
type Lines map[string]int

// Of is the line where a path stands, or what it is part of.
func (l Lines) Of(at string) int {
	for {
		if line, known := l[at]; known || at == "" {
			return line
		}
		at = at[:strings.LastIndexByte(at, '/')]
	}
}

// Fields are the readers of what a mapping may hold, by name.
type Fields map[string]func(n *yaml.Node, at string)

// Fault adds a fault at a path.
func (r *Reader) Fault(at, says string, args ...any) {
	r.Faults = append(r.Faults, Fault{Path: at, Line: r.Lines.Of(at), Says: fmt.Sprintf(says, args...)})
}

// Warn adds a warning at a path.
func (r *Reader) Warn(at, says string, args ...any) {
	r.Faults = append(r.Faults, Fault{Path: at, Line: r.Lines.Of(at), Warning: true, Says: fmt.Sprintf(says, args...)})
}

// Root parses the text; nil when it is no document, which is a single fault.
func (r *Reader) Root(text []byte) *yaml.Node {
	r.Lines = Lines{}
	if len(text) > r.Most {
		r.Fault("", "a %s has at most %d bytes", r.What, r.Most)
		return nil
	}
	var doc, more yaml.Node
	in := yaml.NewDecoder(strings.NewReader(string(text)))
	if err := in.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		r.Fault("", "this is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	if err := in.Decode(&more); !errors.Is(err, io.EOF) {
		r.Fault("", "there is something behind the end of the %s", r.What)
		return nil
	}
	return doc.Content[0]
}

// Mapping reads a mapping: each field once, none that nobody knows, and all that are required.
func (r *Reader) Mapping(n *yaml.Node, at string, known Fields, required ...string) {
	names := strings.Join(slices.Sorted(maps.Keys(known)), ", ")
	seen := r.Pairs(n, at, func(name string, value *yaml.Node, at string) {
		read, is := known[name]
		if !is {
			r.Fault(at, "nobody knows %q here; known are %s", name, names)
			return
		}
		read(value, at)
	})
	for _, name := range required {
		if seen != nil && !seen[name] {
			r.Fault(at+"/"+name, "it is missing")
		}
	}
}

// Pairs walks a mapping in the order in which it is written, and returns the names in it; nil when it is none.
func (r *Reader) Pairs(n *yaml.Node, at string, each func(name string, value *yaml.Node, at string)) map[string]bool {
	if n.Kind != yaml.MappingNode {
		r.Fault(at, "fields with values are wanted here")
		return nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		path := at + "/" + Pointer(key.Value)
		r.Lines[path] = key.Line
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge":
			r.Fault(path, "write every field out, by its name")
		case seen[key.Value]:
			r.Fault(path, "%q stands here twice", key.Value)
		case value.Kind == yaml.AliasNode:
			r.alias(path)
		default:
			seen[key.Value] = true
			each(key.Value, value, path)
		}
	}
	return seen
}

func (r *Reader) alias(at string) {
	r.Fault(at, "write the value out; the %s is read by people", r.What)
}

// Pointer is a name as a part of a JSON pointer.
func Pointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// List walks a list of at most so many items.
func (r *Reader) List(n *yaml.Node, at string, most int, each func(n *yaml.Node, at string)) {
	switch {
	case n.Kind != yaml.SequenceNode:
		r.Fault(at, "a list is wanted here")
	case len(n.Content) > most:
		r.Fault(at, "at most %d are possible", most)
	default:
		for i, item := range n.Content {
			path := at + "/" + strconv.Itoa(i)
			r.Lines[path] = item.Line
			if item.Kind == yaml.AliasNode {
				r.alias(path)
				continue
			}
			each(item, path)
		}
	}
}

// Text reads a single value.
func (r *Reader) Text(n *yaml.Node, at string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.Fault(at, "a single value is wanted here")
		return "", false
	}
	return strings.TrimSpace(n.Value), true
}

// Number reads a whole number between two others.
func (r *Reader) Number(n *yaml.Node, at string, from, to int64) int64 {
	text, is := r.Text(n, at)
	if !is {
		return 0
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < from || value > to {
		r.Fault(at, "%q is not a whole number from %d to %d", text, from, to)
	}
	return value
}

// OneOf reads one of the values of a kind.
func OneOf[T ~string](r *Reader, n *yaml.Node, at string, values []T) T {
	text, is := r.Text(n, at)
	if is && !slices.Contains(values, T(text)) {
		r.Fault(at, "%q is none of %v", text, values)
	}
	return T(text)
}
