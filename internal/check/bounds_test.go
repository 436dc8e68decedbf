package check_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/check"
	"recourse/internal/check/checktest"
	"recourse/internal/lifecycle"
	"recourse/models"
)

var sam = models.Actor{Kind: models.ActorPerson, ID: "sam", Roles: []models.Role{models.RoleSupervisor}}

// longer adds to the bounds of a clock that an event of a kind names, the latest of its kind.
func longer(k models.Kind, clock models.Clock, by time.Duration) func([]models.Event) {
	return named(k, clock, func(s *models.ClockSpan) {
		s.Limit = s.Limit.Add(by)
		if !s.Target.IsZero() {
			s.Target = s.Target.Add(by)
		}
	})
}

// named changes what the latest event of a kind says of a clock.
func named(k models.Kind, clock models.Clock, change func(*models.ClockSpan)) func([]models.Event) {
	return func(events []models.Event) {
		for _, e := range slices.Backward(events) {
			for j, s := range e.Clocks {
				if e.Kind == k && s.Clock == clock {
					change(&e.Clocks[j])
					return
				}
			}
		}
	}
}

// silent takes a clock out of the latest event of a kind that names it.
func silent(k models.Kind, clock models.Clock) func([]models.Event) {
	return func(events []models.Event) {
		for i, e := range slices.Backward(events) {
			if j := slices.IndexFunc(e.Clocks, func(s models.ClockSpan) bool { return s.Clock == clock }); e.Kind == k && j >= 0 {
				events[i].Clocks = slices.Delete(slices.Clone(e.Clocks), j, j+1)
				return
			}
		}
	}
}

// wished is a callback put off by a pause of a day and a weekend.
func (u *upheaval) wished(id string) {
	u.must(id, sue, models.VerbPause, models.Paused{Reason: models.PauseWish, Until: u.now.Add(3 * 24 * time.Hour)}, models.TextReason)
	u.now = u.now.Add(3*24*time.Hour - time.Minute)
	u.must(id, sue, models.VerbResume, models.Resumed{})
}

// heldUp is another cycle of a case that was raised, waits for others, and is lowered, raised and extended meanwhile.
func (u *upheaval) heldUp(id string) {
	later := func(d time.Duration) { u.now = u.now.Add(d) }
	u.must(id, sue, models.VerbRework, models.Reworked{}, models.TextReason)
	u.must(id, sue, models.VerbReclassify, models.Reclassified{Severity: models.SeverityImportant}, models.TextReason)
	later(time.Hour)
	u.must(id, sue, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: u.now.Add(60 * time.Hour)}, models.TextReason)
	later(8 * time.Hour)
	u.granted(id, models.VerbLowerSeverity, models.Requested{Severity: models.SeverityGeneral})
	later(8 * time.Hour)
	u.must(id, sue, models.VerbReclassify, models.Reclassified{Severity: models.SeverityUrgent}, models.TextReason)
	later(8 * time.Hour)
	u.granted(id, models.VerbExtend, models.Requested{Until: u.now.Add(40 * 24 * time.Hour)})
	later(8 * time.Hour)
	u.must(id, sue, models.VerbResume, models.Resumed{})
}

// granted asks for something that somebody else grants.
func (u *upheaval) granted(id string, v models.Verb, d models.Requested) {
	u.Helper()
	hedy := models.Actor{Kind: models.ActorPerson, ID: "hedy", Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{u.read(id).Department}}
	u.must(id, hedy, v, d, models.TextReason)
	requests := u.read(id).Requests
	u.must(id, sam, models.VerbDecide, models.Decided{Request: requests[len(requests)-1].Seq, Granted: true}, models.TextReason)
}

func (u *upheaval) must(id string, a models.Actor, v models.Verb, d models.Data, texts ...string) {
	u.Helper()
	require.True(u, u.do(id, a, v, d, texts...), "%s is refused", v)
}

// fresh says whether a clock of a case runs, was never late and is not paused.
func fresh(d models.Dossier, k models.Clock) bool {
	var c lifecycle.Case
	_ = json.Unmarshal(d.Case.Snapshot, &c)
	r, is := c.Latest(k)
	return is && r.Running() && !r.LimitMissed && !r.TargetMissed && c.Pause.Seq == 0
}

func calledBack(d models.Dossier) bool { return fresh(d, models.ClockCallback) }

