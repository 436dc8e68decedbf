package lifecycle_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

const (
	us  = time.Microsecond
	day = 24 * time.Hour

	repairs = "repairs" // the department that handles the stories' cases
)

// The people of the stories.
var (
	intake     = person("ivy", models.RoleIntake)
	handler    = member("hal", models.RoleHandler)
	head       = member("hedy", models.RoleDepartmentHead)
	supervisor = person("sue", models.RoleSupervisor)
	another    = person("sam", models.RoleSupervisor)
	manager    = person("max", models.RoleEscalationManager)
	executive  = person("eve", models.RoleExecutive)
	quality    = models.Actor{Kind: models.ActorPerson, ID: "quinn", Roles: []models.Role{models.RoleQuality}, Departments: []string{"quality"}}
	customer   = models.TheCustomer()
)

func person(id string, roles ...models.Role) models.Actor {
	return models.Actor{Kind: models.ActorPerson, ID: id, Roles: roles}
}

func member(id string, roles ...models.Role) models.Actor {
	return models.Actor{Kind: models.ActorPerson, ID: id, Roles: roles, Departments: []string{repairs}}
}

// zone is the company's and, unless a story says otherwise, the customer's.
var zone = mustZone("Asia/Shanghai")

func mustZone(name string) *time.Location {
	z, err := policy.Zone(name)
	if err != nil {
		panic(err)
	}
	return z
}

// monday is a Monday at ten in the company's zone.
var monday = time.Date(2026, time.March, 2, 10, 0, 0, 0, zone).UTC()

// story is a case as a test leads it through its life: the shell around the kernel, in short.
type story struct {
	t        require.TestingT
	c        lifecycle.Case
	now      time.Time
	zone     string // of the customer
	amend    func(*models.Plan)
	events   []models.Event
	recorded []models.Recording
	commands int
}

// begin opens a general complaint by web on Monday at ten; changes may make it another one.
func begin(t require.TestingT, changes ...func(*models.Opened)) *story {
	help(t)
	s := blank(t)
	s.open(complaint(changes...))
	return s
}

// blank is a case that is not on record yet.
func blank(t require.TestingT) *story {
	return &story{t: t, c: lifecycle.Case{ID: "c-1"}, now: monday, zone: zone.String()}
}

func help(t require.TestingT) {
	if h, is := t.(interface{ Helper() }); is {
		h.Helper()
	}
}

func complaint(changes ...func(*models.Opened)) models.Opened {
	o := models.Opened{
		Number: models.Number(2026, 1), CustomerID: "cu-1", KeyID: "k-1", Channel: models.ChannelWeb,
		Language: models.LanguageZH, Zone: zone.String(), ReceivedAt: monday, Severity: models.SeverityGeneral,
		Nature: models.NatureCustomer, Category: "product/defect",
	}
	for _, change := range changes {
		change(&o)
	}
	return o
}

func urgent(o *models.Opened)    { o.Severity = models.SeverityUrgent }
func important(o *models.Opened) { o.Severity = models.SeverityImportant }
func anonymous(o *models.Opened) { o.Anonymous, o.CustomerID = true, "" }

// letter is collected from the box so long after it was received.
func letter(ago time.Duration) func(*models.Opened) {
	return func(o *models.Opened) { o.Channel, o.ReceivedAt = models.ChannelLetterBox, o.ReceivedAt.Add(-ago) }
}

// plan is the default policy as the shell brings it at the story's instant.
func (s *story) plan() models.Plan {
	p := policy.Default(zone).Plan(s.now, s.zone, lifecycle.RulesVersion())
	if s.amend != nil {
		s.amend(&p)
	}
	return p
}

func texts(names ...string) []models.TextRef {
	refs := make([]models.TextRef, len(names))
	for i, n := range names {
		refs[i] = models.TextRef{Name: n, Ref: "t-" + n, Digest: "d0"}
	}
	return refs
}

func (s *story) command(who models.Actor, v models.Verb, d models.Data, words ...string) lifecycle.Command {
	s.commands++
	return lifecycle.Command{ID: fmt.Sprintf("cmd-%d", s.commands), Verb: v, Actor: who, Data: d, Texts: texts(words...)}
}

func (s *story) open(o models.Opened) {
	help(s.t)
	words := []string{models.TextText, models.TextEvidence, models.TextAnswer}
	s.give(s.command(intake, models.VerbOpen, o, words...))
}

// do gives a command that must succeed, and returns its events.
func (s *story) do(who models.Actor, v models.Verb, d models.Data, words ...string) []models.Event {
	help(s.t)
	return s.give(s.command(who, v, d, words...))
}

func (s *story) give(cmd lifecycle.Command) []models.Event {
	help(s.t)
	plan := s.plan()
	events, err := lifecycle.Decide(s.c, cmd, plan, s.now)
	require.NoError(s.t, err, "%s by %s at %s while %s", cmd.Verb, cmd.Actor.ID, s.now, s.c.State)
	s.c.Plan = plan
	s.record(events)
	return events
}

// record writes events as the shell does, and keeps them.
func (s *story) record(events []models.Event) {
	help(s.t)
	after, rec, err := lifecycle.Write(s.c, events)
	require.NoError(s.t, err)
	s.c = after
	s.events = append(s.events, events...)
	s.recorded = append(s.recorded, rec)
}

