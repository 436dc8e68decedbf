package figures_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/internal/lifecycle"
	"recourse/internal/samples"
	"recourse/models"
)

var writeGaming = flag.Bool("write", false, "write docs/gaming.md")

// played is how many cases each game is played over.
const played = 1000

// story is one case as it went, by when what was done since the receipt. The same dice tell the same story.
type story struct {
	severity                              models.Severity
	accepts, replies, proposes            time.Duration
	tells, resolves, result, calls        time.Duration
	score                                 int
	interim, pause, transfer, backdated   time.Duration // when; 0: not done
	refused, merged, downgraded, reworked bool
	attribution                           models.Attribution // said afterwards instead
}

// honest is how a case goes when nobody minds the figures: a quarter of the first replies, and a third of the
// solutions, are late.
func honest(i int) story {
	dice := rand.New(rand.NewPCG(uint64(i), 7))
	between := func(from, to float64) time.Duration {
		return time.Duration((from + dice.Float64()*(to-from)) * float64(time.Hour)).Truncate(time.Second)
	}
	s := story{severity: models.SeverityGeneral, accepts: between(1.5, 3), replies: between(4, 30), score: 1 + dice.IntN(5)}
	if dice.IntN(4) == 0 {
		s.severity = models.SeverityImportant
	}
	s.proposes = s.replies + between(1, 8)
	s.tells = s.proposes + between(2, 40)
	s.resolves = s.tells + between(10, 160)
	s.result = s.resolves + between(1, 5)
	s.calls = s.result + between(24, 40)
	return s
}

// limits that whoever plays has in mind.
const (
	responseLimit, feedbackLimit = 24 * time.Hour, 48 * time.Hour
	bell                         = 47 * time.Hour
)

func handlingLimit(s models.Severity) time.Duration {
	if s == models.SeverityImportant {
		return 5 * 24 * time.Hour
	}
	return 7 * 24 * time.Hour
}

// game is something that would make a figure look better without helping a customer.
type game struct {
	name  string
	lever models.LeverKind // the rate that must rise where a figure improves; empty: none may improve
	does  string
	play  func(s *story)
}

func games() []game {
	return []game{
		{"interim answer at the bell", models.LeverInterim, "the customer is put off an hour before the 48 hours are over", func(s *story) {
			if s.tells > feedbackLimit && s.accepts < bell {
				s.interim = bell
			}
		}},
		{"pause at the bell", models.LeverPause, "handling waits for others shortly before its due", func(s *story) {
			if limit := handlingLimit(s.severity); s.resolves > limit {
				s.pause = max(limit-2*time.Hour, s.tells+time.Minute)
			}
		}},
		{"downgrade", models.LeverDowngrade, "important cases become general ones", func(s *story) { s.downgraded = s.severity == models.SeverityImportant }},
		{"close and rework", models.LeverHandClose, "cases are closed by hand before anybody calls, and taken up again", func(s *story) { s.reworked = true }},
		{"back-dating", models.LeverBackdating, "a late reply is said to have been given in time", func(s *story) {
			if s.replies > responseLimit {
				s.backdated = responseLimit - 2*time.Hour
			}
		}},
		{"refusal", models.LeverRefusal, "what will be late is not accepted", func(s *story) { s.refused = s.tells > feedbackLimit }},
		{"merge", models.LeverMerge, "what will be late is merged into another case", func(s *story) { s.merged = s.tells > feedbackLimit }},
		{"transfer at the bell", models.LeverTransfer, "what will be late is given to another department just before", func(s *story) {
			if s.tells > feedbackLimit {
				s.transfer = bell
			}
		}},
		{"attribution away", models.LeverAttribution, "after the result the case is said to be another's fault", func(s *story) { s.attribution = models.AttributionInstitutional }},
	}
}

// stage is where games are played: the made-up company, whose service puts cases on record as they were lived.
type stage struct {
	company

	people map[string]models.Actor
	into   models.Other // an open case
}

