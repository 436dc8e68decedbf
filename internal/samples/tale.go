package samples

import (
	"slices"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

const minute, hour = time.Minute, time.Hour

// world is when the tales are told.
type world struct {
	now    time.Time
	zone   *time.Location // of the company
	people []models.Person
}

// ago is so long before now.
func (w world) ago(d time.Duration) time.Time { return w.now.Add(-d) }

// day is an hour of the day so many days ago, in the company's zone.
func (w world) day(ago, hour, minute int) time.Time {
	local := w.now.In(w.zone)
	return time.Date(local.Year(), local.Month(), local.Day()-ago, hour, minute, 11, 0, w.zone)
}

func (w world) actor(id string) models.Actor {
	i := slices.IndexFunc(w.people, func(p models.Person) bool { return p.ID == id })
	return w.people[i].Actor()
}

// tale is a sample while it is being told: each act comes some time after the one before.
type tale struct {
	cases.Sample

	name string
	w    world
	at   time.Time
}

// tell begins a tale with a complaint that was received and recorded at one instant.
func (w world) tell(name string, at time.Time, by string, n cases.NewComplaint) *tale {
	at = at.UTC().Truncate(time.Microsecond)
	n.Opened.ReceivedAt = at
	if n.Opened.Zone == "" {
		n.Opened.Language, n.Opened.Zone = models.LanguageZH, "Asia/Shanghai"
	} else {
		n.Opened.Language = models.LanguageEN
	}
	return &tale{name: name, w: w, at: at, Sample: cases.Sample{New: n, By: w.actor(by), RecordedAt: at}}
}

// collected says that the complaint was received so long before it was put on record.
func (t *tale) collected(before time.Duration, evidence string) {
	t.New.Opened.ReceivedAt = t.RecordedAt.Add(-before)
	t.New.ReceiptEvidence = evidence
}

func (t *tale) act(after time.Duration, who models.Actor, v models.Verb, d models.Data, words map[string]string) {
	t.at = t.at.Add(after)
	t.Acts = append(t.Acts, cases.Act{At: t.at, Actor: who, Wish: cases.Wish{Verb: v, Data: d, Words: words}})
}

func text(words string) map[string]string { return map[string]string{models.TextText: words} }

func reason(words string) map[string]string { return map[string]string{models.TextReason: words} }

func (t *tale) dispatch(after time.Duration, who, department, person, objective, facts string) {
	d := models.Dispatched{Department: department, Supervising: supervision, Person: person, Nature: t.New.Opened.Nature}
	t.act(after, t.w.actor(who), models.VerbDispatch, d, map[string]string{
		models.TextObjective: objective, models.TextFacts: facts,
	})
}

func (t *tale) accept(after time.Duration, who string) {
	t.act(after, t.w.actor(who), models.VerbAccept, models.Accepted{}, nil)
}

func (t *tale) reply(after time.Duration, who string, ch models.Channel, words string) {
	t.act(after, t.w.actor(who), models.VerbReply, models.Replied{Channel: ch}, text(words))
}

func (t *tale) call(after time.Duration, who, words string) {
	d := models.ContactLogged{Channel: models.ChannelPhone, Direction: models.DirectionOut, Held: true}
	t.act(after, t.w.actor(who), models.VerbLogContact, d, text(words))
}

func (t *tale) note(after time.Duration, who, words string) {
	t.act(after, t.w.actor(who), models.VerbNote, models.Noted{Audience: models.AudienceInternal}, text(words))
}

func (t *tale) message(after time.Duration, words string) {
	t.act(after, models.TheCustomer(), models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, text(words))
}

// pause lets the clocks wait for others, so long at most.
func (t *tale) pause(after time.Duration, who string, most time.Duration, why string) {
	until := t.at.Add(after + most)
	t.act(after, t.w.actor(who), models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: until}, reason(why))
}

// measure is one thing to be done, by whom and how long after the proposal.
type measure struct {
	what  string
	owner string
	in    time.Duration
}

func (t *tale) propose(after time.Duration, who, solution, minutes string, measures ...measure) {
	words := map[string]string{models.TextSolution: solution, models.TextMinutes: minutes}
	var d models.Proposed
	for i, m := range measures {
		words[models.TextMeasure(i)] = m.what
		d.Measures = append(d.Measures, models.Measure{Owner: m.owner, Due: t.at.Add(after + m.in).Truncate(minute)})
	}
	t.act(after, t.w.actor(who), models.VerbPropose, d, words)
}

func (t *tale) approve(after time.Duration, why string) {
	t.act(after, t.w.actor("shen-ruoxi"), models.VerbApprove, models.Approved{}, reason(why))
}

func (t *tale) reject(after time.Duration, why string) {
	t.act(after, t.w.actor("shen-ruoxi"), models.VerbReject, models.Rejected{}, reason(why))
}

func (t *tale) tellSolution(after time.Duration, who string, ch models.Channel, words string) {
	t.act(after, t.w.actor(who), models.VerbTellSolution, models.SolutionTold{Channel: ch}, text(words))
}

func (t *tale) resolve(after time.Duration, who string, d models.Resolved, result string) {
	d.MeasuresDone = true
	t.act(after, t.w.actor(who), models.VerbResolve, d, map[string]string{models.TextResult: result})
}

func (t *tale) tellResult(after time.Duration, who string, ch models.Channel, words string) {
	d := models.ResultTold{Channel: ch, Done: true, Effect: true, FollowUp: true, Thanks: true}
	t.act(after, t.w.actor(who), models.VerbTellResult, d, text(words))
}

func (t *tale) callback(after time.Duration, who string, outcome models.CallbackOutcome, s *models.Scores, words string) {
	t.act(after, t.w.actor(who), models.VerbRecordCallback, models.CallbackRecorded{Outcome: outcome, Scores: s}, text(words))
}

func (t *tale) survey(after time.Duration, cycle int, s models.Scores, words string) {
	t.act(after, models.TheCustomer(), models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: cycle, Scores: s}, text(words))
}

func (t *tale) confirm(after time.Duration, words string) {
	t.act(after, models.TheCustomer(), models.VerbConfirm, models.Confirmed{}, text(words))
}

func (t *tale) acknowledge(after time.Duration, who string) {
	t.act(after, t.w.actor(who), models.VerbAcknowledge, models.Acknowledged{}, nil)
}

func (t *tale) archiveEarly(after time.Duration, who, why string) {
	d := models.Requested{What: models.RequestArchiveEarly, Decider: models.RoleSupervisor}
	t.act(after, t.w.actor(who), models.VerbArchiveEarly, d, reason(why))
}

func (t *tale) grant(after time.Duration, who, why string) {
	t.act(after, t.w.actor(who), models.VerbDecide, models.Decided{Granted: true}, reason(why))
}

func scores(process, result, speed, attitude, recommend int) models.Scores {
	return models.Scores{Process: process, Result: result, Speed: speed, Attitude: attitude, Recommend: &recommend}
}

// tales are the twenty complaints as they stand now, the oldest first.
func tales(now time.Time, zone *time.Location) []*tale {
	w := world{now: now, zone: zone, people: People(now)}
	all := slices.Concat(w.closedTales(), w.followedTales(), w.handledTales(), w.decidedTales(), w.openTales(), w.newTales())
	slices.SortStableFunc(all, func(a, b *tale) int { return a.RecordedAt.Compare(b.RecordedAt) })
	for i, t := range all {
		if slices.ContainsFunc(all[:i], func(other *tale) bool { return other.name == t.name }) {
			panic("two samples are called " + t.name)
		}
	}
	return all
}
