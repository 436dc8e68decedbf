package lifecycle_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

func TestRandomSequencesKeepTheInvariants(t *testing.T) {
	t.Parallel()
	for i := range strands {
		t.Run(fmt.Sprintf("strand %d", i), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) { wander(rt) })
		})
	}
}

// walk is a case under random commands at random instants.
type walk struct {
	*story
	rt      *rapid.T
	w       *witness
	current models.Plan
	made    time.Time    // when the plan was made
	eager   bool         // goes along the main road rather than anywhere
	answers models.State // in which the survey of an earlier cycle is answered
	wish    wish         // the line of the law that it goes for
	granted int          // how often the wish came true
	sealed  bool         // is put on record, read back and compared, which takes most of the time
}

func wander(rt *rapid.T) {
	k := &walk{story: blank(rt), rt: rt, w: watch(rt, "c-1")}
	k.zone = one(rt, "zone", []string{"Asia/Shanghai", "America/New_York", "Pacific/Apia", "not a zone"})
	k.eager = rapid.Bool().Draw(rt, "eager")
	k.answers = one(rt, "answers", []models.State{
		models.StateInvestigating, models.StateAwaitingApproval, models.StateSolutionReady, models.StateImplementing, models.StateResolved,
	})
	k.wish = drawWish(rt)
	k.sealed = k.chance(8, "sealed")
	k.now = monday.Add(time.Duration(rapid.Int64Range(0, int64(7*day)).Draw(rt, "start")))
	k.refresh()
	k.try(k.opening())
	if k.c.Seq == 0 {
		return // refused: that was the whole story
	}
	for range rapid.IntRange(75, 115).Draw(rt, "steps") {
		k.pass()
		k.try(k.choose())
	}
	if k.sealed {
		k.w.readBack(k.c)
	} else {
		require.Equal(rt, bare(rt, k.c), bare(rt, lifecycle.Fold(k.events)), "the fold of events is the case")
	}
	k.relive()
	k.audit()
	tally(k.events, k.c)
}

// audit checks the clock ledger of a finished walk: by the policy that it went by, and as if every clock
// had counted in shop hours; as of the last event, and as of later.
func (k *walk) audit() {
	audit(k.rt, k.events, k.c, shops{walked(), k.zone, ""}, k.now)
	audit(k.rt, k.events, k.c, shops{shop(), k.zone, "shop"}, k.now.Add(3*day+17*us))
	accounted(k.rt, k.events, k.c, k.sealed)
}

func one[T any](rt *rapid.T, label string, of []T) T {
	return of[rapid.IntRange(0, len(of)-1).Draw(rt, label)]
}

// chance is true so many times in a hundred.
func (k *walk) chance(percent int, label string) bool {
	return rapid.IntRange(0, 99).Draw(k.rt, label) < percent
}

// walked is the shipped policy with hours of their own for a channel and a department.
var walked = sync.OnceValue(func() policy.Policy {
	text := strings.NewReplacer("result:         {limit: 24h}", "result: {limit: 6h working}",
		"handling:       {limit: {general: 7d, important: 5d, urgent: 3d}}", "handling: {limit: {general: 50h working, important: 30h working, urgent: 20h working}}",
		"\ncallback:", `
  hotline: {hours: {mon-sun: "08:00-22:00"}, zone: Europe/Berlin}
  workshop: {hours: {mon-fri: "09:00-12:00 13:00-18:00"}, holidays: local}
calendars_for: {channels: {phone: hotline}, departments: {repairs: workshop}}
callback:`).Replace(string(policy.DefaultDocument()))
	text, _, _ = strings.Cut(text, "\nexamples:")
	p, faults := policy.Read([]byte(text), zone)
	if policy.Grave(faults) {
		panic(faults)
	}
	p.Version = policy.DefaultVersion
	return p
})

func (k *walk) refresh() {
	if k.made.IsZero() || k.now.Sub(k.made) > 20*day || k.now.Before(k.made) {
		k.current, k.made = walked().Plan(k.now, k.zone, lifecycle.RulesVersion()), k.now
	}
	for _, cal := range k.c.Plan.Calendars { // as the workflow does it
		if !cal.Until.After(k.now.Add(30 * day)) {
			k.c.Plan = k.planOf(k.c.Plan.Policy, k.now, k.zone)
			return
		}
	}
}