func newStage(t *testing.T) stage {
	t.Helper()
	s := stage{company: newCompany(t, filepath.Join(t.TempDir(), "company.db"), 0), people: map[string]models.Actor{}}
	for _, p := range samples.People(noon) {
		s.people[p.ID] = p.Actor()
	}
	early := noon.Add(-120 * 24 * time.Hour).UTC()
	open := cases.Sample{ID: uuid.NewString(), By: s.people[clerk], RecordedAt: early, New: s.complaint(early, models.SeverityGeneral, "0")}
	require.NoError(t, s.svc.PutSample(t.Context(), open, noon, asItIs))
	row, err := s.Case(t.Context(), open.ID)
	require.NoError(t, err)
	s.into = models.Other{Case: row.ID, Number: row.Number}
	return s
}

// the people of the play.
const (
	clerk, player, other, boss, executive, caller = "tang-tang", "chen-dayong", "liam-ng", "zhao-mingde", "shen-ruoxi", "fang-qing"
)

// complaint is what somebody complains about.
func (stage) complaint(received time.Time, severity models.Severity, phone string) cases.NewComplaint {
	return cases.NewComplaint{Text: "漏水", Opened: models.Opened{
		Channel: models.ChannelPhone, Language: models.LanguageZH, Zone: "Asia/Shanghai", ReceivedAt: received,
		Severity: severity, Nature: models.NatureCustomer, Category: "product.defect", Product: "Kettle",
	}, Contact: models.Contact{Name: "n", Phone: phone}}
}

// asItIs leaves messages alone.
func asItIs(_ lifecycle.Case, m models.Message) []models.Message { return []models.Message{m} }

// record lives one case and makes what figures know of it.
func (st stage) record(t *testing.T, i int, s story) kpi.Record {
	t.Helper()
	received := noon.Add(-90*24*time.Hour + time.Duration(i)*time.Hour).UTC()
	in, err := st.svc.DraftSample(t.Context(), cases.Sample{
		ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i)).String(), By: st.people[clerk], RecordedAt: received, Acts: st.acts(received, s),
		New: st.complaint(received, s.severity, strconv.Itoa(13000000000+i)),
	}, noon, asItIs)
	require.NoError(t, err, "%d: %+v", i, s)
	r, err := figures.Compose(t.Context(), everyHour{}, models.FigureRow{Case: in.Recording.Case, FactRows: in.Recording.FactRows, Alerts: in.Recording.Alerts})
	require.NoError(t, err)
	return r
}

