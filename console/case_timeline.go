package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// group is which entries of the timeline are shown.
type group string

// The groups; an entry belongs to one of them.
const (
	groupAll      group = "all"
	groupContact  group = "contact"  // words with the customer: the contact log
	groupMoves    group = "moves"    // where the case went, and who had it
	groupClocks   group = "clocks"   // what time did
	groupInternal group = "internal" // what we said among ourselves
)

var groups = []group{groupAll, groupContact, groupMoves, groupClocks, groupInternal}

// groupOf says to which group a kind of event belongs.
func groupOf(k models.Kind) group {
	switch k {
	case models.KindReplied, models.KindContactLogged, models.KindMessaged, models.KindSolutionTold, models.KindResultTold, models.KindSurveyOffered,
		models.KindCallbackRecorded, models.KindSurveyAnswered, models.KindConfirmed, models.KindNotSolved, models.KindProgressTold,
		models.KindInterimTold, models.KindContactPromised, models.KindUrged, models.KindRescheduled, models.KindSurveyReminded, models.KindWithdrawn:
		return groupContact
	case models.KindOpened, models.KindAdopted, models.KindDispatched, models.KindAccepted, models.KindProposed, models.KindApproved, models.KindRejected,
		models.KindResolved, models.KindClosed, models.KindReworked, models.KindReopened, models.KindArchived, models.KindSettled, models.KindReturned,
		models.KindRecalled, models.KindTransferred, models.KindAssigned, models.KindNotAccepted, models.KindMerged, models.KindUnmerged:
		return groupMoves
	case models.KindBreached, models.KindEscalated, models.KindSurveyExpired, models.KindPaused, models.KindResumed, models.KindExtended, models.KindDeadlinesMoved,
		models.KindAcknowledged, models.KindSnoozed, models.KindHandedOver, models.KindCallbackPlaced:
		return groupClocks
	case models.KindNoted, models.KindRequested, models.KindDecided, models.KindRestarted, models.KindCompensated, models.KindLinked,
		models.KindRetracted, models.KindTaskGiven, models.KindTaskFinished, models.KindTaskCancelled, models.KindMeasureTaken, models.KindSupervised,
		models.KindReported, models.KindReclassified, models.KindAmended, models.KindVoided, models.KindAttached, models.KindRestricted,
		models.KindProblemDeclared:
		return groupInternal
	}
	return groupInternal
}

// timelinePage is how many entries a page shows.
const timelinePage = 40

// timeline is a part of a case's history, latest first.
type timeline struct {
	Group   group
	Groups  []groupLink
	Entries []entryRow
	Older   string // address of the entries before these; empty: there are none
	Newest  string // address of the latest, from an older page
	Total   int
}

type groupLink struct {
	Group group
	Path  string
	Count int
}

// entryRow is one event as the timeline shows it.
type entryRow struct {
	Seq      int64
	Kind     models.Kind
	Group    group
	By       string
	Roles    []models.Role
	At       time.Time
	Happened time.Time // when it was earlier than it was recorded; zero otherwise
	Late     string
	Facts    []fact
	Words    []spokenText
	Steps    []stepThere // of a case that came from another system
	Voided   bool
	Cycle    int
}

// stepThere is what happened to a case in the system that it came from.
type stepThere struct {
	At       time.Time
	Kind     models.Kind
	Facts    []fact
	Inferred bool // that system does not say so itself
}

// fact is a name and what it is.
type fact struct{ Name, Is string }

// spokenText is a text by its name.
type spokenText struct{ Name, Words string }

func (s *sheet) timeline(q url.Values) timeline {
	t := timeline{Group: group(q.Get("show"))}
	if !slices.Contains(groups, t.Group) {
		t.Group = groupAll
	}
	before, err := strconv.ParseInt(q.Get("before"), 10, 64)
	older := err == nil && before > 0
	count, voided := map[group]int{}, map[int64]bool{}
	for _, m := range s.Moments {
		count[groupOf(m.Event.Kind)]++
		count[groupAll]++
		if d, is := m.Event.Data.(models.Voided); is {
			voided[d.Entry] = true
		}
	}
	for _, g := range groups {
		t.Groups = append(t.Groups, groupLink{g, s.timelineAt(g, 0), count[g]})
	}
	t.Total = count[t.Group]
	for _, m := range slices.Backward(s.Moments) {
		if older && m.Event.Seq >= before || t.Group != groupAll && groupOf(m.Event.Kind) != t.Group {
			continue
		}
		if len(t.Entries) == timelinePage {
			t.Older = s.timelineAt(t.Group, t.Entries[timelinePage-1].Seq)
			break
		}
		row := s.entryRow(m)
		row.Voided = voided[row.Seq]
		t.Entries = append(t.Entries, row)
	}
	if older {
		t.Newest = s.timelineAt(t.Group, 0)
	}
	return t
}

