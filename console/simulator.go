package console

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"recourse/internal/kpi"
	"recourse/internal/simulate"
	"recourse/models"
)

// Simulations answer what another policy would have made of cases on record; simulate.Desk does.
type Simulations interface {
	What(ctx context.Context, ask simulate.Ask) (simulate.Answer, error)
}

// simulatorPage asks what another policy would have made of the cases of a period, and tells.
type simulatorPage struct {
	figuresFrame

	InForce    string // version of the policy
	Version    string // that is tried
	Versions   []string
	Own        url.Values // what the form was filled in with
	Severities []models.Severity
	Rules      []promiseRule
	Wrong      string // why there is no answer
	Told       *simulated
}

// promiseRule is a promise whose limits can be tried.
type promiseRule struct {
	Clock  models.Clock
	Limits []promiseLimit
}

// promiseLimit is a limit as the version says, and the field for another one.
type promiseLimit struct {
	Severity            models.Severity
	Field, Label, Value string
	Hours               string // of the version; empty: it has none
	Working             bool   // these are working hours
}

// promisesTried are the promises whose limits can be another.
var promisesTried = []models.Clock{models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling}

// longestTried is the longest limit that can be tried, in hours: a year.
const longestTried = 366 * 24

// simulatedWithin is how long a reader waits.
const simulatedWithin = 50 * time.Second

func (c *console) simulator(v *visit) error {
	if !models.SeesCompany(v.Actor) { // it says how the whole company would do
		return models.Refuse(models.CodeForbidden, "only those who see every case try a policy on them")
	}
	asked := v.r.URL.Query()
	own := takeOwn(asked)
	if asked.Get("period") == "" && asked.Get("from") == "" && asked.Get("until") == "" {
		asked.Set("period", "last_quarter")
	}
	a, err := c.readAsking(asked)
	if err != nil {
		return v.sorryFigures(err)
	}
	a.Beside = own
	table, q, err := c.figures(v, a)
	if err != nil {
		return v.sorryFigures(err)
	}
	p := simulatorPage{Version: own.Get("version"), Own: own, Severities: models.Severities()}
	if p.figuresFrame, err = c.figuresFrame(v, a, table, q); err != nil {
		return v.sorryFigures(err)
	}
	unknown, err := p.form(v)
	if err != nil {
		return err
	}
	limits, err := limitsOf(own)
	if err = cmp.Or(unknown, err); err == nil && own.Get("run") != "" {
		err = p.run(v, a, table, q, limits)
	}
	if err != nil {
		return p.sorry(v, err)
	}
	return v.show("simulator", p)
}

// ownNames are the parameters of an address that only the simulator knows.
func ownNames() []string {
	names := []string{"version", "run"}
	for _, k := range promisesTried {
		for _, s := range models.Severities() {
			names = append(names, limitField(k, s))
		}
	}
	return names
}

// OwnNames are ownNames, for the form that asks for them anew.
func (simulatorPage) OwnNames() (all []any) {
	for _, name := range ownNames() {
		all = append(all, name)
	}
	return all
}

// takeOwn takes out of an address what it asks of the simulator alone.
func takeOwn(asked url.Values) url.Values {
	own := url.Values{}
	for _, name := range ownNames() {
		if value := asked.Get(name); value != "" {
			own.Set(name, value)
		}
		asked.Del(name)
	}
	return own
}

func limitField(k models.Clock, s models.Severity) string { return string(k) + "-" + string(s) }

// limitsOf are the limits that somebody filled in, in hours. CodeInvalid at the field: it is none.
func limitsOf(own url.Values) (all []simulate.Limit, err error) {
	for _, k := range promisesTried {
		for _, s := range models.Severities() {
			field := limitField(k, s)
			said := own.Get(field)
			if said == "" {
				continue
			}
			hours, err := strconv.ParseFloat(said, 64)
			if err != nil || !(hours >= 0.25 && hours <= longestTried) {
				return nil, models.Invalid("/"+field, "a limit is a number of hours, from a quarter to a year's 8784")
			}
			all = append(all, simulate.Limit{Clock: k, Severity: s, Of: time.Duration(hours * float64(time.Hour)).Round(time.Second)})
		}
	}
	return all, nil
}

// form is what can be tried: any version, with other limits. One asked for that there is not is told as unknown; the
// form is then that of the one in force.
func (p *simulatorPage) form(v *visit) (unknown, err error) {
	versions, err := v.c.Cases.Policies(v.r.Context())
	if err != nil {
		return nil, err
	}
	for _, version := range versions {
		p.Versions = append(p.Versions, version.Version)
		if version.InForce {
			p.InForce = version.Version
		}
	}
	if !slices.Contains(p.Versions, p.Version) {
		if p.Version != "" {
			unknown = models.Invalid("/version", fmt.Sprintf("there is no version %q of the policy", p.Version))
		}
		p.Version = p.InForce
	}
	policy, err := v.c.Cases.Policy(v.r.Context(), p.Version)
	if err != nil {
		return nil, err
	}
	for _, k := range promisesTried {
		rule := promiseRule{Clock: k}
		i := slices.IndexFunc(policy.Clocks, func(r models.ClockRule) bool { return r.Clock == k })
		for _, s := range models.Severities() {
			field := limitField(k, s)
			limit := promiseLimit{Severity: s, Field: field, Label: v.Say("simulator.limit_of", "clock", v.Name(k), "severity", v.Name(s)), Value: p.Own.Get(field)}
			if i >= 0 {
				amount := policy.Clocks[i].Limit.For(s)
				limit.Hours, limit.Working = strconv.FormatFloat(amount.Of.Hours(), 'f', -1, 64), amount.Calendar != models.CalendarWall
			}
			rule.Limits = append(rule.Limits, limit)
		}
		p.Rules = append(p.Rules, rule)
	}
	return unknown, nil
}

// run lets the cases of the period live by both policies.
func (p *simulatorPage) run(v *visit, a asking, table *kpi.Table, q kpi.Query, limits []simulate.Limit) error {
	ids, err := table.MatchingReal(q)
	if err != nil {
		return err
	}
	v.takeLong(simulatedWithin + 10*time.Second)
	ctx, stop := context.WithTimeout(v.r.Context(), simulatedWithin)
	defer stop()
	answer, err := v.c.Simulations.What(ctx, simulate.Ask{Cases: ids, From: q.From, Until: q.Until, Version: p.Version, Limits: limits})
	if ctx.Err() != nil && v.r.Context().Err() == nil {
		err = models.Refuse(models.CodeTooMany, "this took too long: choose a shorter period or a filter, or use recourse simulate")
	}
	if err != nil {
		return err
	}
	p.Told = v.simulated(a, answer)
	return nil
}

// sorry shows the form again with why there is no answer.
func (p *simulatorPage) sorry(v *visit, err error) error {
	code := models.CodeOf(err)
	if code != models.CodeInvalid && code != models.CodeTooMany {
		return err
	}
	for _, says := range v.faults(err) {
		p.Wrong = says
	}
	if p.Wrong == "" {
		p.Wrong = v.Refusal(&models.Error{Code: code, Message: err.Error()})
	}
	status := statusOf(err)
	if status == http.StatusOK {
		status = http.StatusUnprocessableEntity
	}
	return v.showAs(status, "simulator", p)
}
