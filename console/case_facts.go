package console

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/currency"

	"recourse/internal/cases"
	"recourse/models"
)

// factList gathers facts; what is empty is none.
type factList struct {
	s     *sheet
	facts []fact
}

func (l *factList) add(key, is string) {
	if is != "" {
		l.facts = append(l.facts, fact{l.s.v.Say("fact." + key), is})
	}
}

func (l *factList) name(key string, member any) { l.add(key, l.s.v.Name(member)) }

func (l *factList) at(key string, t time.Time) {
	if !t.IsZero() {
		l.add(key, l.s.v.Instant(t, l.s.v.Zone))
	}
}

func (l *factList) person(key, id string) {
	if id != "" {
		l.add(key, l.s.personName(id))
	}
}

func (l *factList) department(key, id string) {
	if id != "" {
		l.add(key, l.s.departmentName(id))
	}
}

func (l *factList) category(id string) {
	if id != "" {
		l.add("category", l.s.categoryName(id))
	}
}

func (l *factList) entry(seq int64) {
	if seq > 0 {
		l.add("entry", strconv.FormatInt(seq, 10))
	}
}

func (l *factList) money(m *models.Money) {
	if m != nil {
		l.add("money", l.s.v.Name(m.Kind)+" "+l.s.amount(*m))
	}
}

func (l *factList) yes(key string, is bool) {
	if is {
		l.add(key, l.s.v.Say("case.yes"))
	}
}

// amount writes money with its currency, never converted.
func (s *sheet) amount(m models.Money) string {
	unit, err := currency.ParseISO(m.Currency)
	if err != nil {
		return fmt.Sprintf("%d %s", m.Minor, m.Currency)
	}
	digits := digitsOf(unit)
	plain := fmt.Sprintf("%0*d", digits+1, m.Minor)
	whole, part := plain[:len(plain)-digits], plain[len(plain)-digits:]
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
		whole = s.v.Number(n)
	}
	if digits > 0 {
		whole += "." + part
	}
	return whole + " " + m.Currency
}

func (s *sheet) scoreFacts(sc models.Scores) []fact {
	l := factList{s: s}
	for _, one := range []struct {
		key   string
		value int
	}{{"process", sc.Process}, {"result", sc.Result}, {"speed", sc.Speed}, {"attitude", sc.Attitude}} {
		if one.value > 0 {
			l.add("score."+one.key, fmt.Sprintf("%d / 5", one.value))
		}
	}
	if sc.Recommend != nil {
		l.add("score.recommend", fmt.Sprintf("%d / 10", *sc.Recommend))
	}
	return l.facts
}

// facts are what an event says beside its words.
func (s *sheet) facts(m cases.Moment) []fact {
	l := &factList{s: s}
	switch d := m.Event.Data.(type) {
	case models.Opened:
		l.name("channel", d.Channel)
		l.name("severity", d.Severity)
		l.yes("answered", d.Answered)
	case models.Adopted:
		l.add("source", d.Source)
		l.add("reference", d.Reference)
		l.add("moves", strconv.Itoa(len(d.Moves)))
		l.name("channel", d.Opened.Channel)
		l.name("severity", d.Opened.Severity)
		l.at("as_of", d.AsOf)
	case models.Dispatched:
		l.department("department", d.Department)
		l.person("person", d.Person)
		l.department("supervising", d.Supervising)
		l.name("severity", d.Severity)
		l.name("nature", d.Nature)
		l.category(d.Category)
		l.at("handling_due", d.HandlingDue)
	case models.Settled:
		l.name("channel", d.Channel)
		l.department("department", d.Department)
		l.name("outcome", d.Outcome)
	case models.Transferred:
		l.department("department", d.Department)
		l.person("person", d.Person)
		l.department("supervising", d.Supervising)
	case models.Accepted:
		l.person("person", d.Person)
	case models.Assigned:
		l.person("person", d.Person)
	case models.Proposed:
		l.money(d.Money)
		l.yes("needs_approval", d.NeedsApproval)
		for i, one := range d.Measures {
			parts := []string{s.ownerName(one.Owner), s.v.Instant(one.Due, s.v.Zone)}
			if text := m.Words[models.TextMeasure(i)]; text != "" {
				parts = append([]string{text}, parts...)
			}
			l.facts = append(l.facts, fact{s.v.Say("fact.measure", "at", i+1), strings.Join(parts, " · ")})
		}
	case models.Resolved:
		l.name("outcome", d.Outcome)
		l.name("cause", d.Cause)
		l.name("attribution", d.Attribution)
	case models.Closed:
		l.name("because", d.Reason)
	case models.Reworked:
		l.name("because", d.Cause)
	case models.Reopened:
		l.name("state", d.To)
	case models.Unmerged:
		l.name("state", d.To)
	case models.Archived:
		l.name("because", d.Cause)
	default:
		s.contactFacts(l, m)
	}
	return l.facts
}