// pass lets time pass: nothing to days, and often to the very instant of something due, or a
// microsecond beside it. The system sees what comes due in time, late, or only with the next command.
func (k *walk) pass() {
	if k.late() && k.chance(60, "at once") {
		return
	}
	to := k.now
	switch n := rapid.IntRange(0, 99).Draw(k.rt, "pass"); {
	case k.c.State == models.StateClosed && len(k.c.Requests) > 0 && len(k.c.Alerts) == 0 && n < 50:
		to = to.Add(9 * time.Hour) // nobody decides in time
	case n < 25:
	case n < 35:
		to = to.Add(time.Duration(rapid.IntRange(1, 5000).Draw(k.rt, "nanoseconds")))
	case n < 60:
		to = to.Add(time.Duration(rapid.Int64Range(0, int64(6*time.Hour)).Draw(k.rt, "hours")))
	case n < 88:
		if _, what := lifecycle.Agenda(k.c); len(what) > 0 {
			due := what[0]
			if k.chance(40, "a later one") {
				due = one(k.rt, "due", what)
			}
			to = due.At.Add(time.Duration(rapid.IntRange(-1, 1).Draw(k.rt, "beside")) * us)
		}
	case n < 97:
		to = to.Add(time.Duration(rapid.Int64Range(0, int64(4*day)).Draw(k.rt, "days")))
	default:
		to = to.Add(40 * day)
	}
	if to.Before(k.now) {
		to = k.now
	}
	if k.chance(50, "up") {
		for range 200 {
			next, _ := lifecycle.Agenda(k.c)
			if next.IsZero() || !next.Before(to) {
				break
			}
			k.look(next.Add(us))
		}
	}
	k.now = to
	if k.chance(30, "look") {
		k.look(to)
	}
	k.refresh()
}

// look fires what is due, twice, and compares.
func (k *walk) look(at time.Time) {
	at = at.Truncate(us)
	after, events := lifecycle.FireDue(k.c, at)
	if k.chance(20, "twice") {
		_, again := lifecycle.FireDue(k.c, at)
		same(k.rt, events, again)
		if _, due := lifecycle.Agenda(k.c); len(due) > 0 && due[0].At.Before(at) {
			first := lifecycle.Fire(k.c, due[0], at)
			same(k.rt, first, events[:len(first)])
		}
	}
	k.apply(events)
	after.Head = k.c.Head
	if !reflect.DeepEqual(after.Runs, k.c.Runs) || after.State != k.c.State {
		require.FailNow(k.rt, "FireDue returns another case than its events lead to")
	}
	k.w.standing(k.c, latestOf(at, k.c.LastAt))
}

func latestOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func same(rt *rapid.T, once, twice []models.Event) {
	if !reflect.DeepEqual(once, twice) {
		require.FailNow(rt, "the same inputs are decided in two ways", "%+v\n%+v", once, twice)
	}
}

func (k *walk) apply(events []models.Event) {
	k.events = append(k.events, events...)
	if !k.sealed {
		for _, e := range events {
			k.c = lifecycle.Evolve(k.c, e)
		}
		k.w.see(events)
		return
	}
	after, entries, err := lifecycle.Seal(k.c, events)
	require.NoError(k.rt, err)
	k.c = after
	k.w.see(events)
	k.w.store(events, entries)
}

