package search

import (
	"slices"
	"strings"
)

// Query is what somebody looks for: parts between spaces, each of which one text must hold.
type Query struct{ Parts []Part }

// Part is what stands between two spaces.
type Part struct {
	runs  []run
	exact string // the value as a whole, as Exact writes it; empty: none is meant
}

// Text is a text made ready to be looked into, many times if need be.
type Text struct {
	runs  []run
	exact []string
}

// Read makes a text ready; values in it may also be looked for as a whole.
func Read(text string, exact ...string) Text { return Text{runs: runs(text), exact: Exact(exact...)} }

// Parse reads a query. whole is what it means as one value, such as a phone number without its
// spaces; empty when it is none. It is false for what is too short to look for: less than two
// characters of Han, or than two letters or digits, in every part.
func Parse(q, whole string) (Query, bool) {
	var parsed Query
	fields := strings.Fields(Normal(q))
	if whole != "" && Number(q) { // spaces inside a number part nothing
		fields = []string{whole}
	}
	for _, field := range fields {
		if p := (Part{runs: runs(field)}); len(p.runs) > 0 {
			parsed.Parts = append(parsed.Parts, p)
		}
	}
	if len(parsed.Parts) == 1 && whole != "" {
		parsed.Parts[0].exact = Exact(whole)[0]
	}
	long := slices.ContainsFunc(parsed.Parts, func(p Part) bool { return len(p.Terms()) > 0 })
	return parsed, long
}

// Number says whether a query is nothing but digits and what people put between them.
func Number(q string) bool {
	return strings.Trim(Normal(q), "0123456789 +-()") == ""
}

// Terms are the words that a text holding this part has; none when the part is a single character,
// which is looked for in what the others find.
func (p Part) Terms() []string {
	set := newSet()
	for _, r := range p.runs {
		set.add(r.needs()...)
	}
	return set.words
}

// Exact is the word by which the value as a whole is found; empty when none is meant.
func (p Part) Exact() string { return p.exact }

// In says whether a text holds all of this part, or the value that it is.
func (p Part) In(t Text) bool {
	if p.exact != "" && slices.Contains(t.exact, p.exact) {
		return true
	}
	return !slices.ContainsFunc(p.runs, func(r run) bool { return !r.in(t.runs) })
}
