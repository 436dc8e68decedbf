package history

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"recourse/internal/document"
	"recourse/internal/sheet"
	"recourse/models"
)

const (
	maxMapping = 1 << 20 // bytes: a log may have thousands of names to be mapped
	maxItems   = 100     // of a list that a person writes
)

// reader reads a mapping and collects what is wrong with it.
type reader struct {
	document.Reader
	m *Mapping
}

type fields = document.Fields

// ReadMapping reads a mapping and says everything that is wrong with it, each fault with its line. With a
// grave fault nothing may be read by it, but Misfits still says which of its columns the files lack.
func ReadMapping(text []byte) (*Mapping, []document.Fault) {
	r := reader{Reader: document.Reader{What: "mapping", Most: maxMapping}, m: &Mapping{unknown: map[string]bool{"": true}}}
	if root := r.Root(text); root != nil {
		r.mapping(root)
		r.m.lines, r.m.misread = r.Lines, document.Grave(r.below("/file"))
		r.whole()
	}
	document.Sort(r.Faults)
	return r.m, r.Faults
}

func (r *reader) mapping(n *yaml.Node) {
	m := r.m
	r.forms(n) // before the columns that may have forms of their own
	into := func(c **column) func(*yaml.Node, string) {
		return func(n *yaml.Node, at string) { *c = r.column(n, at, false) }
	}
	instant := func(c **column) func(*yaml.Node, string) {
		return func(n *yaml.Node, at string) { *c = r.column(n, at, true) }
	}
	r.Mapping(n, "", fields{
		"source": func(n *yaml.Node, at string) { m.Source = r.source(n, at) },
		"rows": func(n *yaml.Node, at string) {
			m.Rows = document.OneOf(&r.Reader, n, at, []Shape{RowsEvents, RowsCases, RowsVolumes})
		},
		"file":     r.file,
		"unknown":  r.unknown,
		"zone":     r.zone,
		"instants": func(*yaml.Node, string) {}, // read first
		"where":    r.where,
		"case":     into(&m.number),
		"order":    into(&m.order),
		"by":       into(&m.by),
		"at":       instant(&m.at),
		"received": instant(&m.received),
		"due":      instant(&m.due),
		"milestones": func(n *yaml.Node, at string) {
			r.Pairs(n, at, r.milestone)
		},
		"activity": func(n *yaml.Node, at string) { m.activity = r.activity(n, at, false) },
		"state":    func(n *yaml.Node, at string) { m.state = r.activity(n, at, true) },
		"fields": func(n *yaml.Node, at string) {
			r.Pairs(n, at, r.field)
		},
		"counters": func(n *yaml.Node, at string) {
			r.Mapping(n, at, fields{"transfers": into(&m.transfers), "reopens": into(&m.reopens)})
		},
		"contradictions": func(n *yaml.Node, at string) {
			m.clamp = document.OneOf(&r.Reader, n, at, []string{"refuse", "clamp"}) == "clamp"
		},
		"duplicates": func(n *yaml.Node, at string) {
			m.lastRow = document.OneOf(&r.Reader, n, at, []string{"refuse", "last"}) == "last"
		},
		"resolved_is_closed": func(n *yaml.Node, at string) { m.resolvedIsClosed = r.truth(n, at) },
		"create":             r.create,
		"volumes":            r.volumes,
	}, "source", "rows", "zone")
}

func (r *reader) source(n *yaml.Node, at string) string {
	text, is := r.Text(n, at)
	if is && (text == "" || utf8.RuneCountInString(text) > 64) {
		r.Fault(at, "a source has a name of 1 to 64 characters")
	}
	return text
}

// forms reads the forms of instants, wherever they stand in the document.
func (r *reader) forms(root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "instants" {
			r.Lines["/instants"] = root.Content[i].Line
			r.m.forms = r.formList(root.Content[i+1], "/instants")
		}
	}
}

func (r *reader) formList(n *yaml.Node, at string) (forms []form) {
	r.List(n, at, maxItems, func(n *yaml.Node, at string) {
		text, is := r.Text(n, at)
		if !is {
			return
		}
		f, err := parseForm(text)
		if err != nil {
			r.Fault(at, "%s", err.Error())
		}
		forms = append(forms, f)
	})
	return forms
}

