package policy

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"recourse/internal/calendar"
	"recourse/models"
)

// Insert writes an addition into a calendar of a document, whose other lines stay as they are, comments
// and all. The document must be a policy that can be read. CodeInvalid: it has no such calendar, or is
// written so that nothing can be put in.
func Insert(document []byte, name string, a Addition, company *time.Location) ([]byte, error) {
	was, faults := Reread(document, company)
	if Grave(faults) {
		return nil, models.Invalid("/document", "the policy has faults: "+faults[0].String())
	}
	if !was.knows(name) {
		return nil, models.Invalid("/calendar", fmt.Sprintf("there is no calendar %q", name))
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(document, &doc); err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	for _, behind := range []bool{true, false} { // new parts behind the others, else in front of them
		in := inserting{lines: strings.Split(string(document), "\n"), behind: behind}
		in.calendar(child(child(doc.Content[0], "calendars"), name), a)
		if made := in.made(); holds(was, made, name, a, company) {
			return made, nil
		}
	}
	return nil, models.Invalid("/document", fmt.Sprintf(
		"calendar %q is written so that nothing can be put in by itself: write each of its parts on lines of its own, or put the days in by hand", name))
}

// holds says whether a document is the policy it was, with an addition to one calendar.
func holds(was Policy, document []byte, name string, a Addition, company *time.Location) bool {
	is, faults := Reread(document, company)
	if Grave(faults) {
		return false
	}
	for _, c := range Diff(was, is) {
		if !strings.HasPrefix(c.Path, "/calendars/"+name+"/") {
			return false
		}
	}
	c, _ := is.Named(name)
	rest, wrong := Add(c, a.Entries, a.Until)
	return len(wrong) == 0 && len(rest.Entries) == 0 && (a.Until == (calendar.Date{}) || c.Known == a.Until)
}

// Named returns a calendar by its name.
func (p Policy) Named(name string) (Calendar, bool) {
	i := slices.IndexFunc(p.Calendars, func(c Calendar) bool { return c.Name == name })
	if i < 0 {
		return Calendar{}, false
	}
	return p.Calendars[i], true
}

// child is the value of a field of a mapping; nil: it has none.
func child(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// edit is a text that comes into a document at a place, counted from 0, instead of so many bytes.
type edit struct {
	line, column int
	instead      int
	text         string
}

// inserting collects the edits of a document.
type inserting struct {
	lines  []string
	behind bool
	edits  []edit
}

// calendar puts an addition into a calendar.
func (in *inserting) calendar(c *yaml.Node, a Addition) {
	for _, s := range sections {
		entries := a.of(s.kind)
		switch part := child(c, s.name); {
		case len(entries) == 0:
		case part == nil:
			in.part(c, s.name, entries)
		case part.Style&yaml.FlowStyle != 0:
			in.flow(part, pairsOf(entries))
		default:
			in.entries(part, entries)
		}
	}
	if a.Until != (calendar.Date{}) {
		in.known(c, a.Until)
	}
}

// known says up to when the holidays are entered.
func (in *inserting) known(c *yaml.Node, until calendar.Date) {
	const field = "known_until"
	switch was := child(c, field); {
	case was != nil:
		quotes := 0
		if was.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
			quotes = 2
		}
		in.edits = append(in.edits, edit{was.Line - 1, was.Column - 1, len(was.Value) + quotes, until.String()})
	case c.Style&yaml.FlowStyle != 0:
		in.flow(c, quoted(field)+": "+quoted(until.String()))
	default:
		in.block(c, field+": "+until.String())
	}
}

// part adds a part that the calendar did not have.
func (in *inserting) part(c *yaml.Node, name string, entries []calendar.Entry) {
	if c.Style&yaml.FlowStyle != 0 {
		in.flow(c, quoted(name)+": {"+pairsOf(entries)+"}")
		return
	}
	lines := []string{name + ":"}
	for _, e := range entries {
		lines = append(lines, "  "+keyOf(e)+": "+yamlText(e.Name))
	}
	in.block(c, lines...)
}

// block adds lines to a mapping that is written on lines of its own.
func (in *inserting) block(c *yaml.Node, lines ...string) {
	indent := strings.Repeat(" ", c.Content[0].Column-1)
	at := c.Content[0].Line - 1
	if in.behind {
		at = lastLine(c)
	}
	in.edits = append(in.edits, edit{line: at, text: indent + strings.Join(lines, "\n"+indent) + "\n"})
}

// entries adds days to a part, each in front of the first later one.
func (in *inserting) entries(part *yaml.Node, entries []calendar.Entry) {
	indent := strings.Repeat(" ", part.Content[0].Column-1)
	for _, e := range entries {
		at := lastLine(part)
		for i := 0; i < len(part.Content); i += 2 {
			if part.Content[i].Value > keyOf(e) {
				at = part.Content[i].Line - 1
				break
			}
		}
		in.edits = append(in.edits, edit{line: at, text: indent + keyOf(e) + ": " + yamlText(e.Name) + "\n"})
	}
}

// flow adds pairs at the beginning of a mapping in braces.
func (in *inserting) flow(n *yaml.Node, pairs string) {
	if len(n.Content) > 0 {
		pairs += ", "
	}
	in.edits = append(in.edits, edit{line: n.Line - 1, column: n.Column, text: pairs})
}

func pairsOf(entries []calendar.Entry) string {
	pairs := make([]string, len(entries))
	for i, e := range entries {
		pairs[i] = quoted(keyOf(e)) + ": " + quoted(e.Name)
	}
	return strings.Join(pairs, ", ")
}

// quoted writes a text as JSON does, which YAML reads, too.
func quoted(text string) string {
	written, err := json.Marshal(text)
	if err != nil { // a text always can be written
		return "\"\""
	}
	return string(written)
}

// lastLine is the last line on which something of a node stands, counted from 1.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, part := range n.Content {
		last = max(last, lastLine(part))
	}
	return last
}

// made is the document with all edits; of several at one place the first comes first.
func (in *inserting) made() []byte {
	slices.SortStableFunc(in.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column)) })
	for _, e := range slices.Backward(in.edits) {
		if e.line >= len(in.lines) {
			in.lines[len(in.lines)-1] += "\n" + strings.TrimSuffix(e.text, "\n")
			continue
		}
		whole := in.lines[e.line]
		at := min(column(whole, e.column), len(whole))
		in.lines[e.line] = whole[:at] + e.text + whole[min(at+e.instead, len(whole)):]
	}
	return []byte(strings.Join(in.lines, "\n"))
}

// column is the byte at which a letter of a line stands.
func column(line string, letter int) int {
	for at := range line {
		if letter == 0 {
			return at
		}
		letter--
	}
	return len(line)
}
