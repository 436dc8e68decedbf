package check_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/check"
	"recourse/internal/check/checktest"
	"recourse/internal/lifecycle"
	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

// Merging, erasing, transferring and a person's leaving happen to cases wherever they stand. Whatever
// comes of it, nothing is orphaned, every chain verifies, and every clock is as the kernel says: the
// checker reads all of it anew.
func TestCasesSurviveMergingErasingTransferringAndLeavingWhereverTheyStand(t *testing.T) {
	for name, url := range map[string]func() string{
		"SQLite":   func() string { return filepath.Join(t.TempDir(), "upheaval.db") },
		"Postgres": func() string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), url(), store.Options{})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, s.Close()) })
			require.NoError(t, s.Migrate(t.Context()))
			require.NoError(t, checktest.Fill(t.Context(), s, seed, upheavals))
			u := &upheaval{T: t, store: s, vault: checktest.Vault(), done: map[string]int{}, now: checktest.Now}
			u.everything()
			u.clean()
			for what, n := range u.done {
				t.Logf("%s: %d", what, n)
			}
			for _, what := range []string{"merged", "transferred", "erased", "handed on"} {
				require.NotZero(t, u.done[what], what)
			}
		})
	}
}

// upheavals is how many cases live before it all happens to them.
const upheavals = 240

type upheaval struct {
	*testing.T

	store *store.Store
	vault *vault.Vault
	done  map[string]int
	now   time.Time
}

var (
	sue = models.Actor{Kind: models.ActorPerson, ID: "sue", Roles: []models.Role{models.RoleSupervisor}}
	// chief may do whatever the law allows to somebody, so that the law alone decides.
	chief = models.Actor{Kind: models.ActorSystem}
)

// everything lets one thing happen to each case, in turn, and then lets a handler go.
func (u *upheaval) everything() {
	rows, _, err := u.store.Cases(u.Context(), models.CaseQuery{Visible: models.VisibleTo(sue), Limit: models.MaxPage})
	require.NoError(u, err)
	for i, row := range rows {
		switch i % 4 {
		case 0:
			u.merge(row, rows)
		case 1:
			u.transfer(row)
		case 2:
			u.erase(row)
		}
	}
	require.NoError(u, u.store.Leave(u.Context(), models.Departure{PersonID: "hal", Author: "sue", LeftAt: u.now}))
	behind, err := u.store.LeftBehind(u.Context(), "hal")
	require.NoError(u, err)
	for _, b := range behind {
		row, err := u.store.Case(u.Context(), b.CaseID)
		require.NoError(u, err)
		if row.Department == "" { // another system had it with a person of no department: whoever dispatches it names the next
			continue
		}
		if u.do(b.CaseID, chief, models.VerbAssign, models.Assigned{Person: b.Successor}) {
			u.done["handed on"]++
		}
	}
}

// merge ends a case in any earlier one that is open, and brings that one the news.
func (u *upheaval) merge(row models.Case, rows []models.Case) {
	for _, into := range rows {
		if !into.State.Open() || !models.Earlier(into.Number, row.Number) {
			continue
		}
		if !u.do(row.ID, sue, models.VerbMerge, models.Merged{Into: models.Other{Case: into.ID, Number: into.Number}}, models.TextReason) {
			return
		}
		u.done["merged"]++
		c := u.read(row.ID)
		for _, r := range c.Runs {
			require.False(u, r.Running(), "%s: %s runs on after the merge", row.Number, r.Key)
		}
		u.relay(into.ID)
		return
	}
}

// relay decides what other cases sent.
func (u *upheaval) relay(caseID string) {
	all, err := u.store.Incomings(u.Context(), caseID)
	require.NoError(u, err)
	for _, in := range all {
		if in.State != models.IncomingPending || in.Verb != models.VerbLink {
			continue
		}
		var order struct{ Command lifecycle.Command }
		require.NoError(u, json.Unmarshal(in.Command, &order))
		if err := u.decided(caseID, order.Command); err != nil { // as the relay has it: refused for good
			require.Equal(u, models.CodeConflict, models.CodeOf(err))
		}
		require.NoError(u, u.store.IncomingPassed(u.Context(), in.ID, u.now))
	}
}