// settled is a general case that can be taken up again, and then has a handling of its own.
func settled(d models.Dossier) bool {
	return d.Case.State == models.StateFollowingUp && d.Case.Severity == models.SeverityGeneral
}

var wrongBounds = []struct {
	name   string
	who    func(models.Dossier) bool
	life   func(*upheaval, string)
	clock  models.Clock
	damage func([]models.Event)
}{
	{"a callback moved by more than its pause", calledBack, (*upheaval).wished, models.ClockCallback, longer(models.KindResumed, models.ClockCallback, time.Hour)},
	{"a callback moved by less than its pause", calledBack, (*upheaval).wished, models.ClockCallback, longer(models.KindResumed, models.ClockCallback, -time.Minute)},
	{"a callback that did not move", calledBack, (*upheaval).wished, models.ClockCallback, silent(models.KindResumed, models.ClockCallback)},
	{"more time left than there was, and spent", calledBack, (*upheaval).wished, models.ClockCallback, func(events []models.Event) {
		named(models.KindPaused, models.ClockCallback, func(s *models.ClockSpan) { s.LimitLeft += time.Hour })(events)
		longer(models.KindResumed, models.ClockCallback, time.Hour)(events)
	}},
	{"no time left said", calledBack, (*upheaval).wished, models.ClockCallback, silent(models.KindPaused, models.ClockCallback)},
	{"a handling that moved by more than its pause", settled, (*upheaval).heldUp, models.ClockHandling, longer(models.KindResumed, models.ClockHandling, time.Microsecond)},
	{"a lowered severity that put a bound too far back", settled, (*upheaval).heldUp, models.ClockHandling, first(models.SeverityGeneral, time.Hour)},
	{"a lowered severity that put a bound back by too little", settled, (*upheaval).heldUp, models.ClockHandling, first(models.SeverityGeneral, -time.Hour)},
	{"a raised severity that brought a bound forward by too little", settled, (*upheaval).heldUp, models.ClockHandling, first(models.SeverityUrgent, time.Hour)},
	{"a raised severity that brought a bound forward by too much", settled, (*upheaval).heldUp, models.ClockHandling, first(models.SeverityUrgent, -time.Hour)},
	{"an extension beyond what was granted", settled, (*upheaval).heldUp, models.ClockHandling, longer(models.KindExtended, models.ClockHandling, time.Hour)},
	{"an extension that moved nothing", settled, (*upheaval).heldUp, models.ClockHandling, silent(models.KindExtended, models.ClockHandling)},
	{"more time left than the extension gives", settled, (*upheaval).heldUp, models.ClockHandling, named(models.KindExtended, models.ClockHandling, func(s *models.ClockSpan) { s.LimitLeft += time.Hour })},
}

// first moves the handling due in the event that changes the severity to one.
func first(to models.Severity, by time.Duration) func([]models.Event) {
	return func(events []models.Event) {
		for i, e := range events {
			if d, is := e.Data.(models.Reclassified); is && d.Severity == to {
				longer(models.KindReclassified, models.ClockHandling, by)(events[i : i+1])
			}
		}
	}
}

func TestABoundThatIsNotThePolicysIsNoticedWhateverMovedIt(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bounds.db")
	require.NoError(t, healthy(few)(file))
	for _, tt := range wrongBounds {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := vandalise(t, copied(t, file))
			u := &upheaval{T: t, store: v.store, vault: checktest.Vault(), done: map[string]int{}, now: checktest.Now}
			d := v.victim(tt.who)
			tt.life(u, d.Case.ID)
			cfg := config()
			cfg.Now = func() time.Time { return u.now.Add(time.Second) }
			r, err := check.Run(t.Context(), v.store, nil, cfg)
			require.NoError(t, err)
			require.True(t, r.OK(), said(t, r))

			d = v.victim(func(o models.Dossier) bool { return o.Case.ID == d.Case.ID })
			v.forge(d, func(events []models.Event) []models.Event { tt.damage(events); return events })
			r, err = check.Run(t.Context(), v.store, nil, cfg)
			require.NoError(t, err)
			require.Equal(t, []string{d.Case.Number}, r.Verdict(check.KeyAlerts).Numbers(), said(t, r))
			require.Regexp(t, `(leaves|does not move) clock \d+/`+string(tt.clock)+"/", said(t, r))
		})
	}
}
