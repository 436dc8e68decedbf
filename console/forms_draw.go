package console

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"recourse/models"
)

// drawn is a field as a page shows it.
type drawn struct {
	Name, ID, Label, Hint string
	Kind                  fieldKind
	Required, Wide        bool
	Open                  bool // of a folded set: something is in it
	Folded                bool
	Value                 string
	Most                  int // characters of a line
	Values                []string
	Options               []option
	Parts                 []drawn
	Kept                  []keptFile // of files: uploaded before
}

// keptFile is an upload that waits to be named by a form which was refused.
type keptFile struct{ ID, Name string }

// pair is a hidden field.
type pair struct{ Name, Value string }

// actForm is the form of a verb as a page shows it.
type actForm struct {
	Verb    models.Verb
	ID      string
	Path    string
	Fields  []drawn
	Hidden  []pair
	Faults  map[string]string
	Open    bool
	Main    bool // a likely next act
	Files   bool
	Refused bool
	Again   bool // refused because the case has moved on
}

// drawing is how a form is to be drawn.
type drawing struct {
	typed  url.Values // nil: nobody typed yet
	faults map[string]string
	beside string // tells forms of one verb apart
	fixed  map[string]string
	unsure bool // it may have been done
}

// draw makes a form as a page shows it. What was typed stays.
func (s *sheet) draw(f form, as drawing) actForm {
	a := actForm{
		Verb: f.Verb, ID: strings.TrimSuffix("act-"+string(f.Verb)+"-"+as.beside, "-"), Path: "/cases/" + s.View.Case.Number + "/" + string(f.Verb),
		Faults: as.faults, Open: as.typed != nil, Refused: as.typed != nil,
	}
	key := as.typed.Get("key")
	if key == "" {
		key = s.v.c.NewID()
	}
	a.Hidden = []pair{{"key", key}, {"if_seq", strconv.FormatInt(s.View.Case.Seq, 10)}}
	if as.unsure {
		a.Hidden[1].Value = as.typed.Get("if_seq") // the very same wish, that what was decided answers
	}
	for _, field := range f.Fields {
		if field.When != nil && !field.When(s) {
			continue
		}
		if field.Kind == fieldHidden {
			a.Hidden = append(a.Hidden, pair{field.Name, s.hidden(field, as)})
			continue
		}
		a.Files = a.Files || field.Kind == fieldFiles
		a.Fields = append(a.Fields, s.drawField(f, field, a.ID, as))
	}
	return a
}

func (s *sheet) hidden(f field, as drawing) string {
	if value, is := as.fixed[f.Name]; is {
		return value
	}
	if f.Stays && as.typed.Has(f.Name) {
		return as.typed.Get(f.Name)
	}
	if f.Value != nil && !as.unsure { // it comes from the case, which may have moved on
		return f.Value(s)
	}
	return as.typed.Get(f.Name)
}

func (s *sheet) drawField(in form, f field, form string, as drawing) drawn {
	d := drawn{
		Name: f.Name, ID: form + "-" + strings.ReplaceAll(f.Name, ".", "-"), Kind: f.Kind, Required: f.Required || f.Must != nil && f.Must(s), Wide: f.Wide,
		Folded: f.Folded, Label: s.label("field.", in.Verb, f.Name), Hint: s.hint(in.Verb, f.Name),
	}
	if f.Options != nil {
		d.Options = f.Options(s)
	}
	switch {
	case as.typed != nil:
		d.Value, d.Values = as.typed.Get(f.Name), as.typed[f.Name]
	case f.Value != nil:
		d.Value = f.Value(s)
	}
	d.Open, d.Most = as.faults[f.Name] != "", cmp.Or(longer[f.Name], longestLabel)
	if f.Kind == fieldFiles {
		d.Kept = keptFiles(as.typed)
	}
	for _, part := range f.Parts {
		p := s.drawField(in, part, form, as)
		d.Open = d.Open || as.typed != nil && p.Value != "" && part.Value == nil || as.faults[part.Name] != ""
		d.Parts = append(d.Parts, p)
	}
	return d
}

var counted = regexp.MustCompile(`\.\d+`)

// label is what a field is called, in this form or in any.
func (s *sheet) label(prefix string, verb models.Verb, name string) string {
	n := ""
	if digits := counted.FindString(name); digits != "" {
		n = strconv.Itoa(int(digits[1]-'0') + 1)
	}
	name = counted.ReplaceAllString(name, "")
	for _, key := range []string{prefix + string(verb) + "." + name, prefix + name} {
		if s.v.Has(key) {
			return s.v.Say(key, "at", n)
		}
	}
	return prefix + name
}

// hint says more of a field where there is more to say.
func (s *sheet) hint(verb models.Verb, name string) string {
	for _, key := range []string{"hint." + string(verb) + "." + name, "hint." + name} {
		if s.v.Has(key) {
			return s.v.Say(key)
		}
	}
	return ""
}

// acts are the forms of all that the visitor can do now, the likely ones first. A verb that was
// refused just now is drawn as it was filled in.
func (s *sheet) acts(refused *refusedAct) (main, others []actForm) {
	likely := likelyNext(s.View.Case)
	for _, f := range forms {
		if f.Beside || !s.can(f) {
			continue
		}
		a := s.draw(f, refused.drawing(f.Verb, ""))
		a.Main = slices.Contains(likely, f.Verb)
		if a.Main || a.Refused {
			main = append(main, a)
		} else {
			others = append(others, a)
		}
	}
	rank := func(a actForm) int {
		if a.Refused {
			return -1
		}
		return slices.Index(likely, a.Verb)
	}
	slices.SortStableFunc(main, func(a, b actForm) int { return rank(a) - rank(b) })
	for i := range main {
		main[i].Open = i == 0
	}
	return main, others
}

// can says whether the visitor may use a verb now and it can come to something.
func (s *sheet) can(f form) bool {
	return slices.Contains(s.View.Possible, f.Verb) && (f.Fits == nil || f.Fits(s))
}

// likelyNext are the acts that bring a case on from where it stands, likeliest first.
func likelyNext(c models.Case) []models.Verb {
	var next []models.Verb
	switch c.State {
	case models.StateReceived:
		next = []models.Verb{models.VerbDispatch, models.VerbSettle}
	case models.StateDispatched:
		next = []models.Verb{models.VerbAccept, models.VerbReturn}
	case models.StateInvestigating:
		next = []models.Verb{models.VerbPropose, models.VerbLogContact}
	case models.StateSolutionReady:
		next = []models.Verb{models.VerbTellSolution}
	case models.StateImplementing:
		next = []models.Verb{models.VerbResolve, models.VerbTellProgress}
	case models.StateResolved:
		next = []models.Verb{models.VerbTellResult}
	case models.StateFollowingUp:
		next = []models.Verb{models.VerbRecordCallback}
	case models.StateClosed, models.StateWithdrawn, models.StateMerged, models.StateNotAccepted:
		next = []models.Verb{models.VerbReopen, models.VerbUnmerge}
	case models.StateNone, models.StateAwaitingApproval, models.StateArchived:
	}
	if c.FirstReplyAt == nil && c.State.Open() {
		next = append(next, models.VerbReply)
	}
	return next
}
