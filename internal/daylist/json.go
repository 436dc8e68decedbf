package daylist

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// node is a value of a JSON document, and the line on which it stands.
type node struct {
	line   int
	text   string // of a single value
	single bool
	items  []node   // of a list
	fields []member // of an object, in the order in which they stand
}

type member struct {
	name  string
	value node
}

// field returns the value of the first of some names that an object has.
func (n node) field(names ...string) (node, bool) {
	for _, name := range names {
		for _, m := range n.fields {
			if strings.EqualFold(m.name, name) {
				return m.value, true
			}
		}
	}
	return node{}, false
}

// word is the text of a field; empty: it has none.
func (n node) word(names ...string) string {
	f, _ := n.field(names...)
	return f.text
}

// maxDepth bounds how deep values lie in each other.
const maxDepth = 20

// tree reads values with their lines.
type tree struct {
	in   *json.Decoder
	text string
}

func (t tree) line() int { return 1 + strings.Count(t.text[:t.in.InputOffset()], "\n") }

func (t tree) value(depth int) (node, error) {
	token, err := t.in.Token()
	if err != nil {
		return node{}, err
	}
	n := node{line: t.line()}
	open, nested := token.(json.Delim)
	switch {
	case !nested:
		n.single = true
		if token != nil {
			n.text = fmt.Sprint(token)
		}
		return n, nil
	case depth == 0:
		return n, errors.New("its values lie too deep in each other")
	}
	for t.in.More() {
		name := ""
		if open == '{' {
			key, err := t.in.Token()
			if err != nil {
				return n, err
			}
			name = fmt.Sprint(key)
		}
		value, err := t.value(depth - 1)
		if err != nil {
			return n, err
		}
		if open == '{' {
			n.fields = append(n.fields, member{name, value})
		} else {
			n.items = append(n.items, value)
		}
	}
	_, err = t.in.Token() // the end
	return n, err
}

// json reads a list of days, an object that holds one, or an object with names by dates.
func (l *list) json(text string) {
	t := tree{json.NewDecoder(strings.NewReader(text)), text}
	t.in.UseNumber()
	root, err := t.value(maxDepth)
	if err == nil && t.in.More() {
		err = errors.New("there is something behind its end")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends too soon")
	}
	if err != nil {
		l.fault(t.line(), "this is not JSON: %s", err)
		return
	}
	switch days, is := root.field("days", "dates", "entries"); {
	case len(root.items) > 0:
		l.objects(root.items)
	case is && len(days.items) > 0:
		l.objects(days.items)
	default:
		l.sections(root)
	}
}

// objects reads days that are written as objects.
func (l *list) objects(items []node) {
	for _, n := range items {
		if len(n.fields) == 0 {
			l.fault(n.line, "an object with date and name is wanted here")
			continue
		}
		l.take(raw{
			line: n.line, from: n.word("date", "from", "start"), until: n.word("until", "to", "end"),
			kind: n.word("kind", "type", "isOffDay"), name: n.word("name", "name_cn", "name_zh", "name_en", "summary", "reason", "holiday"),
			hour: n.word("hours", "time"),
		})
	}
}

// sections reads names by dates: of holidays, of workdays, or of days off alone.
func (l *list) sections(root node) {
	known := false
	for section, kind := range map[string]string{"holidays": "off", "days_off": "off", "workdays": "worked", "days_worked": "worked"} {
		if days, is := root.field(section); is {
			known = true
			l.named(days, kind)
		}
	}
	if !known {
		l.named(root, "off")
	}
}

// number is how some lists end a name: how many days the holiday has.
var number = regexp.MustCompile(`,\d+$`)

func (l *list) named(days node, kind string) {
	if days.single || len(days.items) > 0 {
		l.fault(days.line, "names by dates are wanted here, such as {\"2026-12-24\": \"Christmas Eve\"}")
		return
	}
	for _, m := range days.fields {
		if !m.value.single {
			l.fault(m.value.line, "%q: a name is wanted here", m.name)
			continue
		}
		from, until, _ := strings.Cut(m.name, "..")
		name := strings.ReplaceAll(number.ReplaceAllString(m.value.text, ""), ",", " / ")
		l.take(raw{line: m.value.line, from: from, until: until, kind: kind, name: name})
	}
}