func (r *reader) file(n *yaml.Node, at string) {
	f := &r.m.file
	r.Mapping(n, at, fields{
		"encoding": func(n *yaml.Node, at string) {
			if f.Encoding, _ = r.Text(n, at); !sheet.KnownEncoding(f.Encoding) {
				r.Fault(at, "%q is none of %v", f.Encoding, sheet.Encodings())
				f.Encoding = ""
			}
		},
		"delimiter": func(n *yaml.Node, at string) {
			if n.Kind == yaml.ScalarNode { // a tab is no space to be trimmed
				f.Comma = sheet.Commas(n.Value)
			}
			if utf8.RuneCountInString(f.Comma) != 1 || strings.ContainsAny(f.Comma, "\"\r\n") {
				r.Fault(at, "one character is wanted here, or tab, comma, semicolon or pipe")
				f.Comma = ""
			}
		},
		"sheet": func(n *yaml.Node, at string) { f.Sheet, _ = r.Text(n, at) },
		"skip":  func(n *yaml.Node, at string) { f.Skip = int(r.Number(n, at, 0, 1000)) },
		"header": func(n *yaml.Node, at string) {
			f.Headless = !r.truth(n, at)
		},
		"quotes": func(n *yaml.Node, at string) {
			f.Lax = document.OneOf(&r.Reader, n, at, []string{"strict", "lax"}) == "lax"
		},
	})
}

func (r *reader) truth(n *yaml.Node, at string) bool {
	return document.OneOf(&r.Reader, n, at, []string{"true", "false"}) == "true"
}

func (r *reader) unknown(n *yaml.Node, at string) {
	r.cells(n, at, maxItems, r.m.unknown)
}

// cells reads a list of cells as they are written.
func (r *reader) cells(n *yaml.Node, at string, most int, into map[string]bool) {
	r.List(n, at, most, func(n *yaml.Node, at string) {
		if n.Kind == yaml.ScalarNode { // null is a word here
			into[strings.TrimSpace(n.Value)] = true
			return
		}
		r.Fault(at, "a single value is wanted here")
	})
}

func (r *reader) zone(n *yaml.Node, at string) {
	name, is := r.Text(n, at)
	if !is {
		return
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		r.Fault(at, "%q is not an IANA time zone such as Asia/Shanghai or UTC", name)
		return
	}
	r.m.zone = zone
}

func (r *reader) create(n *yaml.Node, at string) {
	r.List(n, at, maxItems, func(n *yaml.Node, at string) {
		r.m.Create = append(r.m.Create, document.OneOf(&r.Reader, n, at, Creatable()))
	})
}

func (r *reader) milestone(name string, n *yaml.Node, at string) {
	kind, is := kindOf(name)
	if !is || !slices.Contains(milestoneNames(), name) {
		r.Fault(at, "%q is no milestone; they are %s", name, strings.Join(milestoneNames(), ", "))
		r.column(n, at, true) // what is wrong with it is told at once
		return
	}
	if slices.ContainsFunc(r.m.milestones, func(m milestone) bool { return m.kind == kind }) {
		r.Fault(at, "%q stands here by its other name already", name)
	}
	r.m.milestones = append(r.m.milestones, milestone{kind: kind, column: r.column(n, at, true)})
}

// whole says what the mapping lacks, or has too much of, as a whole.
func (r *reader) whole() {
	m := r.m
	lack := func(is bool, path, says string) {
		if !is {
			r.Fault(path, "%s", says)
		}
	}
	stands := func(path string) bool { // what stands there and is wrong was told already
		_, is := r.Lines[path]
		return is
	}
	if m.Rows == RowsVolumes {
		lack(len(m.volumes.amounts) > 0, "/volumes", "it is missing: say which columns hold the volumes")
	} else {
		lack(stands("/case"), "/case", "it is missing: the column of the case's number")
		lack(len(m.volumes.amounts) == 0, "/volumes", "volumes come from a file of their own, with rows: volumes")
	}
	lack(len(m.forms) > 0 || r.ownForms() || document.Grave(r.below("/instants")), "/instants", "it is missing: the forms in which the log writes instants, such as iso or D/M/YYYY HH:mm")
	switch m.Rows {
	case RowsEvents:
		lack(stands("/at"), "/at", "it is missing: the column of the instant of each event")
		lack(!m.lastRow, "/duplicates", "only rows of cases have it: an event is one of many of its case")
	case RowsCases:
		lack(stands("/received"), "/received", "it is missing: the column of the instant when the case was received")
		for path := range strings.FieldsSeq("/at /order /activity /state /by") {
			lack(!stands(path), path, "only rows of events have it; with rows: cases, what happened stands in milestones")
		}
	case RowsVolumes:
		for path := range r.Lines {
			if strings.Count(path, "/") == 1 && slices.Contains(strings.Fields("/case /order /at /by /received /due /milestones /activity /state /fields /counters"), path) {
				r.Fault(path, "a table of volumes does not have it")
			}
		}
	}
}