// acts is the story as what people did.
func (st stage) acts(received time.Time, s story) []cases.Act {
	var acts []cases.Act
	do := func(at time.Duration, who string, v models.Verb, d models.Data, words ...string) {
		texts := map[string]string{}
		for _, name := range words {
			texts[name] = "因为"
		}
		acts = append(acts, cases.Act{At: received.Add(at), Actor: st.people[who], Wish: cases.Wish{Verb: v, Data: d, Words: texts}})
	}
	grant := func(at time.Duration) {
		do(at, boss, models.VerbDecide, models.Decided{Granted: true}, models.TextReason)
	}
	do(time.Hour, boss, models.VerbDispatch, models.Dispatched{Department: "repairs", Supervising: "supervision", Nature: models.NatureCustomer}, models.TextObjective, models.TextFacts)
	do(s.accepts, player, models.VerbAccept, models.Accepted{})
	if s.downgraded {
		do(s.accepts+time.Minute, player, models.VerbLowerSeverity, models.Requested{What: models.RequestLowerSeverity, Decider: models.RoleSupervisor, Severity: models.SeverityGeneral}, models.TextReason)
		grant(s.accepts + 2*time.Minute)
	}
	if s.merged {
		do(s.accepts+time.Minute, boss, models.VerbMerge, models.Merged{Into: st.into}, models.TextReason)
		return acts
	}
	if s.refused {
		do(s.accepts+time.Minute, player, models.VerbNotAccept, models.Requested{What: models.RequestNotAccept, Decider: models.RoleSupervisor}, models.TextReason)
		grant(s.accepts + 2*time.Minute)
		return acts
	}
	do(s.replies, player, models.VerbReply, models.Replied{Channel: models.ChannelPhone}, models.TextText)
	if s.backdated > 0 {
		acts[len(acts)-1].HappenedAt = received.Add(s.backdated)
	}
	who := player
	beside := func(at time.Duration, act func()) {
		if at > 0 {
			act()
		}
	}
	early := func(at time.Duration) bool { return at > 0 && at < s.proposes }
	transfer := func() {
		do(s.transfer, boss, models.VerbTransfer, models.Transferred{Department: "logistics"}, models.TextReason)
		do(s.transfer+30*time.Minute, other, models.VerbAccept, models.Accepted{})
		who = other
	}
	interim := func() {
		do(s.interim, who, models.VerbTellInterim, models.InterimTold{Channel: models.ChannelPhone, Until: received.Add(s.interim + 72*time.Hour)}, models.TextText, models.TextReason)
	}
	if early(s.interim) {
		interim()
	}
	if s.transfer > 0 {
		if s.proposes < s.transfer {
			s.proposes, s.tells = s.transfer+time.Hour, max(s.tells, s.transfer+2*time.Hour)
		}
		transfer()
	}
	do(s.proposes, who, models.VerbPropose, models.Proposed{Measures: []models.Measure{{Owner: who, Due: received.Add(s.proposes + 48*time.Hour)}}}, models.TextSolution, models.TextMinutes, models.TextMeasure(0))
	if s.severity == models.SeverityImportant && !s.downgraded {
		do(s.proposes+time.Hour, executive, models.VerbApprove, models.Approved{}, models.TextReason)
	}
	if s.interim > 0 && !early(s.interim) {
		interim()
	}
	do(max(s.tells, s.proposes+2*time.Hour), who, models.VerbTellSolution, models.SolutionTold{Channel: models.ChannelPhone}, models.TextText)
	beside(s.pause, func() {
		do(s.pause, who, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: received.Add(s.pause + 72*time.Hour)}, models.TextReason)
	})
	do(s.resolves, who, models.VerbResolve, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld, Cause: models.CauseProductDefect, Attribution: models.AttributionService}, models.TextResult)
	do(s.result, who, models.VerbTellResult, models.ResultTold{Channel: models.ChannelPhone, Done: true, Effect: true, FollowUp: true, Thanks: true}, models.TextText)
	if s.attribution != "" {
		do(s.result+time.Minute, boss, models.VerbReclassify, models.Reclassified{Attribution: s.attribution}, models.TextReason)
	}
	if s.reworked {
		do(s.result+time.Minute, boss, models.VerbClose, models.Closed{}, models.TextReason)
		do(s.result+time.Hour, boss, models.VerbReopen, models.Reopened{To: models.StateInvestigating}, models.TextReason)
		return acts
	}
	do(s.calls, caller, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackReachedSolved, Scores: &models.Scores{Process: s.score, Result: max(s.score, 3), Speed: s.score}}, models.TextText)
	return acts
}

// told is a table of a thousand cases, each played so.
func (st stage) told(t *testing.T, play func(*story)) *kpi.Table {
	t.Helper()
	table := kpi.NewTable()
	for i := range played {
		s := honest(i)
		play(&s)
		table.Put(st.record(t, i, s))
	}
	return table
}

// change is a figure that moved.
type change struct {
	kpi      string
	was, is  float64
	improved bool
}

// changes compares every figure of one department, and of all, between two tables.
func changes(t *testing.T, was, is *kpi.Table) (all []change) {
	t.Helper()
	var keys []string
	for _, m := range kpi.Measures() {
		keys = append(keys, m.Key)
	}
	ask := func(table *kpi.Table, filters map[kpi.Dimension][]string) []kpi.Answer {
		s, err := table.Summary(kpi.Query{From: noon.AddDate(-1, 0, 0), Until: noon, Cut: noon, Visible: models.Visible{Whole: true, All: true}, Measures: keys, Filters: filters})
		require.NoError(t, err)
		return s.Answers
	}
	for _, of := range []map[kpi.Dimension][]string{nil, {kpi.ByDepartment: {"repairs"}}, {kpi.ByAttribution: {string(models.AttributionService)}}} {
		before, after := ask(was, of), ask(is, of)
		for i, a := range after {
			b := before[i].Value.Value
			if a.Better == kpi.BetterNeither || b == nil || a.Value.Value == nil || *b == *a.Value.Value {
				continue
			}
			better := *a.Value.Value > *b == (a.Better == kpi.BetterHigher)
			if !slices.ContainsFunc(all, func(c change) bool { return c.kpi == a.Key }) {
				all = append(all, change{a.Key, *b, *a.Value.Value, better})
			}
		}
	}
	return all
}

