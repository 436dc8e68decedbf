package notify

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"text/template"
	"unicode"

	"recourse/models"
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
	LateBy      string // by how much an alert went out late
	LateReason  string
	Request     string // what is asked for
	Granted     bool
	Reason      string // why a case is worked on again
	Score       string // the customer gave for the result, of 5
	News        string // what happened on a case, for one of us
	Other       string // number of the case that goes on for this one
}

// The first line of a template is the subject, the rest the body.
//
//go:embed templates
var files embed.FS

type letter struct{ subject, body *template.Template }

// letters holds all templates by language and name. One that cannot be read ends the program at its
// start, not at the first message.
var letters = func() map[models.Language]map[string]letter {
	all := map[models.Language]map[string]letter{}
	for _, lang := range models.Languages() {
		folder := path.Join("templates", string(lang))
		entries, err := files.ReadDir(folder)
		if err != nil {
			panic(err)
		}
		all[lang] = map[string]letter{}
		for _, e := range entries {
			name, _ := strings.CutSuffix(e.Name(), ".txt")
			content, err := files.ReadFile(path.Join(folder, e.Name()))
			if err != nil {
				panic(err)
			}
			subject, body, _ := strings.Cut(string(content), "\n")
			all[lang][name] = letter{
				subject: template.Must(template.New(name + " subject").Parse(subject)),
				body:    template.Must(template.New(name).Parse(body)),
			}
		}
	}
	return all
}()

// Render writes the message called name in a language. The subject is one line whatever the values
// hold, so that nothing in it can become a header of its own.
func Render(name string, lang models.Language, v Values) (subject, body string, err error) {
	l, known := letters[lang][name]
	if !known {
		return "", "", fmt.Errorf("there is no message %q in %q", name, lang)
	}
	var s, b strings.Builder
	if err := l.subject.Execute(&s, v); err != nil {
		return "", "", fmt.Errorf("render subject of %s: %w", name, err)
	}
	if err := l.body.Execute(&b, v); err != nil {
		return "", "", fmt.Errorf("render %s: %w", name, err)
	}
	return oneLine(s.String()), strings.TrimSpace(b.String()) + "\n", nil
}

// oneLine makes one line of s: what breaks lines or controls terminals becomes a space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}

// Whole is a message as it is kept: the subject is its first line.
func Whole(subject, body string) string { return subject + "\n" + body }
