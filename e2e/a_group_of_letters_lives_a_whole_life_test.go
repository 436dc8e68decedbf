package e2e_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// retell writes the golden timelines anew. They are read before they are committed.
var retell = flag.Bool("retell", false, "write the golden timelines of the stories anew")

// tale is the story in one language: what people say at each turn.
type tale struct {
	language models.Language
	zone     string
	letters  [3]string // of the lead case, the confidential and the anonymous customer
	say      func(turn string) string
}

var tales = []tale{
	{models.LanguageZH, "Asia/Shanghai", [3]string{
		"小区二号楼的电梯一个月坏了五次，昨天把老人困了四十分钟。",
		"同一部电梯，我腿脚不便，请不要公开我的名字。",
		"二号楼电梯，物业一直说在等配件。",
	}, func(turn string) string { return "记录：" + turn }},
	{models.LanguageEN, "Europe/London", [3]string{
		"The lift of house two broke down five times this month; yesterday an old man was stuck for forty minutes.",
		"The same lift. I cannot take the stairs; please do not tell my name.",
		"The lift in house two: they keep saying that they wait for parts.",
	}, func(turn string) string { return "For the record: " + turn }},
}

// Three letters about one matter, received long before anybody recorded them: everything that the real
// traffic brings happens to them, and the record says so line by line.
func TestAGroupOfLettersLivesAWholeLife(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		for _, of := range tales {
			t.Run(string(of.language), func(t *testing.T) { (&storyteller{stack: s, tale: of}).tell(t) })
		}
	})
}

type storyteller struct {
	*stack
	tale

	lead, quiet, nameless accepted
}

func (s *storyteller) tell(t *testing.T) {
	t.Helper()
	s.threeLetters(t)
	s.wrongDepartment(t)
	s.together(t)
	s.pressAndWait(t)
	s.decideAndTellAll(t)
	s.notReceived(t)
	s.lateBadSurvey(t)
	s.seal(t)
	s.compare(t)
}

// at is the case that everything turns round.
func (s *storyteller) at(t *testing.T, state models.State) {
	t.Helper()
	require.Equal(t, state, s.standing(t, s.lead.Number).State)
}

func (s *storyteller) act(t *testing.T, by models.Role, verb models.Verb, body map[string]any) {
	t.Helper()
	s.do(t, s.lead.Number, by, verb, body)
}

// because is a body whose reason says which turn of the story it is.
func (s *storyteller) because(turn string, more ...map[string]any) map[string]any {
	return with(map[string]any{"reason": s.say(turn)}, more...)
}

func (s *storyteller) words(turn string, more ...map[string]any) map[string]any {
	return with(map[string]any{"channel": "phone", "text": s.say(turn)}, more...)
}

func (s *storyteller) threeLetters(t *testing.T) {
	t.Helper()
	letter := func(words string, more map[string]any) accepted {
		return s.open(t, newKey(), with(map[string]any{
			"channel": "letter_box", "text": words, "severity": "important", "nature": "customer", "language": s.language, "zone": s.zone,
			"received_at":      time.Now().Add(-38 * time.Hour).UTC().Truncate(time.Second),
			"receipt_evidence": s.say("the box was emptied on Friday, the protocol is filed"),
		}, more))
	}
	s.lead = letter(s.letters[0], map[string]any{"contact": map[string]any{"name": "A", "phone": "0" + newKey()[:8] + "123456"}})
	s.quiet = letter(s.letters[1], map[string]any{"confidential": true, "contact": map[string]any{"name": "B", "email": newKey() + "@example.org"}})
	s.nameless = letter(s.letters[2], map[string]any{"anonymous": true})
	for _, member := range []accepted{s.quiet, s.nameless} {
		s.do(t, member.Number, models.RoleSupervisor, models.VerbLink, map[string]any{"other": s.lead.Number, "relation": "lead"})
	}
	await(t, settleWithin, "the lead case knows its group", func() bool { return len(s.links(t)) == 2 })
}

func (s *storyteller) links(t *testing.T) []struct{ Number, Relation string } {
	t.Helper()
	var c struct {
		Links []struct{ Number, Relation string } `json:"links"`
	}
	s.as(models.RoleSupervisor).get(t, "/api/v1/complaints/"+s.lead.Number).into(t, &c)
	return c.Links
}