func TestNoFigureIsGamedWithoutARateThatNamesTheLeverAndThePerson(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	plain := st.told(t, func(*story) {})
	var page strings.Builder
	page.WriteString("# Gaming\n\nGenerated by internal/figures (`go test ./internal/figures -run NoFigureIsGamed -write`). " +
		"A thousand cases are lived twice, by the same dice: as they come, and with one move that would make a figure look better without helping a customer. " +
		"No figure improves, or a rate rises that names the lever and who pulled it; by person it shows whose it was.\n\n" +
		"| move | what is done | figures that look better | lever rate, before → after | by whom |\n|---|---|---|---|---|\n" +
		"| automatic reply | a program answers at once | none: only a person's reply ends the first response; the law refuses a service's | | |\n")
	for _, g := range games() {
		gamed := st.told(t, g.play)
		var better []string
		rate := change{}
		for _, c := range changes(t, plain, gamed) {
			if c.kpi == "lever_"+string(g.lever) {
				rate = c
			}
			if c.improved && !strings.HasPrefix(c.kpi, "lever_") {
				better = append(better, c.kpi)
			}
		}
		by := pullers(t, gamed, g.lever)
		if len(better) > 0 {
			require.Greater(t, rate.is, rate.was, "%s: %v look better and nothing tells", g.name, better)
			require.NotEmpty(t, by, g.name)
			require.NotContains(t, by, "", "%s: nobody is named", g.name)
		}
		slices.Sort(better)
		told := "none"
		if len(better) > 0 {
			told = "`" + strings.Join(better, "`, `") + "`"
		}
		fmt.Fprintf(&page, "| %s | %s | %s | `lever_%s` %.1f → %.1f %% | %s |\n", g.name, g.does, told, g.lever, 100*rate.was, 100*rate.is, strings.Join(by, ", "))
	}
	const file = "../../docs/gaming.md"
	if *writeGaming {
		require.NoError(t, os.WriteFile(file, []byte(page.String()), 0o644))
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(kept), page.String())
}

// pullers are the people by whom a lever's rate is more than nothing.
func pullers(t *testing.T, table *kpi.Table, lever models.LeverKind) (by []string) {
	t.Helper()
	b, err := table.Breakdown(kpi.Query{From: noon.AddDate(-1, 0, 0), Until: noon, Cut: noon, Visible: models.Visible{Whole: true, All: true}, Measures: []string{"lever_" + string(lever)}}, kpi.ByPerson)
	require.NoError(t, err)
	for _, r := range b.Rows {
		if r.Values[0].Hits > 0 {
			by = append(by, r.Keys[0])
		}
	}
	return by
}

func TestAProgramCannotGiveTheFirstReply(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	received := noon.Add(-90 * 24 * time.Hour).UTC()
	s := honest(1)
	acts := st.acts(received, s)
	i := slices.IndexFunc(acts, func(a cases.Act) bool { return a.Verb == models.VerbReply })
	acts[i].Actor = models.Actor{Kind: models.ActorService, ID: "robot", Roles: []models.Role{models.RoleHandler}, Departments: []string{"repairs"}}
	_, err := st.svc.DraftSample(t.Context(), cases.Sample{
		ID: uuid.NewString(), By: st.people[clerk], RecordedAt: received, Acts: acts,
		New: st.complaint(received, s.severity, "13100000000"),
	}, noon, asItIs)
	require.ErrorContains(t, err, "an answer to the customer is given by a person")
}
