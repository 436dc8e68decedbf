package checktest

import (
	"cmp"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// adopted begins a life that was led elsewhere up to now, as no law of ours has it.
func (l *life) adopted(number, customer string) error {
	a := models.Adopted{
		Source: "another desk", Reference: l.uuid()[:8], Opened: models.Opened{
			Number: number, CustomerID: customer, KeyID: l.keyID, Channel: pick(l.maker, models.Channels()...), Language: models.LanguageZH,
			Zone: shanghai.String(), ReceivedAt: l.now.Add(-l.upTo(pick(l.maker, 90*day, 3*day))), Severity: pick(l.maker, models.Severities()...),
			Category: "billing", Anonymous: customer == "", Answered: l.chance(10),
		},
	}
	for range l.rand.IntN(9) {
		a.Moves = append(a.Moves, l.moved(a.Opened.ReceivedAt))
	}
	slices.SortStableFunc(a.Moves, func(a, b models.AdoptedMove) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	if l.chance(30) {
		a.HandlingDue = a.Opened.ReceivedAt.Add(l.upTo(10 * day))
	}
	if l.chance(30) {
		a.Transfers, a.Reworks = new(l.rand.IntN(4)), new(l.rand.IntN(4))
	}
	plans := func(at time.Time) models.Plan {
		plan, _ := Plans{}.Plan(versions()[0].Version, at, shanghai.String())
		return plan
	}
	c, rec, err := lifecycle.Adopt(l.c.ID, a, sue, plans, l.now)
	if err != nil {
		return err
	}
	for _, entry := range rec.Entries {
		e, err := entry.Event()
		if err != nil {
			return err
		}
		l.events = append(l.events, e)
	}
	l.c, l.plan, l.planned = c, c.Plan, l.now
	return nil
}

// moved is something that happened to a case after it was received.
func (l *life) moved(received time.Time) models.AdoptedMove {
	m := models.AdoptedMove{At: received.Add(l.upTo(l.now.Sub(received))), Kind: pick(l.maker, models.AdoptedKinds()...)}
	switch m.Kind { //nolint:exhaustive // the others say all by their kind
	case models.KindDispatched, models.KindTransferred:
		m.Department, m.Person = pick(l.maker, repairs, "service"), pick(l.maker, "", hal.ID)
	case models.KindAccepted, models.KindAssigned:
		m.Person = hal.ID
	case models.KindPaused:
		m.Pause = pick(l.maker, models.PauseReasons()...)
	case models.KindReclassified:
		m.Severity = pick(l.maker, models.Severities()...)
	case models.KindSurveyAnswered:
		m.Scores = &models.Scores{Result: 1 + l.rand.IntN(5)}
	case models.KindArchived, models.KindNotAccepted, models.KindWithdrawn: // rarer than the rest
		if l.chance(70) {
			m.Kind = models.KindResolved
		}
	}
	return m
}
