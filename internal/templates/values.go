package templates

import (
	"reflect"
	"slices"
)

// Values are what a message can say. Every one is ready to be read: words in the reader's language,
// instants in their time zone. Empty means that there is nothing to say.
type Values struct {
	CompanyName string
	Number      string // of the case
	Severity    string
	State       string
	StatusURL   string // the customer's own page
	SurveyURL   string
	CaseURL     string // the case as one of us sees it
	ResponseDue string // until when the customer hears from a person
	FeedbackDue string // until when the customer is told a solution
	HandlingDue string // until when it must be resolved
	Late        bool   // the promise had passed when the complaint was put on record
	Text        string // what one of us wrote to the customer
	Clock       string // that an alert is about
	Bound       string // target or limit
	From        string // not before, for a callback
	DueAt       string // until when something is to be done, or stays open
	Overdue     bool   // DueAt has passed
	AckBy       string // until when an alert must be acknowledged
	AckURL      string // by which its reader acts on an alert, once and without signing in; empty where they are signed in
	LateBy      string // by how much an alert went out late
	LateReason  string
	Request     string // what is asked for
	Granted     bool
	Reason      string // why a case is worked on again
	Score       string // the customer gave for the result, of 5
	News        string // what happened on a case, for one of us
	Other       string // number of the case that goes on for this one
}

// flags are the values that are yes or no, names all others, both sorted as Values has them.
var flags, names = func() (flags, names []string) {
	for f := range reflect.TypeFor[Values]().Fields() {
		if f.Type.Kind() == reflect.Bool {
			flags = append(flags, f.Name)
		} else {
			names = append(names, f.Name)
		}
	}
	return flags, names
}()

// known says whether there is a value of a name.
func known(name string) bool { return slices.Contains(names, name) || slices.Contains(flags, name) }

// of is what a value of a name says; nothing for one that is yes or no.
func (v Values) of(name string) string {
	field := reflect.ValueOf(v).FieldByName(name)
	if field.Kind() != reflect.String {
		return ""
	}
	return field.String()
}

// only are the values of these names, without the others.
func (v Values) only(names []string) Values {
	var kept Values
	for _, name := range names {
		reflect.ValueOf(&kept).Elem().FieldByName(name).Set(reflect.ValueOf(v).FieldByName(name))
	}
	return kept
}