// contactFacts are those of words with the customer.
func (s *sheet) contactFacts(l *factList, m cases.Moment) {
	switch d := m.Event.Data.(type) {
	case models.Replied:
		l.name("channel", d.Channel)
	case models.ContactLogged:
		l.name("channel", d.Channel)
		l.name("direction", d.Direction)
		if !d.Held {
			l.add("held", s.v.Say("case.nobody_reached"))
		}
	case models.Noted:
		l.name("audience", d.Audience)
	case models.Messaged:
		l.name("channel", d.Channel)
	case models.Urged:
		l.name("channel", d.Channel)
	case models.ProgressTold:
		l.name("channel", d.Channel)
	case models.InterimTold:
		l.name("channel", d.Channel)
		l.at("until", d.Until)
	case models.SolutionTold:
		l.name("channel", d.Channel)
	case models.ResultTold:
		l.name("channel", d.Channel)
	case models.ContactPromised:
		l.at("at", d.At)
	case models.CallbackPlaced:
		l.add("attempt", strconv.Itoa(d.Attempt))
		l.at("not_before", d.NotBefore)
		l.at("until", d.Until)
	case models.CallbackRecorded:
		l.add("attempt", strconv.Itoa(d.Attempt))
		l.name("outcome", d.Outcome)
		l.at("rescheduled_to", d.RescheduledTo)
		if d.Scores != nil {
			l.facts = append(l.facts, s.scoreFacts(*d.Scores)...)
		}
	case models.Rescheduled:
		l.at("rescheduled_to", d.To)
	case models.SurveyOffered:
		l.at("expires", d.ExpiresAt)
	case models.SurveyAnswered:
		l.facts = append(l.facts, s.scoreFacts(d.Scores)...)
	default:
		s.clockFacts(l, m)
	}
}

// clockFacts are those of what time did, and of what was asked and granted.
func (s *sheet) clockFacts(l *factList, m cases.Moment) {
	switch d := m.Event.Data.(type) {
	case models.Breached:
		l.name("clock", d.Clock)
		l.name("bound", d.Bound)
		l.at("due", d.DueAt)
	case models.Escalated:
		l.name("clock", d.Clock)
		l.name("bound", d.Bound)
		for _, r := range d.Roles {
			l.name("role", r)
		}
		l.at("ack_by", d.AckBy)
		l.yes("superseded", d.Superseded)
	case models.Snoozed:
		l.at("until", d.Until)
	case models.HandedOver:
		l.person("handed_to", d.Person)
		l.at("ack_by", d.AcceptBy)
	case models.Paused:
		l.name("waiting_for", d.Reason)
		l.at("until", d.Until)
	case models.Resumed:
		l.name("because", d.Cause)
	case models.Extended:
		l.at("until", d.Until)
	case models.Requested:
		l.name("request", d.What)
		l.name("decider", d.Decider)
		l.at("until", d.Until)
		l.name("severity", d.Severity)
		l.name("waiting_for", d.Pause)
		l.money(d.Money)
	case models.Decided:
		l.name("request", d.What)
		if d.Granted {
			l.add("decision", s.v.Say("case.granted"))
		} else {
			l.add("decision", s.v.Say("case.refused"))
		}
	case models.Retracted:
		l.name("request", d.What)
	case models.Compensated:
		l.money(&d.Money)
	case models.Supervised:
		l.at("report_due", d.ReportDue)
	case models.TaskGiven:
		l.department("department", d.Department)
		l.at("due", d.Due)
	case models.TaskFinished:
		l.entry(d.Task)
	case models.TaskCancelled:
		l.entry(d.Task)
	default:
		s.filingFacts(l, m)
	}
}

// filingFacts are those of how a case is filed and what belongs to it.
func (s *sheet) filingFacts(l *factList, m cases.Moment) {
	switch d := m.Event.Data.(type) {
	case models.Reclassified:
		l.name("severity", d.Severity)
		l.name("nature", d.Nature)
		l.category(d.Category)
		l.name("cause", d.Cause)
		l.name("attribution", d.Attribution)
	case models.Amended:
		for _, c := range d.Changes {
			l.facts = append(l.facts, fact{s.label("field.", "amend", c.Field), s.v.Say("case.was_is", "was", c.Was, "is", c.Is)})
		}
		l.facts = append(l.facts, s.correctedFacts(m.Contact)...)
		if _, corrected := m.Event.Text(models.TextContact); corrected && len(m.Contact) == 0 { // not for this reader, or erased
			l.facts = append(l.facts, fact{s.label("field.", models.VerbAmend, "contact"), s.v.Say("case.corrected")})
		}
	case models.Voided:
		l.entry(d.Entry)
	case models.Attached:
		l.add("files", s.v.Number(len(d.Files)))
	case models.Restricted:
		for _, id := range d.Circle {
			l.person("circle", id)
		}
		for _, id := range d.Named {
			l.person("named", id)
		}
	case models.ProblemDeclared:
		l.name("because", d.Cause)
	case models.Merged:
		l.add("other", d.Into.Number)
	case models.Linked:
		l.add("other", d.Other.Number)
		l.name("relation", d.Relation)
	case models.Restarted:
		l.name("because", d.Cause)
	}
}
