package templates_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"recourse/internal/templates"
	"recourse/models"
)

var (
	receipt = templates.Key{Name: "receipt", Language: models.LanguageEN, Medium: models.MediumMail}
	reply   = templates.Key{Name: "reply", Language: models.LanguageEN, Medium: models.MediumMail}
	alert   = templates.Key{Name: "alert", Language: models.LanguageZH, Medium: models.MediumMail}
	alertSM = templates.Key{Name: "alert", Language: models.LanguageZH, Medium: models.MediumSMS}
)

// goodReceipt and goodReply say all that they must.
const (
	goodReceipt = "{{.Number}}\n{{.ResponseDue}}\n{{.FeedbackDue}}\n{{.StatusURL}}"
	goodReply   = "{{.Number}} {{.Text}} {{.StatusURL}}"
)

func TestADraftIsRefusedWithEveryFaultByFieldAndLine(t *testing.T) {
	t.Parallel()
	tall := strings.Repeat("x\n", 300)
	for name, tt := range map[string]struct {
		key           templates.Key
		subject, body string
		want          []string
	}{
		"empty":                    {receipt, "", " \n", []string{"subject: must not be blank", "body: must not be blank"}},
		"a subject of lines":       {receipt, "a\nb", goodReceipt, []string{"subject, line 2: is one line"}},
		"a long subject":           {receipt, strings.Repeat("题", 301), goodReceipt, []string{"subject: has 301 characters, and may have 300"}},
		"a long body":              {receipt, "s", goodReceipt + strings.Repeat("x", 8000), []string{fmt.Sprintf("body: has %d characters, and may have 8000", len(goodReceipt)+8000)}},
		"many lines":               {receipt, "s", tall + "x", []string{"body, line 301: has 301 lines, and may have 300"}},
		"a bell":                   {receipt, "s", "a\nb\ac", []string{"body, line 2: holds a sign that nobody can see"}},
		"letters that turn":        {receipt, "a\u202eb", goodReceipt, []string{"subject, line 1: holds a sign that nobody can see"}},
		"no text":                  {receipt, "s", "a\xff", []string{"body, line 1: holds a sign that nobody can see"}},
		"an open brace":            {receipt, "s", "a\n{{.Number", []string{"body, line 2: cannot be read: unclosed action"}},
		"an if without an end":     {receipt, "s", "{{if .Late}}a", []string{"body, line 1: cannot be read: unexpected EOF"}},
		"unknown values":           {receipt, "{{.Numbr}}", "a\n{{.X}}\n{{with .Number}}{{$.Y}}{{end}}", []string{"subject, line 1: there is no value {{.Numbr}}", "body, line 2: there is no value {{.X}}", "body, line 3: there is no value {{.Y}}"}},
		"a value of a value":       {receipt, "s", "{{.Number.Foo}}", []string{"body, line 1: there is no value {{.Number.Foo}}"}},
		"a value of other kinds":   {receipt, "s", "{{.Score}}", []string{"body, line 1: this message has no {{.Score}}"}},
		"our link to the customer": {receipt, "s", "{{.CaseURL}}", []string{"body, line 1: this message has no {{.CaseURL}}"}},
		"the customer's link":      {alert, "s", "{{.StatusURL}}", []string{"body, line 1: this message has no {{.StatusURL}}"}},
		"functions": {receipt, "s", "{{printf \"%9999999d\" 1}}\n{{html .Number}}{{call .Number}}", []string{
			`body, line 1: there is no function "printf"; there are and, eq, ne, not and or`, `body, line 2: there is no function "html"; there are and, eq, ne, not and or`,
			`body, line 2: there is no function "call"; there are and, eq, ne, not and or`,
		}},
		"functions nobody made": {receipt, "s", "{{env \"HOME\"}}", []string{`body, line 1: there is no function "env"; there are and, eq, ne, not and or`}},
		"a loop":                {receipt, "s", "a\n{{range 1000000000}}x{{end}}", []string{"body, line 2: only values, {{if}} and {{with}} may stand in braces"}},
		"a template in it":      {receipt, "s", `{{define "x"}}{{template "x"}}{{end}}{{template "x"}}`, []string{"body, line 1: no template can be defined within a template", "body, line 1: only values, {{if}} and {{with}} may stand in braces"}},
		"variables":             {receipt, "s", "{{$x := .Number}}{{$x}}", []string{"body, line 1: there are no variables here", "body, line 1: $x is no value of a message"}},
		"a pipe":                {receipt, "s", "{{.Number | not}}", []string{"body, line 1: there is no | here"}},
		"numbers":               {receipt, "s", "{{1}}{{true}}{{nil}}", []string{"body, line 1: 1 is no value of a message", "body, line 1: true is no value of a message", "body, line 1: nil is no value of a message"}},
		"everything":            {receipt, "s", "{{.}}{{$}}", []string{"body, line 1: {{.}} means something inside {{with}} only", "body, line 1: $ is no value of a message"}},
		"yes or no":             {receipt, "s", "{{.Late}}{{eq .Late \"x\"}}", []string{"body, line 1: this is yes or no; ask for it with {{if}}", "body, line 1: this is yes or no; ask for it with {{if}}", "body, line 1: this is yes or no; ask for it with {{if}}"}},
		"a value inside with":   {receipt, "s", "{{with .Number}}\n{{.StatusURL}}{{end}}", []string{"body, line 2: inside {{with}} it is written {{$.StatusURL}}"}},
		"two values":            {receipt, "s", "{{.Number .Late}}", []string{"body, line 1: a value stands alone in its braces"}},
		"arguments":             {receipt, "s", "{{if not .Late .Late}}{{end}}{{if eq .Number}}{{end}}", []string{"body, line 1: not takes 1 to 1 values", "body, line 1: eq takes 2 to 9 values"}},
		"nothing that it must":  {receipt, "s", "thank you", []string{"body: this message must say {{.Number}}", "body: this message must say {{.ResponseDue}}", "body: this message must say {{.FeedbackDue}}", "body: this message must say {{.StatusURL}}"}},
		"no deadline":           {receipt, "{{.Number}}", "{{.ResponseDue}} {{.StatusURL}}", []string{"body: this message must say {{.FeedbackDue}}"}},
		"a deadline at times":   {receipt, "{{.Number}}", "{{if not .Late}}{{.FeedbackDue}}{{end}}{{.ResponseDue}}{{.StatusURL}}", []string{"body: this message must say {{.FeedbackDue}} whenever there is one"}},
		"the number in a link":  {alert, "s", "{{.Clock}} {{.CaseURL}}", []string{"body: this message must say {{.Number}}"}},
		"neither link nor time": {alert, "s", "{{.Number}} {{.Clock}}", []string{"body: this message must say one of {{.CaseURL}}, {{.AckBy}}"}},
		"a long text twice":     {reply, "s", goodReply + "{{.Text}}", []string{"body: comes to more than 64 KB when its values are long"}},
		"a subject at times":    {receipt, "{{if .Late}}late{{end}}", goodReceipt, []string{"subject: comes to nothing with some values"}},
		"an SMS with a subject": {alertSM, "s", "{{.Number}} {{.Clock}} {{.AckBy}}", []string{"subject: an SMS has no subject, nor has what is spoken"}},
		"good":                  {receipt, "{{.Number}}", goodReceipt, nil},
		"all that is allowed": {receipt, `{{.Number}}{{/* note */}}`, `{{if and .ResponseDue (not .Late)}}{{.ResponseDue}}{{else if or .Late .FeedbackDue}}late{{end}}
{{with .FeedbackDue}}{{.}} {{$.Number}}{{else with .Number}}{{.}}{{end}} {{if or (eq .Number "a" "b") (ne .CompanyName "")}}{{end}}{{.StatusURL}}{{- " " -}}{{"{{"}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, found := templates.Check(tt.key, templates.Draft{Subject: tt.subject, Body: tt.body}, company)
			var says []string
			for _, f := range found {
				says = append(says, f.String())
			}
			require.Equal(t, tt.want, says)
		})
	}
}

func TestALongSMSIsAWarning(t *testing.T) {
	t.Parallel()
	readings, found := templates.Check(alertSM, templates.Draft{Body: strings.Repeat("长", 60) + "{{.Number}} {{.Clock}} {{.AckBy}}"}, company)
	require.Len(t, found, 1)
	require.False(t, templates.Grave(found))
	require.Equal(t, fmt.Sprintf("body: usually comes to %d characters, and goes out as 2 SMS", readings[0].SMS.Characters), found[0].String())
}

// full has something to say in every value.
func full() templates.Values {
	var v templates.Values
	fill := reflect.ValueOf(&v).Elem()
	for i := range fill.NumField() {
		if f := fill.Field(i); f.Kind() == reflect.Bool {
			f.SetBool(true)
		} else {
			f.SetString(fmt.Sprintf("<%s>", fill.Type().Field(i).Name))
		}
	}
	return v
}

func TestASubjectIsOneLineWhateverTheValuesHold(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"a\r\nBcc: x@example.com", "a\nb", "a\x00b", "a\u2028b", "a\u0085b", "\x1b[31ma"} {
		v := full()
		v.CompanyName, v.Number, v.Request = evil, evil, evil
		for _, k := range templates.Keys() {
			subject, body, err := templates.Render(k, v)
			require.NoError(t, err)
			if !k.HasSubject() {
				require.Empty(t, subject)
				subject = body
			}
			require.NotEmpty(t, subject)
			require.False(t, strings.ContainsFunc(subject, unicode.IsControl), "%q", subject)
			require.NotContains(t, subject, "\u2028")
		}
	}
}

func TestWordsFromPeopleAreNeverTemplates(t *testing.T) {
	t.Parallel()
	_, body, err := templates.Render(reply, templates.Values{Number: "1", Text: "use {{.StatusURL}} & <b>"})
	require.NoError(t, err)
	require.Contains(t, body, "use {{.StatusURL}} & <b>")
}

func TestAnUnknownMessageIsAnError(t *testing.T) {
	t.Parallel()
	for _, k := range []templates.Key{{"receipt", "fr", models.MediumMail}, {"../receipt", models.LanguageEN, models.MediumMail}, {"receipt", models.LanguageEN, models.MediumVoice}} {
		_, _, err := templates.Render(k, templates.Values{})
		require.Error(t, err)
		_, err = templates.Own(k)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	}
}

// What is read without a fault can be written with whatever values: otherwise a message that nobody tried
// would fail on its way.
func TestWhatIsReadCanAlwaysBeWritten(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	sound, wrong := 0, 0
	for range 30_000 {
		d := templates.Draft{Subject: "s", Body: written(random, 4)}
		if slices.ContainsFunc(templates.Read(receipt, d), func(f templates.Fault) bool { return !f.Warning }) {
			wrong++
			continue
		}
		sound++
		for _, v := range []templates.Values{{}, full(), {Late: true, Number: "1"}} {
			require.NoError(t, templates.Write(receipt, d, v), d.Body)
		}
	}
	require.Greater(t, sound, 2000)
	require.Greater(t, wrong, 2000)
}

// written is a template of random parts.
func written(r *rand.Rand, depth int) string {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	value := func() string {
		return pick(".Number", ".Number", ".StatusURL", ".FeedbackDue", ".Late", "$.Number", "$.Late", ".", `"x"`, "1", ".Nope", "$")
	}
	ask := func() string {
		return pick(value(), value(), "not "+value(), "and "+value()+" "+value(), "or "+value()+" "+value(), "eq "+value()+" "+value(), "ne "+value()+" "+value(), "not (eq "+value()+" \"x\")", "len "+value())
	}
	if depth == 0 {
		return pick("text", "{{"+value()+"}}")
	}
	inner := func() string { return written(r, depth-1) }
	switch r.IntN(7) {
	case 0:
		return "{{if " + ask() + "}}" + inner() + "{{else}}" + inner() + "{{end}}"
	case 1:
		return "{{with " + ask() + "}}" + inner() + "{{else}}" + inner() + "{{end}}"
	case 2:
		return "{{with .Number}}{{.}}" + inner() + "{{end}}"
	case 3:
		return "{{if .Late}}" + inner() + "{{end}}"
	case 4:
		return "{{" + ask() + "}}"
	case 5:
		return "{{.Number}}" + inner()
	}
	return "a " + inner()
}
