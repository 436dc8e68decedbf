package templates

import (
	"strings"
	"time"

	"recourse/internal/words"
	"recourse/models"
)

// Sample is a message that a draft is tried with.
type Sample struct {
	Name   string // of its words, template.sample_<name>
	Values Values
}

// Company is who we are in a sample.
type Company struct {
	Name string
	Zone *time.Location
}

// longestText is how long a text may be that somebody writes to a customer, in characters.
const longestText = 20_000

// sampled is when the samples happen: a Monday in the morning.
var sampled = time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC)

// Samples are what every draft is tried with, the usual one first: a message in time and one of an urgent
// case, one that is overdue, one that is late itself, one about which little is known, one with the
// longest text, one whose values try to be more than words.
func (k Key) Samples(c Company) []Sample {
	s := speaking{words.In(k.Language), c.Zone}
	usual := s.usual(c.Name)
	urgent := usual
	urgent.Severity = s.Name(models.SeverityUrgent)
	overdue := urgent
	overdue.Overdue, overdue.Bound, overdue.DueAt = true, s.Name(models.BoundLimit), s.at(-90*time.Minute)
	late := overdue
	late.Late, late.ResponseDue = true, ""
	late.LateBy, late.LateReason = s.Span(6*time.Hour), s.Name(models.LateOutage)
	few := Values{
		CompanyName: usual.CompanyName, Number: usual.Number, Severity: usual.Severity, State: usual.State, StatusURL: usual.StatusURL, SurveyURL: usual.SurveyURL,
		Text: usual.Text, Clock: usual.Clock, Bound: usual.Bound, Request: usual.Request, News: usual.News,
	}
	long, hostile := usual, usual
	long.Text = strings.Repeat("请", longestText)
	turn(&hostile)
	all := []Sample{{"usual", usual}, {"urgent", urgent}, {"overdue", overdue}, {"late", late}, {"few", few}, {"long", long}, {"hostile", hostile}}
	for i := range all {
		all[i].Values = all[i].Values.only(k.May())
	}
	return all
}

// speaking says instants of samples.
type speaking struct {
	*words.Speaker

	zone *time.Location
}

func (s speaking) at(after time.Duration) string { return s.Instant(sampled.Add(after), s.zone) }

// linkTo is a secret link, as long as they are.
func linkTo(what, token string) string {
	return "https://care.example.com/" + what + "/" + strings.Repeat(token, 4)
}

// usual are values as most messages have them.
func (s speaking) usual(company string) Values {
	return Values{
		CompanyName: company, Number: models.Number(2026, 17), Severity: s.Name(models.SeverityGeneral), State: s.Name(models.StateInvestigating),
		StatusURL: linkTo("t", "7hq2mzx4"), SurveyURL: linkTo("s", "9klw3tb5"), CaseURL: "https://care.example.com/cases/" + models.Number(2026, 17),
		ResponseDue: s.at(24 * time.Hour), FeedbackDue: s.at(48 * time.Hour), HandlingDue: s.at(7 * 24 * time.Hour),
		Text: s.Say("template.sample_text"), Clock: s.Name(models.ClockFirstResponse), Bound: s.Name(models.BoundTarget),
		From: s.at(72 * time.Hour), DueAt: s.at(30 * time.Hour), AckBy: s.at(15 * time.Minute), AckURL: linkTo("a", "5nxc8rw3"),
		Request: s.Name(models.RequestExtend), Granted: true, Reason: s.Name(models.ReworkCustomer), Score: "2",
		News: s.News(models.KindUrged), Other: models.Number(2026, 5),
	}
}

// turn makes of values what they must never be taken for: lines of a mail's head, markup, templates.
func turn(v *Values) {
	v.CompanyName = "<b>" + v.CompanyName + "</b>\r\nBcc: everybody@example.com"
	v.Text = "{{.StatusURL}} <script>alert(1)</script>\r\n\r\n[x](https://evil.example.com) *_`\u2028" + v.Text
	v.Request += "\n@all <at user_id=\"all\"></at>"
	v.Reason = "</p>\n# " + v.Reason
	v.Score = "\x1b[31m" + v.Score
}
