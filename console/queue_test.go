package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

var (
	rowNumber = regexp.MustCompile(`<tr data-case="([^"]+)"`)
	nextPage  = regexp.MustCompile(`href="([^"]+)" rel="next"`)
)

// listed are the numbers of the rows that a page shows.
func listed(a answer) (numbers []string) {
	for _, found := range rowNumber.FindAllStringSubmatch(a.Body, -1) {
		numbers = append(numbers, found[1])
	}
	return numbers
}

// walked are the numbers of all rows behind an address, page by page.
func walked(t *testing.T, w *window, path string) (numbers []string) {
	t.Helper()
	for {
		got := w.get(t, path)
		require.Equal(t, http.StatusOK, got.Code, path)
		numbers = append(numbers, listed(got)...)
		next := nextPage.FindStringSubmatch(got.Body)
		if next == nil {
			return numbers
		}
		path = html.UnescapeString(next[1])
	}
}

// office is a desk with cases in many states, of two departments, some guarded.
func office(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	handOver := func(number, department string, s models.Severity, n models.Nature) {
		d.act(t, "supervisor", number, cases.Wish{
			Verb: models.VerbDispatch, Words: map[string]string{models.TextObjective: "find out"},
			Data: models.Dispatched{Department: department, Severity: s, Nature: n},
		})
	}
	for i := range 12 {
		number := d.open(t, told("the invoice is wrong, said "+strings.Repeat(string(rune('a'+i)), 5)))
		d.wait(37 * time.Minute)
		nature := models.Natures()[i%4]
		if i%6 == 1 { // a guarded one is not the head's to accept
			nature = models.NatureCustomer
		}
		if i%3 > 0 {
			handOver(number, []string{"", "sales", "works"}[i%3], models.Severities()[i%3], nature)
		}
		if i%6 == 1 {
			d.act(t, "department_head", number, cases.Wish{Verb: models.VerbAccept, Data: models.Accepted{Person: "handler"}})
		}
		if i == 5 {
			d.act(t, "supervisor", number, cases.Wish{
				Verb: models.VerbWithdraw, Data: models.Withdrawn{}, Words: map[string]string{models.TextReason: "said so", models.TextText: "said so"},
			})
		}
	}
	return d
}

func TestAQueueNeverShowsMoreThanItsReaderMaySee(t *testing.T) {
	t.Parallel()
	d := office(t)
	for _, id := range []string{"intake", "handler", "department_head", "works-handler", "supervisor", "executive", "quality", "hr", "ops", "auditor"} {
		person, err := d.store.Person(t.Context(), id)
		require.NoError(t, err)
		a, w := person.Actor(), d.as(t, id)
		all, err := d.List(t.Context(), a, cases.Query{Limit: 200})
		require.NoError(t, err)
		var may []string
		for _, row := range all.Items {
			may = append(may, row.Number)
		}
		require.ElementsMatch(t, may, walked(t, w, "/queue?who=all&state=any"), "%s: all", id)
		for _, who := range []string{"mine", "department"} {
			for _, number := range walked(t, w, "/queue?state=any&who="+who) {
				require.Contains(t, may, number, "%s: %s", id, who)
				row := d.row(t, number)
				if who == "department" {
					require.Contains(t, person.Departments, row.Department)
				} else {
					require.Contains(t, []string{row.Assignee, row.RecordedBy}, id)
				}
			}
		}
	}
	require.NotEmpty(t, listed(d.as(t, "handler").get(t, "/queue?who=mine")))
	require.NotEmpty(t, listed(d.as(t, "department_head").get(t, "/queue")), "a head begins with the department")
}