// refused gives a command that must be refused and must change nothing.
func (s *story) refused(who models.Actor, v models.Verb, d models.Data, words ...string) *models.Error {
	help(s.t)
	return s.turnedDown(s.command(who, v, d, words...))
}

func (s *story) turnedDown(cmd lifecycle.Command) *models.Error {
	help(s.t)
	before := bytesOf(s.t, s.c)
	events, err := lifecycle.Decide(s.c, cmd, s.plan(), s.now)
	require.Error(s.t, err, "%s while %s", cmd.Verb, s.c.State)
	require.Empty(s.t, events, "a refused command yields no events")
	require.Equal(s.t, before, bytesOf(s.t, s.c), "a refused command changes nothing")
	var e *models.Error
	require.ErrorAs(s.t, err, &e)
	return e
}

// wait lets time pass, with everything happening when it is due, as it does while the system is up.
func (s *story) wait(d time.Duration) []models.Event {
	help(s.t)
	return s.until(s.now.Add(d))
}

func (s *story) until(end time.Time) []models.Event {
	help(s.t)
	var all []models.Event
	for {
		next, _ := lifecycle.Agenda(s.c)
		if next.IsZero() || !next.Before(end) {
			break
		}
		all = append(all, s.notice(next.Add(us))...)
	}
	s.now = end
	return all
}

// notice lets time pass while the system is down, and happen at its end whatever came due.
func (s *story) notice(at time.Time) []models.Event {
	help(s.t)
	s.now = at
	_, events := lifecycle.FireDue(s.c, at)
	s.record(events)
	return events
}

// outage is notice after a time.
func (s *story) outage(d time.Duration) []models.Event {
	help(s.t)
	return s.notice(s.now.Add(d))
}

// The steps of the main road, each with all that its verb needs.

func (s *story) dispatch(changes ...func(*models.Dispatched)) {
	help(s.t)
	d := models.Dispatched{Department: repairs, Supervising: "service", Person: handler.ID}
	for _, change := range changes {
		change(&d)
	}
	s.do(intake, models.VerbDispatch, d, models.TextFacts, models.TextObjective)
}

func (s *story) accept() {
	help(s.t)
	s.do(handler, models.VerbAccept, models.Accepted{})
}

func (s *story) reply() {
	help(s.t)
	s.do(handler, models.VerbReply, models.Replied{Channel: models.ChannelEmail}, models.TextText)
}

func (s *story) propose() []models.Event {
	help(s.t)
	d := models.Proposed{Measures: []models.Measure{{Owner: handler.ID, Due: s.now.Add(day)}}}
	return s.do(handler, models.VerbPropose, d, models.TextSolution, models.TextMinutes, models.TextMeasure(0))
}

func (s *story) approve() []models.Event {
	help(s.t)
	return s.do(executive, models.VerbApprove, models.Approved{})
}

func (s *story) tellSolution() []models.Event {
	help(s.t)
	return s.do(handler, models.VerbTellSolution, models.SolutionTold{Channel: models.ChannelEmail}, models.TextText)
}

func (s *story) resolve() []models.Event {
	help(s.t)
	return s.do(handler, models.VerbResolve, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}, models.TextResult)
}

func (s *story) tellResult() []models.Event {
	help(s.t)
	d := models.ResultTold{Channel: models.ChannelEmail, Done: true, Effect: true, FollowUp: true, Thanks: true}
	return s.do(handler, models.VerbTellResult, d, models.TextText)
}

func (s *story) callBack(o models.CallbackOutcome, scores *models.Scores) []models.Event {
	help(s.t)
	return s.do(quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: o, Scores: scores})
}

// answer answers the survey of the first cycle.
func (s *story) answer(result int) []models.Event {
	help(s.t)
	return s.do(customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Result: result}})
}

// solve leads an accepted case to its told result, ten minutes a step.
func (s *story) solve() *story {
	help(s.t)
	const step = 10 * time.Minute
	s.wait(step)
	s.propose()
	if s.c.State == models.StateAwaitingApproval {
		s.wait(step)
		s.approve()
	}
	s.wait(step)
	s.tellSolution()
	s.wait(step)
	s.resolve()
	s.wait(step)
	s.tellResult()
	return s
}

// followUp leads a new case to following_up.
func (s *story) followUp() *story {
	help(s.t)
	s.dispatch()
	s.accept()
	return s.solve()
}

// run returns the latest run of a clock.
func (s *story) run(k models.Clock) lifecycle.Run {
	help(s.t)
	r, known := s.c.Latest(k)
	require.True(s.t, known, "clock %s never started", k)
	return r
}

// of picks the data of one kind out of events.
func of[D models.Data](events []models.Event) []D {
	var all []D
	for _, e := range events {
		if d, is := e.Data.(D); is {
			all = append(all, d)
		}
	}
	return all
}

// delivered picks the alerts that went out.
func delivered(events []models.Event) []models.Escalated {
	return slices.DeleteFunc(of[models.Escalated](events), func(e models.Escalated) bool { return e.Superseded })
}

func kinds(events []models.Event) []models.Kind {
	all := make([]models.Kind, len(events))
	for i, e := range events {
		all[i] = e.Kind
	}
	return all
}

func bytesOf(t require.TestingT, v any) string {
	help(t)
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// jsonCopy sends a value through JSON, as Temporal and the database do.
func jsonCopy(from, to any) error {
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}
