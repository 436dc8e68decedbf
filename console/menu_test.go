package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/models"
)

var places = regexp.MustCompile(`(?s)<a href="(/[a-z]+)"[^>]*>(.*?)</a>`)

// waiting is what the menu of a page says of a place, as it is heard; "" where nothing waits, and false
// where the place is not there.
func waiting(got answer, place string) (says string, is bool) {
	_, nav, _ := strings.Cut(got.Body, "<nav ")
	nav, _, _ = strings.Cut(nav, "</nav>")
	for _, found := range places.FindAllStringSubmatch(nav, -1) {
		if found[1] == place {
			_, says, _ = strings.Cut(found[2], `class="visually-hidden">`)
			says, _, _ = strings.Cut(says, "</span>")
			return strings.TrimSpace(says), true
		}
	}
	return "", false
}

func TestTheMenuSaysHowMuchWaitsForWhom(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.urgent(t)
	d.proposed(t)
	d.asked(t)
	d.followedUp(t, "quality")
	places := map[string]struct{ has, counts []models.Role }{
		"/alerts": {
			[]models.Role{models.RoleHandler, models.RoleDepartmentHead, models.RoleSupervisor, models.RoleEscalationManager, models.RoleExecutive},
			[]models.Role{models.RoleDepartmentHead, models.RoleSupervisor, models.RoleEscalationManager, models.RoleExecutive},
		},
		"/decisions": {[]models.Role{models.RoleSupervisor, models.RoleExecutive}, []models.Role{models.RoleSupervisor, models.RoleExecutive}},
		"/callbacks": {[]models.Role{models.RoleQuality, models.RoleSupervisor}, []models.Role{models.RoleQuality}},
		"/queue":     {models.Roles(), nil}, // nobody's case is overdue
	}
	for _, role := range models.Roles() {
		w := d.as(t, string(role))
		require.Equal(t, slices.Contains(places["/alerts"].counts, role), strings.Count(w.get(t, "/alerts").Body, "acknowledge\"") == 1, "%s finds as many there", role)
		for _, got := range []answer{w.get(t, "/account"), w.get(t, "/menu?at=%2Faccount")} {
			for place, of := range places {
				says, is := waiting(got, place)
				require.Equal(t, slices.Contains(of.has, role), is, "%s of %s", place, role)
				want := ""
				if slices.Contains(of.counts, role) {
					want = "(1 waits for you)"
				}
				require.Equal(t, want, says, "%s of %s", place, role)
			}
		}
	}
}

func TestTheMenuCountsNoMoreOfWhatIsDone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.urgent(t)
	w := d.as(t, "department_head")
	w.post(t, acknowledgeForm.FindStringSubmatch(w.get(t, "/alerts").Body)[1], url.Values{})
	says, _ := waiting(w.get(t, "/alerts"), "/alerts")
	require.Empty(t, says)
	says, _ = waiting(d.as(t, "executive").get(t, "/alerts"), "/alerts")
	require.Empty(t, says)
}

func TestTheMenuSaysHowManyOfOnesOwnCasesAreOverdue(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("x"))
	d.dispatched(t, told("y"))
	overdue := func(id string) string {
		says, is := waiting(d.as(t, id).get(t, "/menu?at=%2Faccount"), "/queue")
		require.True(t, is)
		return says
	}
	require.Empty(t, overdue("handler"), "all in time")
	d.wait(30 * 24 * time.Hour)
	require.Equal(t, "(2 of your cases are overdue)", overdue("handler"))
	require.Empty(t, overdue("supervisor"), "they are somebody else's")
	d.act(t, "supervisor", number, cases.Wish{Verb: models.VerbWithdraw, Data: models.Withdrawn{}, Words: map[string]string{models.TextText: "x"}})
	require.Equal(t, "(1 of your cases is overdue)", overdue("handler"))
	for range mostWaits {
		d.dispatched(t, told("z"))
	}
	d.wait(30 * 24 * time.Hour)
	require.Equal(t, "(more than 99 of your cases are overdue)", overdue("handler"))
}

// mostWaits is up to where the menu says how many.
const mostWaits = 99

// alarmed puts a case on record with so many alerts that wait for an executive.
func (d *desk) alarmed(tb testing.TB, alerts int) {
	tb.Helper()
	c, err := lifecycle.Restore(d.row(tb, d.open(tb, told("smoke"))))
	require.NoError(tb, err)
	c.Plan = plan()
	c, events := lifecycle.FireDue(c, d.now().AddDate(0, 1, 0))
	require.NotEmpty(tb, events)
	_, rec, err := lifecycle.Write(c, events)
	require.NoError(tb, err)
	ackBy := d.now()
	for i := range alerts {
		rec.Alerts = append(rec.Alerts, models.Alert{
			ID: fmt.Sprint("a-", i), CaseID: c.ID, Key: fmt.Sprint("k-", i), Roles: []models.Role{models.RoleExecutive}, FiredAt: ackBy, AckBy: &ackBy,
		})
	}
	require.NoError(tb, d.store.Record(tb.Context(), rec))
}

func TestTheMenuSaysWhereTheReaderIsAndCountsNoFurtherThanItShows(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.alarmed(t, 100)
	got := d.as(t, "executive").get(t, "/menu?at=%2Falerts")
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Body, `<a href="/alerts" aria-current="page">`)
	require.Contains(t, got.Body, `<span class="waits" aria-hidden="true">99&#43;</span>`)
	says, _ := waiting(got, "/alerts")
	require.Equal(t, "(more than 99 wait for you)", says)
	require.Contains(t, got.Body, `<span class="visually-hidden">Menu (more than 99 wait for you)</span>`)
}