// try gives a command that may be refused.
func (k *walk) try(cmd lifecycle.Command) {
	plan := k.planFor(cmd)
	events, err := lifecycle.Decide(k.c, cmd, plan, k.now)
	if k.chance(20, "twice") {
		again, _ := lifecycle.Decide(k.c, cmd, plan, k.now)
		same(k.rt, events, again)
	}
	if err != nil {
		var e *models.Error
		require.ErrorAs(k.rt, err, &e)
		if len(events) > 0 || e.Code == models.CodeInternal || e.Message == "" || e.Code == models.CodeInvalid && e.Field == "" {
			require.FailNow(k.rt, "a bad refusal", "%+v with %d events", e, len(events))
		}
		count(refusedMoves, string(e.Code))
		return
	}
	i := slices.IndexFunc(events, func(e models.Event) bool {
		return e.Command == cmd.ID && slices.Contains(putsOnRecord(cmd.Verb), e.Kind) && (cmd.Verb == models.VerbResume || e.Kind != models.KindResumed)
	})
	if i < 0 {
		require.FailNow(k.rt, "a command that was taken is not on record", "%s", cmd.Verb)
	}
	at := k.c
	for _, e := range events[:i] {
		at = lifecycle.Evolve(at, e)
	}
	if !models.Lawful(cmd.Verb, at.State) {
		require.FailNow(k.rt, "an unlawful move was taken", "%s while %s", cmd.Verb, at.State)
	}
	count(lawfulMoves, string(cmd.Verb)+" "+string(at.State))
	k.grant(wish{cmd.Verb, at.State})
	k.c.Plan = plan
	k.apply(events)
	if !slices.Contains([]models.Verb{models.VerbOpen, models.VerbReopen, models.VerbUnmerge, models.VerbMoveDeadlines}, cmd.Verb) && !k.wakes(events) { // may be overdue as it comes
		k.w.standing(k.c, k.c.LastAt)
	}
}

// opening is a complaint of any kind.
func (k *walk) opening() lifecycle.Command {
	o := complaint(func(o *models.Opened) {
		o.Severity = one(k.rt, "severity", models.Severities())
		o.Channel = one(k.rt, "channel", models.Channels())
		o.ReceivedAt = k.now
		o.Answered = k.chance(10, "answered")
		if k.chance(15, "anonymous") {
			anonymous(o)
		}
		if k.chance(10, "routed") {
			o.Route = &models.Route{Rule: "r", Department: repairs, Person: handler.ID, Auto: k.chance(70, "auto")}
		}
		if o.Channel.Collected() {
			o.ReceivedAt = o.ReceivedAt.Add(-time.Duration(rapid.Int64Range(0, int64(5*day)).Draw(k.rt, "collected after")))
			if k.chance(20, "at the bound") {
				o.ReceivedAt = k.now.Add(-one(k.rt, "bound", []time.Duration{24 * time.Hour, 24*time.Hour + us, 48 * time.Hour, time.Hour}))
			}
		}
	})
	return k.command(intake, models.VerbOpen, o, models.TextText, models.TextEvidence, models.TextAnswer)
}

// forward is how the main road goes on.
var forward = map[models.State][]models.Verb{
	models.StateReceived:         {models.VerbDispatch, models.VerbDispatch, models.VerbDispatch, models.VerbSettle},
	models.StateDispatched:       {models.VerbAccept},
	models.StateInvestigating:    {models.VerbPropose},
	models.StateAwaitingApproval: {models.VerbApprove, models.VerbApprove, models.VerbReject},
	models.StateSolutionReady:    {models.VerbTellSolution},
	models.StateImplementing:     {models.VerbResolve},
	models.StateResolved:         {models.VerbTellResult},
	models.StateFollowingUp:      {models.VerbRecordCallback, models.VerbAnswerSurvey, models.VerbRework, models.VerbNotSolved, models.VerbClose, models.VerbConfirm},
	models.StateClosed:           {models.VerbReopen, models.VerbArchiveEarly, models.VerbDecide, models.VerbNotSolved, models.VerbAnswerSurvey, models.VerbAcknowledge},
	models.StateWithdrawn:        {models.VerbReopen, models.VerbArchiveEarly},
	models.StateMerged:           {models.VerbUnmerge, models.VerbArchiveEarly},
	models.StateNotAccepted:      {models.VerbReopen, models.VerbArchiveEarly},
}

// owed is a verb that something waits for, and how often it is the next one.
type owed struct {
	verb    models.Verb
	percent int
	waits   func(*walk) bool
}