// below are the faults told of a path, and of what stands in it.
func (r *reader) below(path string) (faults []document.Fault) {
	for _, f := range r.Faults {
		if f.Path == path || strings.HasPrefix(f.Path, path+"/") {
			faults = append(faults, f)
		}
	}
	return faults
}

// ownForms says whether every instant has forms of its own.
func (r *reader) ownForms() bool {
	all := []*column{r.m.at, r.m.received, r.m.due, r.m.volumes.from, r.m.volumes.until}
	for _, s := range r.m.milestones {
		all = append(all, s.column)
	}
	return !slices.ContainsFunc(all, func(c *column) bool { return c != nil && c.forms == nil })
}

// column reads where a value stands: a name, or a mapping with column, position, join or first.
func (r *reader) column(n *yaml.Node, at string, instant bool) *column {
	c := &column{path: at}
	if n.Kind == yaml.ScalarNode {
		c.refs = r.refs(n, at)
	} else {
		known := r.columnFields(c)
		if instant {
			known["instants"] = func(n *yaml.Node, at string) { c.forms = r.formList(n, at) }
		}
		r.Mapping(n, at, known)
	}
	return r.enter(c, at)
}

// columnFields are the ways to say where a value stands.
func (r *reader) columnFields(c *column) fields {
	one := func(how how) func(*yaml.Node, string) {
		return func(n *yaml.Node, at string) {
			if len(c.refs) > 0 {
				r.Fault(at, "say once where it stands: by column, position, join or first")
			}
			c.how, c.refs = how, r.refs(n, at)
		}
	}
	return fields{
		"column": one(howOne), "join": one(howJoin), "first": one(howFirst),
		"unknown": func(n *yaml.Node, at string) {
			c.unknown = map[string]bool{}
			r.cells(n, at, maxItems, c.unknown)
		},
		"position": func(n *yaml.Node, at string) {
			if len(c.refs) > 0 {
				r.Fault(at, "say once where it stands: by column, position, join or first")
			}
			c.refs = []ref{{position: int(r.Number(n, at, 1, 16384)), path: at}}
		},
	}
}

// refs reads a name, or a list of names and positions.
func (r *reader) refs(n *yaml.Node, at string) (refs []ref) {
	one := func(n *yaml.Node, at string) {
		if n.Kind == yaml.MappingNode {
			r.Mapping(n, at, fields{"position": func(n *yaml.Node, at string) {
				refs = append(refs, ref{position: int(r.Number(n, at, 1, 16384)), path: at})
			}}, "position")
			return
		}
		name, is := r.Text(n, at)
		if is && name == "" {
			r.Fault(at, "name a column")
		}
		refs = append(refs, ref{name: name, path: at})
	}
	if n.Kind == yaml.SequenceNode {
		r.List(n, at, maxItems, one)
	} else {
		one(n, at)
	}
	return refs
}

func (r *reader) enter(c *column, at string) *column {
	if len(c.refs) == 0 {
		r.Fault(at, "say where it stands: the name of a column, or {position: 3}, {join: [day, time]} or {first: [this, that]}")
	}
	if c.how == howOne && len(c.refs) > 1 {
		r.Fault(at, "several columns are either joined or the first that says something counts: {join: [day, time]} or {first: [this, that]}")
	}
	c.slot = len(r.m.columns)
	r.m.columns = append(r.m.columns, c)
	return c
}