func TestAQueueIsWhatItsAddressAsksFor(t *testing.T) {
	t.Parallel()
	d := office(t)
	w := d.as(t, "supervisor")
	for filter, fits := range map[string]func(models.Case) bool{
		"":                                func(c models.Case) bool { return c.State.Open() },
		"state=any":                       func(models.Case) bool { return true },
		"state=withdrawn":                 func(c models.Case) bool { return c.State == models.StateWithdrawn },
		"state=received&state=dispatched": func(c models.Case) bool { return c.State == models.StateReceived || c.State == models.StateDispatched },
		"severity=urgent":                 func(c models.Case) bool { return c.State.Open() && c.Severity == models.SeverityUrgent },
		"nature=special&state=any":        func(c models.Case) bool { return c.Nature == models.NatureSpecial },
		"department=works":                func(c models.Case) bool { return c.State.Open() && c.Department == "works" },
		"assignee=handler":                func(c models.Case) bool { return c.State.Open() && c.Assignee == "handler" },
		"overdue=1":                       func(c models.Case) bool { return c.State.Open() && c.DueAt.Before(d.now()) },
		"channel=web":                     func(models.Case) bool { return false },
		"breached=yes&state=any":          func(c models.Case) bool { return c.Breached },
	} {
		var want []string
		all, err := d.List(t.Context(), models.Actor{Kind: models.ActorPerson, ID: "supervisor", Roles: []models.Role{models.RoleSupervisor}}, cases.Query{})
		require.NoError(t, err)
		for _, row := range all.Items {
			if fits(row) {
				want = append(want, row.Number)
			}
		}
		for _, order := range models.Orders() {
			got := listed(w.get(t, "/queue?who=all&sort="+string(order)+"&"+filter))
			require.ElementsMatch(t, want, got, "%s by %s", filter, order)
		}
	}
	require.NotEmpty(t, listed(w.get(t, "/queue?overdue=1")))
	found := listed(w.get(t, "/queue?q="+"hhhhh"))
	require.Len(t, found, 1)
}

func TestEachFilterInForceIsAChipThatTakesItAway(t *testing.T) {
	t.Parallel()
	d := office(t)
	w := d.as(t, "supervisor")
	got := w.get(t, "/queue?severity=urgent&severity=important&department=works&soon=1")
	require.Contains(t, got.Text(), "Severity Urgent")
	require.Contains(t, got.Text(), "Department The works")
	offs := regexp.MustCompile(`<a href="([^"]+)" aria-label="Without the filter ([^"]+)"`).FindAllStringSubmatch(got.Body, -1)
	require.Len(t, offs, 5, "and that they are open")
	for _, off := range offs {
		address, err := url.Parse(html.UnescapeString(off[1]))
		require.NoError(t, err)
		switch off[2] {
		case "Urgent":
			require.Equal(t, []string{"important"}, address.Query()["severity"])
			require.Equal(t, "works", address.Query().Get("department"))
		case "The works":
			require.False(t, address.Query().Has("department"))
		case "Open":
			require.Equal(t, "any", address.Query().Get("state"))
		}
		require.Equal(t, http.StatusOK, w.get(t, html.UnescapeString(off[1])).Code)
	}
}

func TestAnAddressThatIsWrittenWronglyIsRefusedByTheNameOfItsFilter(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	for _, filter := range []string{
		"state=reeceived", "severity=x", "nature=x", "channel=x", "who=everybody", "sort=x", "overdue=maybe", "breached=1", "cursor=x", "q=%ff", "q=" + strings.Repeat("x", 201),
	} {
		got := w.get(t, "/queue?"+filter)
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, filter)
		if name, _, _ := strings.Cut(filter, "="); name != "q" && name != "cursor" {
			require.Contains(t, got.Text(), "The address asks for a "+name, filter)
		}
	}
}

func TestWhatIsTooShortToBeLookedForStaysInItsField(t *testing.T) {
	t.Parallel()
	got := newDesk(t).as(t, "supervisor").get(t, "/queue?q=x")
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Text(), "Look for at least two Chinese characters")
	require.Contains(t, got.Body, `name="q" value="x"`)
}

func TestARowIsShownAgainInPlaceAndOnlyToWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("the door is broken"))
	w := d.as(t, "handler")
	got := w.get(t, "/queue/rows/"+number+"?who=mine")
	require.Equal(t, http.StatusOK, got.Code)
	require.True(t, strings.HasPrefix(got.Body, "<tr "), got.Body)
	require.Contains(t, got.Text(), "the door is broken")
	require.NotContains(t, got.Text(), "moved on")
	require.Contains(t, w.get(t, "/queue/rows/"+number+"?state=closed").Text(), "moved on")
	require.Equal(t, http.StatusNotFound, d.as(t, "works-handler").get(t, "/queue/rows/"+number).Code)
	require.Equal(t, http.StatusNotFound, w.get(t, "/queue/rows/RC2026-000000X").Code)
	require.NotContains(t, d.as(t, "ops").get(t, "/queue/rows/"+number+"?who=all").Text(), "door", "ops read no texts")
}