func (u *upheaval) transfer(row models.Case) {
	before := u.read(row.ID)
	hal := models.Actor{Kind: models.ActorPerson, ID: "hedy", Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{row.Department}}
	to := "service"
	if row.Department == to {
		to = "repairs"
	}
	if !u.do(row.ID, hal, models.VerbTransfer, models.Transferred{Department: to}, models.TextReason) {
		return
	}
	u.done["transferred"]++
	after := u.read(row.ID)
	was, _ := before.Latest(models.ClockHandling)
	is, _ := after.Latest(models.ClockHandling)
	require.Equal(u, was.Limit.Add(pausedFor(before, u.now)), is.Limit, "%s: a transfer moves no due", row.Number)
	acceptance, _ := after.Latest(models.ClockAcceptance)
	require.True(u, acceptance.Running(), "%s: the new department has yet to accept", row.Number)
}

// pausedFor is how long the handling has been paused now: a transfer resumes it first.
func pausedFor(c lifecycle.Case, now time.Time) time.Duration {
	if r, _ := c.Latest(models.ClockHandling); !r.PausedAt.IsZero() && !r.LimitMissed {
		return now.Sub(r.PausedAt)
	}
	return 0
}

func (u *upheaval) erase(row models.Case) {
	if row.CustomerID == "" {
		return
	}
	require.NoError(u, u.store.Erase(u.Context(), row.CustomerID, u.now))
	u.done["erased"]++
}

func (u *upheaval) read(caseID string) lifecycle.Case {
	row, err := u.store.Case(u.Context(), caseID)
	require.NoError(u, err)
	c, err := lifecycle.Restore(row)
	require.NoError(u, err)
	c.Head = row.Hash
	return c
}

// do uses a verb with the texts that it needs, and says whether the law, the access table and the
// kernel let it.
func (u *upheaval) do(caseID string, a models.Actor, v models.Verb, d models.Data, texts ...string) bool {
	u.Helper()
	row, err := u.store.Case(u.Context(), caseID)
	require.NoError(u, err)
	if !models.Lawful(v, row.State) || models.May(a, v, row.Standing()) != nil {
		return false
	}
	cmd := lifecycle.Command{ID: uuid.NewString(), Verb: v, Actor: a, Data: d}
	if len(texts) > 0 {
		key, err := u.store.Key(u.Context(), row.KeyID)
		require.NoError(u, err)
		if len(key.Wrapped) == 0 {
			return false // the customer was erased: no word of this case can be kept any more
		}
		var staged []models.Text
		for _, name := range texts {
			ref := uuid.NewString()
			sealed, digest, err := u.vault.SealText(key.Wrapped, key.ID, ref, "because")
			require.NoError(u, err)
			staged = append(staged, models.Text{Ref: ref, CaseID: caseID, KeyID: key.ID, Command: cmd.ID, Name: name, Sealed: sealed, Digest: digest, StagedAt: u.now})
		}
		cmd.Texts, err = u.store.Stage(u.Context(), key.ID, staged)
		require.NoError(u, err)
	}
	u.decide(caseID, cmd)
	return true
}

func (u *upheaval) decide(caseID string, cmd lifecycle.Command) {
	u.Helper()
	require.NoError(u, u.decided(caseID, cmd))
}

// decided puts on record what a command brings; it returns why it is refused.
func (u *upheaval) decided(caseID string, cmd lifecycle.Command) error {
	u.Helper()
	c := u.read(caseID)
	events, err := lifecycle.Decide(c, cmd, c.Plan, u.now)
	if err != nil {
		return err
	}
	_, rec, err := lifecycle.Write(c, events)
	require.NoError(u, err)
	require.NoError(u, u.store.Record(u.Context(), rec))
	return nil
}

func (u *upheaval) clean() {
	u.Helper()
	report, err := check.Run(u.Context(), u.store, nil, config())
	require.NoError(u, err)
	for _, v := range report.Verdicts {
		require.Zero(u, v.Broken, "%s: %v", v.Key, v.Findings)
	}
}