var owing = []owed{
	{models.VerbMoveDeadlines, 3, func(k *walk) bool { return k.c.State.Open() }},
	{models.VerbFinishTask, 12, func(k *walk) bool { return len(k.c.Tasks) > 0 }},
	{models.VerbCancelTask, 8, func(k *walk) bool { return len(k.c.Tasks) > 0 }},
	{models.VerbResume, 8, func(k *walk) bool { return k.c.Pause.Seq != 0 }},
	{models.VerbReport, 10, func(k *walk) bool { return k.running(models.ClockReport) }},
	{models.VerbRetract, 5, func(k *walk) bool { return len(k.c.Requests) > 0 }},
	{models.VerbDecide, 10, func(k *walk) bool { return len(k.c.Requests) > 0 }},
	{models.VerbTellSolution, 15, func(k *walk) bool { return k.member() && models.Lawful(models.VerbTellSolution, k.c.State) }},
	{models.VerbTellResult, 15, func(k *walk) bool { return k.member() && models.Lawful(models.VerbTellResult, k.c.State) }},
	{models.VerbSnooze, 4, func(k *walk) bool { return k.unacknowledged() }},
	{models.VerbHandOver, 4, func(k *walk) bool { return k.unacknowledged() }},
	{models.VerbAcknowledge, 15, func(k *walk) bool { return len(k.c.Alerts) > 0 && k.c.State.Ended() }},
}

// unacknowledged says whether an alert is out that somebody must acknowledge.
func (k *walk) unacknowledged() bool {
	return slices.ContainsFunc(k.c.Alerts, func(a lifecycle.Alert) bool { return !a.AckBy.IsZero() })
}

func (k *walk) member() bool {
	_, in := k.c.Lead()
	return in
}

// awaited picks a verb that something waits for, now and then.
func (k *walk) awaited() (models.Verb, bool) {
	for _, o := range owing {
		if o.waits(k) && k.chance(o.percent, string(o.verb)) {
			return o.verb, true
		}
	}
	return "", false
}

// choose picks what comes next: mostly something lawful, sometimes anything, sometimes spoilt.
func (k *walk) choose() lifecycle.Command {
	verbs := models.Possible(k.c.State)
	road := forward[k.c.State]
	percent := 25
	if k.eager {
		percent = 60
	}
	settled := k.c.State == models.StateFollowingUp || k.c.State == models.StateClosed
	if v, is := k.toward(); is && k.chance(80, "as wished") {
		return k.wished(v)
	}
	v, waited := k.awaited()
	switch { // what comes up rarely is helped along
	case waited:
	case k.late() && k.c.State == k.answers:
		v = models.VerbAnswerSurvey
	case k.late() && len(road) > 0 && k.chance(80, "on"):
		v = one(k.rt, "road", road)
	case settled && len(k.c.Alerts) > 0 && k.chance(40, "an alert"):
		v = models.VerbAcknowledge
	case settled && len(k.c.Requests) > 0 && k.chance(8, "a decision"):
		v = models.VerbDecide
	case len(verbs) == 0 || k.chance(8, "anything"):
		v = one(k.rt, "any verb", models.Verbs())
	case len(road) > 0 && k.chance(percent, "forward"):
		v = one(k.rt, "road", road)
	default:
		v = one(k.rt, "verb", verbs)
	}
	cmd := k.compose(v)
	if k.chance(5, "spoil") {
		k.spoil(&cmd)
	}
	return cmd
}

// late says whether the survey of an earlier cycle may still be answered.
func (k *walk) late() bool {
	return slices.ContainsFunc(k.c.Surveys, func(s lifecycle.Survey) bool {
		return s.Cycle < k.c.Cycle && !s.Answered && !k.now.After(s.Expires)
	})
}

func (k *walk) spoil(cmd *lifecycle.Command) {
	switch rapid.IntRange(0, 4).Draw(k.rt, "how") {
	case 0:
		cmd.Texts = nil
	case 1:
		cmd.Actor = one(k.rt, "who", []models.Actor{intake, handler, head, supervisor, executive, quality, customer})
	case 2:
		cmd.HappenedAt = k.now.Add(time.Duration(rapid.Int64Range(-int64(10*day), int64(day)).Draw(k.rt, "happened")))
	case 3:
		cmd.IfSeq = k.c.Seq + rapid.Int64Range(-1, 1).Draw(k.rt, "if")
	case 4:
		data, err := models.ReadData(cmd.Data.Kind(), 1, []byte("{}"))
		require.NoError(k.rt, err)
		cmd.Data = data
	}
}