func TestSeveralCasesAreHandedOverEachDecidedByItself(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join(t, "second", models.RoleHandler, "sales")
	one, two := d.dispatched(t, told("one")), d.dispatched(t, told("two"))
	received := d.open(t, told("nobody has it yet"))
	head := d.as(t, "department_head")
	form := url.Values{"case": {one, two, received}, "person": {"second"}, "back": {"who=department"}, "key": {"k1"}}
	got := head.post(t, "/queue/assign", form)
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Text(), "2 cases are now with Name of second")
	require.Contains(t, got.Text(), "1 case stayed where it was")
	require.Equal(t, "second", d.row(t, one).Assignee)
	require.Equal(t, "second", d.row(t, two).Assignee)
	require.Equal(t, models.StateReceived, d.row(t, received).State)
	seq := d.row(t, one).Seq
	again := head.post(t, "/queue/assign", form)
	require.Contains(t, again.Text(), "2 cases are now with Name of second", "the same form again finds what it did")
	require.Equal(t, seq, d.row(t, one).Seq)

	done := head.post(t, "/queue/transfer", url.Values{"case": {one}, "department": {"works"}, "reason": {"it is theirs"}, "back": {"who=department"}})
	require.Equal(t, http.StatusSeeOther, done.Code)
	require.True(t, strings.HasPrefix(done.To(), "/queue?"))
	require.Equal(t, "works", d.row(t, one).Department)
	require.Contains(t, head.get(t, done.To()).Text(), "Handed to The works: 1.")

	refused := head.post(t, "/queue/transfer", url.Values{"case": {two}, "department": {"works"}, "back": {"who=department"}})
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
	require.Contains(t, refused.Text(), "Say why another department takes over.")
	require.Regexp(t, `value="`+two+`"[^>]* checked`, refused.Body, "what was ticked stays ticked")
	require.Contains(t, refused.Body, `<option value="works" selected>`)
	require.Equal(t, http.StatusUnprocessableEntity, head.post(t, "/queue/assign", url.Values{"person": {"second"}, "back": {""}}).Code)
}

func TestWhatStayedBehindIsHandedOverOnceMoreWithoutTypingItAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	one, received := d.dispatched(t, told("one")), d.open(t, told("nobody has it yet"))
	head := d.as(t, "department_head")
	form := url.Values{"case": {one, received}, "department": {"works"}, "person": {"handler"}, "reason": {"it is <theirs>"}, "back": {"who=department"}, "key": {"k1"}}
	got := head.post(t, "/queue/transfer", form)
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Text(), "1 case went to The works")
	require.Contains(t, got.Body, `name="reason" value="it is &lt;theirs&gt;"`)
	require.Equal(t, received, got.Hidden("case"), "the one that stayed")
	require.Equal(t, "works", got.Hidden("department"))
	require.NotContains(t, got.Body, `name="person"`)
	require.NotEqual(t, "k1", got.Hidden("key"), "what was refused was not done: this is another wish")

	two, three := d.dispatched(t, told("two")), d.dispatched(t, told("three"))
	d.away = models.Refuse(models.CodeOutcomeUnknown, "it may have been done")
	got = head.post(t, "/queue/transfer", url.Values{"case": {two, three}, "department": {"works"}, "reason": {"theirs"}, "back": {"who=department"}, "key": {"k2"}})
	require.Equal(t, "k2", got.Hidden("key"), "it may have been done: this is the same wish")
	d.away = nil
	again := url.Values{"case": {two, three}, "department": {got.Hidden("department")}, "reason": {"theirs"}, "back": {got.Hidden("back")}, "key": {got.Hidden("key")}}
	require.Equal(t, http.StatusSeeOther, head.post(t, "/queue/transfer", again).Code)
	require.Equal(t, "works", d.row(t, three).Department)
}

func TestWhoMayHandNothingOverHasNoForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.dispatched(t, told("one"))
	for id, has := range map[string]bool{"department_head": true, "supervisor": true, "auditor": false, "executive": false, "ops": false} {
		got := d.as(t, id).get(t, "/queue?who=all")
		require.Len(t, listed(got), 1, id)
		require.Equal(t, has, strings.Contains(got.Body, `formaction="/queue/assign"`), id)
		require.Equal(t, has, strings.Contains(got.Body, `type="checkbox" name="case"`), id)
	}
}

func TestEveryPageOfAQueueIsReachedByItsLinks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var want []string
	for i := range 53 {
		c := told("text")
		c.Opened.Severity = models.Severities()[i%3]
		want = append(want, d.open(t, c))
	}
	w := d.as(t, "supervisor")
	for _, order := range models.Orders() {
		got := walked(t, w, "/queue?sort="+string(order))
		require.Len(t, got, len(want))
		require.ElementsMatch(t, want, got)
	}
}