func (s *sheet) timelineAt(g group, before int64) string {
	q := url.Values{}
	if g != groupAll {
		q.Set("show", string(g))
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	path := "/cases/" + s.View.Case.Number
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path + "#timeline"
}

func (s *sheet) entryRow(m cases.Moment) entryRow {
	e := m.Event
	row := entryRow{
		Seq: e.Seq, Kind: e.Kind, Group: groupOf(e.Kind), By: s.actorName(e.Actor), Roles: e.Actor.Roles, At: e.DecidedAt, Cycle: e.Cycle,
		Facts: s.facts(m), Words: s.spoken(m),
	}
	if e.DecidedAt.Sub(e.HappenedAt) >= time.Minute && !e.HappenedAt.IsZero() {
		row.Happened = e.HappenedAt
	}
	if d, is := e.Data.(models.Adopted); is {
		row.Steps = s.stepsThere(d)
	}
	if d, is := e.Data.(models.Escalated); is && d.LateBy > 0 {
		row.Late = s.v.Say("case.delivered_late", "span", s.v.Span(d.LateBy), "why", s.v.Name(d.LateReason))
	}
	if d, is := e.Data.(models.Breached); is && e.DecidedAt.Sub(d.DueAt) >= time.Minute {
		row.Late = s.v.Say("case.noticed_late", "span", s.v.Span(e.DecidedAt.Sub(d.DueAt)))
	}
	return row
}

func (s *sheet) stepsThere(d models.Adopted) []stepThere {
	steps := make([]stepThere, len(d.Moves))
	for i, m := range d.Moves {
		l := factList{s: s}
		l.department("department", m.Department)
		l.person("person", m.Person)
		if m.Severity != "" {
			l.name("severity", m.Severity)
		}
		if m.Pause != "" {
			l.name("waiting_for", m.Pause)
		}
		steps[i] = stepThere{m.At, m.Kind, l.facts, m.Inferred}
	}
	return steps
}

// spoken are the words of an event that the reader may read, in their order; contact data and
// particulars stand elsewhere on the page.
func (s *sheet) spoken(m cases.Moment) []spokenText {
	var spoken []spokenText
	texts := slices.Clone(m.Event.Texts)
	slices.SortStableFunc(texts, func(a, b models.TextRef) int { return textPlace(a.Name) - textPlace(b.Name) })
	for _, t := range texts {
		said, is := m.Words[t.Name]
		if is && t.Name == "text" && (m.Event.Kind == models.KindOpened || m.Event.Kind == models.KindAdopted) && !s.retold() {
			continue // it stands above, and may be long
		}
		if !is || t.Name == "contact" || t.Name == "particulars" || strings.HasPrefix(t.Name, "measure.") {
			continue
		}
		name := s.label("words.", models.Verb(m.Event.Kind), t.Name)
		if t.Name == "text" {
			name = ""
		}
		spoken = append(spoken, spokenText{name, said})
	}
	return spoken
}

// textPlace is where a text stands among those of its event; those of others come last.
func textPlace(name string) int {
	order := []string{"text", "objective", "facts", "solution", "result", "answer", "reason", "minutes"}
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}

// changes is what happened on a case since a page was drawn.
type changes struct {
	Since   int64
	Entries []entryRow // latest first
}

func (s *sheet) changesSince(seq int64) *changes {
	c := &changes{Since: seq}
	for _, m := range slices.Backward(s.Moments) {
		if m.Event.Seq <= seq {
			break
		}
		c.Entries = append(c.Entries, s.entryRow(m))
	}
	return c
}

// silent says whether all that happened since is the passing of time, which nobody's form minds.
func (c *changes) silent() bool {
	return !slices.ContainsFunc(c.Entries, func(e entryRow) bool {
		return e.Kind != models.KindBreached && e.Kind != models.KindEscalated && e.Kind != models.KindRestarted && e.Kind != models.KindSurveyReminded
	})
}