// compose is v with plausible data.
func (k *walk) compose(v models.Verb) lifecycle.Command {
	switch v { //nolint:exhaustive // the others have nothing to choose
	case models.VerbDispatch:
		d := models.Dispatched{Department: repairs, Supervising: "service", Severity: k.c.Severity}
		if k.chance(40, "raised") {
			d.Severity = one(k.rt, "to", models.Severities())
		}
		if k.chance(50, "named") {
			d.Person = handler.ID
		}
		if k.chance(30, "due") {
			d.HandlingDue = k.now.Add(time.Duration(rapid.Int64Range(1, int64(12*day)).Draw(k.rt, "handling")))
		}
		return k.command(intake, v, d, models.TextObjective)
	case models.VerbRecordCallback:
		return k.callback()
	case models.VerbAnswerSurvey:
		cycle := k.c.Cycle
		if len(k.c.Surveys) > 0 {
			cycle = one(k.rt, "survey", k.c.Surveys).Cycle
		}
		return k.command(customer, v, models.SurveyAnswered{SurveyCycle: cycle, Scores: models.Scores{Result: rapid.IntRange(0, 5).Draw(k.rt, "score")}})
	case models.VerbDecide:
		d := models.Decided{Request: k.c.Seq, Granted: k.chance(40, "granted")}
		who := supervisor
		if len(k.c.Requests) > 0 {
			r := one(k.rt, "request", k.c.Requests)
			d.Request, who = r.Seq, k.decider(r)
		}
		return k.command(who, v, d, models.TextReason)
	case models.VerbArchive:
		if end := k.c.Milestones.EndedAt.Add(30 * day); !k.c.Milestones.EndedAt.IsZero() && k.chance(40, "at the end of the window") {
			k.now = latestOf(k.now, end)
		}
		return k.command(supervisor, v, models.Archived{})
	case models.VerbMoveDeadlines:
		return k.adjustment()
	case models.VerbAcknowledge:
		d := models.Acknowledged{Alert: "1/none/1/limit/0/0"}
		if len(k.c.Alerts) > 0 {
			d.Alert = one(k.rt, "alert", k.c.Alerts).Key
		}
		return k.command(one(k.rt, "who", []models.Actor{executive, executive, manager, handler}), v, d)
	case models.VerbSnooze, models.VerbHandOver:
		return k.putOff(v)
	default:
		return k.composeBeside(v)
	}
}

// putOff snoozes an alert that waits, mostly to where that is possible, or hands it over.
func (k *walk) putOff(v models.Verb) lifecycle.Command {
	key, until := "1/none/1/limit/0/0", k.now.Add(time.Hour)
	c := k.c
	c.Plan = k.current
	for _, a := range c.Alerts {
		if after, latest, may := c.MaySnooze(a.Key, k.now); may {
			key, until = a.Key, after.Add(time.Duration(rapid.Int64Range(-2, int64(latest.Sub(after)/us)+2).Draw(k.rt, "until"))*us)
		} else if v == models.VerbHandOver && c.MayHandOver(a.Key) || k.chance(20, "in vain") {
			key = a.Key
		}
	}
	who := one(k.rt, "who", []models.Actor{executive, executive, manager, handler})
	if v == models.VerbSnooze {
		return k.command(who, v, models.Snoozed{Alert: key, Until: until}, models.TextReason)
	}
	return k.command(who, v, models.HandedOver{Alert: key, Person: one(k.rt, "to", []models.Actor{manager, supervisor, handler}).ID}, models.TextReason)
}

