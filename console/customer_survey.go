package console

import (
	"net/http"
	"net/url"
	"strconv"

	"recourse/internal/cases"
	"recourse/models"
)

// surveyPage asks what the customer thinks of us, on one page.
type surveyPage struct {
	outside
	cases.SurveyView

	Token  string
	Scores []string // what is fiveSteps on a scale of five
	Five   []int
	Ten    []int
	Form   url.Values
	Key    string
	Faults map[string]string
	Filled bool
	Over   bool // it does not run any more
}

// fiveSteps are the questions on a scale of five, the weightiest first.
var fiveSteps = []string{"result", "process", "speed", "attitude"}

func (c *console) survey(v *visit) error {
	return c.showSurvey(v, http.StatusOK, surveyPage{Key: c.NewID()})
}

func (c *console) showSurvey(v *visit, code int, page surveyPage) (err error) {
	page.Token = v.r.PathValue("token")
	if page.SurveyView, err = c.Cases.Survey(v.r.Context(), page.Token); err != nil {
		return err
	}
	v.speakTo(page.Language, page.Zone)
	page.Scores, page.Five, page.Ten = fiveSteps, []int{1, 2, 3, 4, 5}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	page.Over = !page.Open && !page.Answered
	return v.showAs(code, "survey", page)
}

// answer takes the one answer to a survey.
func (c *console) answer(v *visit) error {
	if err := v.form(1 << 18); err != nil {
		return err
	}
	token, faults := v.r.PathValue("token"), map[string]string{}
	v.checkWritten(faults)
	scores := v.scores(faults)
	if scores == (models.Scores{}) && len(faults) == 0 {
		faults[""] = v.Say("survey.needed")
	}
	again := func(code int, faults map[string]string) error {
		return c.showSurvey(v, code, surveyPage{Form: v.r.PostForm, Key: v.r.PostForm.Get("key"), Faults: faults, Filled: true})
	}
	if len(faults) > 0 {
		return again(http.StatusUnprocessableEntity, faults)
	}
	err := c.Cases.AnswerSurvey(v.r.Context(), v.customerCall("POST /s/{token}"), token, scores, v.field("text"))
	if models.CodeOf(err) == models.CodeGone {
		return again(http.StatusGone, nil) // says whether it was answered, or is over
	}
	if said := v.faults(err); err != nil && said != nil {
		v.r.PostForm.Set("key", v.keyAfter(err))
		return again(statusOf(err), said)
	}
	if err != nil {
		return err
	}
	return v.goTo("/s/" + token)
}

// scores reads what was ticked.
func (v *visit) scores(faults map[string]string) (s models.Scores) {
	for name, to := range map[string]*int{"result": &s.Result, "process": &s.Process, "speed": &s.Speed, "attitude": &s.Attitude} {
		if n, given := v.score(name, 1, 5, faults); given {
			*to = n
		}
	}
	if n, given := v.score("recommend", 0, 10, faults); given {
		s.Recommend = &n
	}
	return s
}

func (v *visit) score(name string, least, most int, faults map[string]string) (int, bool) {
	given := v.field(name)
	if given == "" {
		return 0, false
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < least || n > most {
		faults[name] = v.Say("form.choose")
		return 0, false
	}
	return n, true
}
