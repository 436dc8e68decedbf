package policy

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxDocument bounds a policy document, in bytes.
const maxDocument = 256 << 10

// Read reads a policy as people write it, in YAML or JSON, and says everything that is wrong with it by
// itself. With a grave fault it must not be put in force. The company's zone is that of calendars which
// name none, and of the instants of examples.
func Read(document []byte, company *time.Location) (Policy, []Fault) {
	r := reader{company: company}
	p := r.parse(document)
	if !Grave(r.faults) {
		r.contradictions(p)
	}
	slices.SortStableFunc(r.faults, func(a, b Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Path, b.Path)) })
	return p, r.faults
}

// Reread reads a policy that was sound when it was put in force. What counts as a contradiction may
// have changed since; the cases that run under it go on.
func Reread(document []byte, company *time.Location) (Policy, []Fault) {
	r := reader{company: company}
	return r.parse(document), r.faults
}

// reader reads a document and collects what is wrong with it.
type reader struct {
	company *time.Location
	lines   map[string]int // of the document, by path
	faults  []Fault
}

func (r *reader) fault(at, says string, args ...any) {
	r.faults = append(r.faults, Fault{Path: at, Line: r.line(at), Says: fmt.Sprintf(says, args...)})
}

// line is where a path stands, or what it is part of.
func (r *reader) line(at string) int { return lineOf(r.lines, at) }

func lineOf(lines map[string]int, at string) int {
	for {
		if line, known := lines[at]; known || at == "" {
			return line
		}
		at = at[:strings.LastIndexByte(at, '/')]
	}
}

// parse reads what the document says, sense or not.
func (r *reader) parse(document []byte) Policy {
	p := Policy{company: r.company, told: new(told)}
	if root := r.root(document); root != nil {
		r.policy(&p, root)
	}
	p.written = r.lines
	return p
}

// root parses the text. A document that is none has a single fault.
func (r *reader) root(document []byte) *yaml.Node {
	r.lines = map[string]int{}
	if len(document) > maxDocument {
		r.fault("", "a policy has at most %d bytes", maxDocument)
		return nil
	}
	var doc, more yaml.Node
	in := yaml.NewDecoder(strings.NewReader(string(document)))
	if err := in.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		r.fault("", "this is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	if err := in.Decode(&more); !errors.Is(err, io.EOF) {
		r.fault("", "there is something behind the end of the policy")
		return nil
	}
	return doc.Content[0]
}

// fields are the readers of what a mapping may hold, by name.
type fields map[string]func(n *yaml.Node, at string)

// mapping reads a mapping: each field once, none that nobody knows, and all that are required.
func (r *reader) mapping(n *yaml.Node, at string, known fields, required ...string) {
	names := strings.Join(slices.Sorted(keys(known)), ", ")
	seen := r.pairs(n, at, func(name string, value *yaml.Node, at string) {
		read, is := known[name]
		if !is {
			r.fault(at, "nobody knows %q here; known are %s", name, names)
			return
		}
		read(value, at)
	})
	for _, name := range required {
		if seen != nil && !seen[name] {
			r.fault(at+"/"+name, "it is missing")
		}
	}
}

func keys(known fields) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range known {
			if !yield(name) {
				return
			}
		}
	}
}

// pairs walks a mapping in the order in which it is written; nil when it is none.
func (r *reader) pairs(n *yaml.Node, at string, each func(name string, value *yaml.Node, at string)) map[string]bool {
	if n.Kind != yaml.MappingNode {
		r.fault(at, "fields with values are wanted here")
		return nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		path := at + "/" + pointer(key.Value)
		r.lines[path] = key.Line
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge":
			r.fault(path, "write every field out, by its name")
		case seen[key.Value]:
			r.fault(path, "%q stands here twice", key.Value)
		case value.Kind == yaml.AliasNode:
			r.fault(path, "write the value out; the policy is read by people")
		default:
			seen[key.Value] = true
			each(key.Value, value, path)
		}
	}
	return seen
}

// pointer is a name as a part of a JSON pointer.
func pointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// list walks a list of at most so many items.
func (r *reader) list(n *yaml.Node, at string, most int, each func(n *yaml.Node, at string)) {
	switch {
	case n.Kind != yaml.SequenceNode:
		r.fault(at, "a list is wanted here")
	case len(n.Content) > most:
		r.fault(at, "at most %d are possible", most)
	default:
		for i, item := range n.Content {
			path := at + "/" + strconv.Itoa(i)
			r.lines[path] = item.Line
			if item.Kind == yaml.AliasNode {
				r.fault(path, "write the value out; the policy is read by people")
				continue
			}
			each(item, path)
		}
	}
}

// text reads a single value.
func (r *reader) text(n *yaml.Node, at string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.fault(at, "a single value is wanted here")
		return "", false
	}
	return strings.TrimSpace(n.Value), true
}

// number reads a whole number between two others.
func (r *reader) number(n *yaml.Node, at string, from, to int64) int64 {
	text, is := r.text(n, at)
	if !is {
		return 0
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < from || value > to {
		r.fault(at, "%q is not a whole number from %d to %d", text, from, to)
	}
	return value
}

// oneOf reads one of the values of a kind.
func oneOf[T ~string](r *reader, n *yaml.Node, at string, values []T) T {
	text, is := r.text(n, at)
	if is && !slices.Contains(values, T(text)) {
		r.fault(at, "%q is none of %v", text, values)
	}
	return T(text)
}

func join[T ~string](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}