func (s *storyteller) wrongDepartment(t *testing.T) {
	t.Helper()
	order := func(department string) map[string]any {
		return map[string]any{"department": department, "supervising": management, "objective": s.say("a lift that runs")}
	}
	s.act(t, models.RoleSupervisor, models.VerbDispatch, order(repairs))
	s.act(t, stranger, models.VerbReturn, s.because("the lift is not ours"))
	s.at(t, models.StateReceived)
	s.act(t, models.RoleSupervisor, models.VerbDispatch, order(care))
	s.act(t, models.RoleHandler, models.VerbAccept, map[string]any{})
}

func (s *storyteller) together(t *testing.T) {
	t.Helper()
	task := func(department string) map[string]any {
		return map[string]any{"department": department, "due": time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second), "text": s.say("what broke, and why")}
	}
	s.act(t, models.RoleHandler, models.VerbGiveTask, task(repairs))
	s.act(t, models.RoleHandler, models.VerbGiveTask, task(quality))
	refused := s.as(models.RoleHandler).post(t, verbPath(s.lead.Number, models.VerbPropose), newKey(), s.solution())
	require.Equal(t, models.CodeConflict, refused.code(), "joint tasks are open: %s", refused.body)
	s.act(t, stranger, models.VerbFinishTask, map[string]any{"text": s.say("a worn door contact")})
	s.act(t, models.RoleHandler, models.VerbCancelTask, s.because("the cause is known"))
}

func (s *storyteller) pressAndWait(t *testing.T) {
	t.Helper()
	for _, turn := range []string{"she calls again", "and again, with her lawyer"} {
		s.act(t, models.RoleIntake, models.VerbUrge, s.words(turn))
	}
	wait := s.because("she looks for the receipts", map[string]any{
		"waiting_for": "waiting_for_customer", "until": time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second),
	})
	refused := s.as(models.RoleHandler).post(t, verbPath(s.lead.Number, models.VerbPause), newKey(), wait)
	require.Equal(t, models.CodeInvalid, refused.code(), "nobody asked her yet: %s", refused.body)
	s.act(t, models.RoleHandler, models.VerbLogContact, s.words("asked for the receipts", map[string]any{"direction": "out", "held": true}))
	s.act(t, models.RoleHandler, models.VerbPause, wait)
	s.nobody().post(t, pathOf(s.lead.StatusURL)+"/message", newKey(), map[string]any{"text": s.say("here they are")})
	await(t, settleWithin, "her message ends the pause", func() bool { return count(s.timeline(t, s.lead.Number), models.KindResumed) == 1 })
}

func (s *storyteller) solution() map[string]any {
	return map[string]any{
		"solution": s.say("new door contacts, and a month without service charge"), "minutes": s.say("of the meeting"),
		"measures": []any{map[string]any{"text": s.say("change the contacts"), "owner": "care", "due": dueLater}},
	}
}

// approved proposes a solution and has it approved.
func (s *storyteller) approved(t *testing.T) {
	t.Helper()
	s.act(t, models.RoleHandler, models.VerbPropose, s.solution())
	s.act(t, models.RoleExecutive, models.VerbApprove, map[string]any{})
}

func (s *storyteller) decideAndTellAll(t *testing.T) {
	t.Helper()
	s.act(t, models.RoleHandler, models.VerbPropose, s.solution())
	s.act(t, models.RoleExecutive, models.VerbReject, s.because("say what the measures cost"))
	s.approved(t)
	s.act(t, models.RoleHandler, models.VerbTellInterim, s.words("the parts are ordered", map[string]any{
		"until": time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second),
	}))
	s.act(t, models.RoleHandler, models.VerbTellSolution, s.words("contacts on Monday, no service charge", map[string]any{"to_all": true}))
	s.members(t, models.StateImplementing)
	s.resolved(t, map[string]any{"to_all": true})
	s.members(t, models.StateFollowingUp)
}

// members waits until both have come that far, each with a proof of their own.
func (s *storyteller) members(t *testing.T, state models.State) {
	t.Helper()
	for _, m := range []accepted{s.quiet, s.nameless} {
		await(t, settleWithin, m.Number+" is "+string(state), func() bool { return s.standing(t, m.Number).State == state })
	}
}