// composeBeside is v with plausible data, for the verbs beside the main road.
func (k *walk) composeBeside(v models.Verb) lifecycle.Command {
	reason := models.TextReason
	soon := func(most time.Duration) time.Time {
		return k.now.Add(time.Duration(rapid.Int64Range(-int64(most/20), int64(most)).Draw(k.rt, "soon")))
	}
	switch v { //nolint:exhaustive // the others have nothing to choose
	case models.VerbPause:
		why := one(k.rt, "why", models.PauseReasons())
		return k.command(one(k.rt, "who", []models.Actor{supervisor, k.head()}), v, models.Paused{Reason: why, Until: soon(3 * day)}, reason)
	case models.VerbLongPause:
		return k.command(k.head(), v, models.Requested{Pause: one(k.rt, "why", models.PauseReasons()), Until: soon(12 * day)}, reason)
	case models.VerbLowerSeverity:
		who := one(k.rt, "who", []models.Actor{supervisor, k.head(), intake})
		return k.command(who, v, models.Requested{Severity: one(k.rt, "to", models.Severities()[:2])}, reason)
	case models.VerbReclassify:
		d := models.Reclassified{Category: "billing"}
		if k.chance(60, "raised") {
			d.Severity = one(k.rt, "to", models.Severities())
		}
		if k.chance(5, "nature") {
			d.Nature = one(k.rt, "nature", models.Natures())
		}
		return k.command(one(k.rt, "who", []models.Actor{supervisor, quality, k.head()}), v, d, reason)
	case models.VerbCompensate:
		return k.command(k.head(), v, models.Requested{Money: cny(one(k.rt, "money", []int64{1, limitOfMoney, limitOfMoney + 1}))}, reason)
	case models.VerbGiveTask:
		return k.command(k.head(), v, models.TaskGiven{Department: one(k.rt, "to", []string{"law", "sales", repairs}), Due: soon(4 * day)}, models.TextText)
	case models.VerbPromiseContact:
		return k.command(supervisor, v, models.ContactPromised{At: soon(3 * day)})
	case models.VerbSupervise:
		return k.command(supervisor, v, models.Supervised{ReportDue: soon(4 * day)}, reason)
	case models.VerbReschedule:
		return k.command(customer, v, models.Rescheduled{To: soon(15 * day)})
	case models.VerbLink:
		other := one(k.rt, "other", []models.Other{earlier, {Case: "c-9", Number: models.Number(2026, 9)}})
		relation := models.RelationLead
		if k.chance(50, "another relation") {
			relation = one(k.rt, "relation", models.Relations())
		}
		return k.command(supervisor, v, models.Linked{Other: other, Relation: relation, Department: repairs})
	default:
		cmd, _ := lawfully(k.story, v)
		if cmd.ID == "" {
			cmd = unlawfully(k.story, v)
		}
		return cmd
	}
}

func (k *walk) callback() lifecycle.Command {
	d := models.CallbackRecorded{Outcome: one(k.rt, "outcome", append(models.CallbackOutcomes(), models.CallbackNoAnswer, models.CallbackNoAnswer))}
	if at := k.c.Callback.NotBefore; k.c.Callback.Open && at.After(k.now) && k.chance(70, "in its half-day") {
		k.now = at
	}
	switch d.Outcome {
	case models.CallbackRescheduled:
		d.RescheduledTo = k.now.Add(time.Duration(rapid.Int64Range(0, int64(5*day)).Draw(k.rt, "to")))
	case models.CallbackReachedSolved, models.CallbackReachedUnsolved:
		if k.chance(60, "scores") {
			d.Scores = &models.Scores{Result: rapid.IntRange(0, 5).Draw(k.rt, "score")}
		}
	case models.CallbackRefused, models.CallbackWrongNumber:
		d.OtherChannel = k.chance(40, "other channel")
	case models.CallbackNotReceived, models.CallbackNoAnswer:
	}
	return k.command(quality, models.VerbRecordCallback, d)
}

func TestFoldingARecordWithHolesNeverPanics(t *testing.T) {
	t.Parallel()
	s := begin(t, important).followUp()
	s.answer(2)
	s.solve()
	s.callBack(models.CallbackReachedSolved, nil)
	s.wait(10 * day)
	rapid.Check(t, func(rt *rapid.T) {
		kept := rapid.SliceOfN(rapid.Bool(), len(s.events), len(s.events)).Draw(rt, "kept")
		var holed []models.Event
		for i, e := range s.events {
			if kept[i] {
				holed = append(holed, e)
			}
		}
		c := lifecycle.Fold(holed)
		if len(holed) == len(s.events) {
			require.Equal(rt, bare(rt, s.c), bare(rt, c))
		}
	})
}