func (r *reader) where(n *yaml.Node, at string) {
	r.List(n, at, maxItems, func(n *yaml.Node, at string) {
		c, f := &column{path: at}, filter{values: map[string]bool{}}
		known := r.columnFields(c)
		values := func(keep bool) func(*yaml.Node, string) {
			return func(n *yaml.Node, at string) {
				f.keep = keep
				r.cells(n, at, 10_000, f.values)
			}
		}
		known["in"], known["not"] = values(true), values(false)
		seen := r.Pairs(n, at, func(name string, value *yaml.Node, at string) {
			if read, is := known[name]; is {
				read(value, at)
			} else {
				r.Fault(at, "nobody knows %q here; known are %s", name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
			}
		})
		if seen != nil && seen["in"] == seen["not"] {
			r.Fault(at, "say either in or not: the values of rows to keep, or to leave out")
		}
		f.column, c.says = r.enter(c, at), f.values
		r.m.where = append(r.m.where, f)
	})
}

// field reads a field of the case.
func (r *reader) field(name string, n *yaml.Node, at string) {
	allowed, is := fieldValues[name]
	if !is {
		r.Fault(at, "a case has no field %q; it has %s", name, strings.Join(fieldNames, ", "))
	}
	f, c := field{name: name}, &column{path: at}
	judge := func(value, at string) {
		if value != "" && allowed != nil && !slices.Contains(allowed, value) {
			r.Fault(at, "%q is none of %v", value, allowed)
		}
	}
	if n.Kind == yaml.ScalarNode {
		c.refs = r.refs(n, at)
	} else {
		known := r.columnFields(c)
		known["value"] = func(n *yaml.Node, at string) { f.constant, _ = r.Text(n, at); judge(f.constant, at) }
		known["values"] = func(n *yaml.Node, at string) {
			f.values = map[string]string{}
			r.Pairs(n, at, func(read string, n *yaml.Node, at string) {
				value, _ := r.Text(n, at)
				judge(value, at)
				f.values[strings.TrimSpace(read)] = value
			})
		}
		known["otherwise"] = func(n *yaml.Node, at string) { r.otherwise(&f, n, at, judge) }
		r.Mapping(n, at, known)
	}
	_, said := r.Lines[at+"/otherwise"]
	if !said && f.values == nil && allowed == nil {
		f.otherwise = otherwiseKeep
	}
	c.says = namesOf(f.values)
	if f.constant == "" {
		f.column = r.enter(c, at)
	} else if len(c.refs) > 0 {
		r.Fault(at, "it is either a column or the same value for all")
	}
	if is {
		r.m.fields = append(r.m.fields, f)
	}
}

func (r *reader) otherwise(f *field, n *yaml.Node, at string, judge func(value, at string)) {
	text, is := r.Text(n, at)
	if !is {
		return
	}
	switch text {
	case "refuse":
		f.otherwise = otherwiseRefuse
	case "ignore":
		f.otherwise = otherwiseIgnore
	case "keep":
		f.otherwise = otherwiseKeep
		if fieldValues[f.name] != nil {
			r.Fault(at, "%s has values of ours only: %v", f.name, fieldValues[f.name])
		}
	default:
		f.otherwise, f.instead = otherwiseValue, text
		judge(text, at)
	}
}

// activity reads a column that tells moves by name.
func (r *reader) activity(n *yaml.Node, at string, state bool) *activity {
	a, c := &activity{values: map[string][]act{}}, &column{path: at}
	known := r.columnFields(c)
	known["values"] = func(n *yaml.Node, at string) {
		r.Pairs(n, at, func(name string, n *yaml.Node, at string) { a.values[strings.TrimSpace(name)] = r.acts(n, at, state) })
	}
	known["otherwise"] = func(n *yaml.Node, at string) {
		if text, is := r.Text(n, at); is && text != "refuse" {
			a.otherwise = r.acts(n, at, state)
		}
	}
	r.Mapping(n, at, known, "values")
	a.column, c.says = r.enter(c, at), namesOf(a.values)
	return a
}

// namesOf are the names of a table.
func namesOf[V any](values map[string]V) map[string]bool {
	names := make(map[string]bool, len(values))
	for name := range values {
		names[name] = true
	}
	return names
}

// acts reads one move, or a list of them.
func (r *reader) acts(n *yaml.Node, at string, state bool) []act {
	acts := []act{}
	one := func(n *yaml.Node, at string) {
		word, is := r.Text(n, at)
		if !is {
			return
		}
		one, known := actOf(word, state)
		switch {
		case word == string(models.KindPaused):
			r.Fault(at, "say what it waits for instead of %q: %s", word, strings.Join(words(models.PauseReasons()), ", "))
		case !known:
			r.Fault(at, "%q is no move; known are %s", word, strings.Join(moveNames(state), ", "))
		}
		acts = append(acts, one)
	}
	if n.Kind == yaml.SequenceNode {
		r.List(n, at, 10, one)
	} else {
		one(n, at)
	}
	return acts
}