func (s *storyteller) resolved(t *testing.T, more ...map[string]any) {
	t.Helper()
	s.act(t, models.RoleHandler, models.VerbResolve, map[string]any{"measures_done": true, "outcome": "upheld", "cause": "process", "result": s.say("it runs")})
	s.act(t, models.RoleHandler, models.VerbTellResult, s.words("it runs, and we will look again in May; thank you",
		slices.Concat([]map[string]any{{"done": true, "effect": true, "follow_up": true, "thanks": true}}, more)...))
}

func (s *storyteller) callBack(t *testing.T, outcome string, more ...map[string]any) {
	t.Helper()
	s.act(t, models.RoleQuality, models.VerbRecordCallback, with(map[string]any{"outcome": outcome, "text": s.say(outcome)}, more...))
}

func (s *storyteller) again(t *testing.T) {
	t.Helper()
	s.at(t, models.StateInvestigating)
	s.approved(t)
	s.act(t, models.RoleHandler, models.VerbTellSolution, s.words("once more"))
	s.resolved(t)
	s.callBack(t, "reached_solved", map[string]any{"scores": map[string]any{"result": 4, "process": 5}})
	s.at(t, models.StateClosed)
}

func (s *storyteller) notReceived(t *testing.T) {
	t.Helper()
	s.callBack(t, "not_received")
	s.again(t)
}

func (s *storyteller) lateBadSurvey(t *testing.T) {
	t.Helper()
	link := "/s/" + s.vault.LinkToken(models.SurveyLink(s.lead.ID, 2)...)
	await(t, settleWithin, "the survey is there", func() bool { return s.nobody().get(t, link).status == 200 })
	answer := s.nobody().post(t, link, newKey(), map[string]any{"scores": map[string]any{"result": 1}, "text": s.say("it broke again")})
	require.Less(t, answer.status, 300, "%s", answer.body)
	await(t, settleWithin, "the bad answer opens the case again", func() bool { return s.standing(t, s.lead.Number).State == models.StateInvestigating })
	s.again(t)
}

func (s *storyteller) seal(t *testing.T) {
	t.Helper()
	s.act(t, models.RoleHandler, models.VerbArchiveEarly, s.because("the house is sold"))
	requests := s.standing(t, s.lead.Number).Requests
	require.Len(t, requests, 1)
	s.act(t, models.RoleSupervisor, models.VerbDecide, s.because("granted", map[string]any{"request": requests[0].Request, "granted": true}))
	s.at(t, models.StateArchived)
}

// compare holds the whole timeline against the golden one: what happened in which order, who did it,
// and what was said. Instants and ids are the run's own.
func (s *storyteller) compare(t *testing.T) {
	t.Helper()
	var told strings.Builder
	for _, c := range []struct{ name, number string }{{"lead", s.lead.Number}, {"confidential", s.quiet.Number}, {"anonymous", s.nameless.Number}} {
		fmt.Fprintf(&told, "# %s\n", c.name)
		for _, m := range s.timeline(t, c.number) {
			fmt.Fprintf(&told, "%3d %s\n", m.Seq, lineOf(m))
		}
	}
	golden := filepath.Join("testdata", "stories", string(s.language)+".txt")
	if *retell {
		require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(told.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), told.String())
}

// lineOf is an event in a line: its kind, who, what of its data is the same in every run, and its words.
func lineOf(m moment) string {
	parts := []string{string(m.Kind), "by " + m.Actor.Kind}
	if m.Actor.ID != "" {
		parts[1] += " " + m.Actor.ID
	}
	for _, field := range []string{
		"department", "clock", "bound", "rung", "superseded", "late_reason", "relation", "cause", "outcome", "what", "granted", "reason", "channel", "attempt", "survey_cycle",
	} {
		if v, is := m.Data[field]; is {
			parts = append(parts, fmt.Sprintf("%s=%v", field, v))
		}
	}
	if g, is := m.Data["group"].(map[string]any); is && g["lead"] != nil {
		parts = append(parts, "with the lead case")
	}
	for _, name := range slices.Sorted(maps.Keys(m.Texts)) {
		if name == "contact" { // differs in every run
			continue
		}
		parts = append(parts, fmt.Sprintf("%s: %q", name, m.Texts[name]))
	}
	return strings.Join(parts, " ")
}
