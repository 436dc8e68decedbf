package browser_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/browser"
	"recourse/models"
)

// What a form is answered with stands on no address that could be opened: what was done, what was
// refused, what stayed behind.
func TestWhatAFormIsAnsweredWithIsFitForEverybody(t *testing.T) {
	p := open(t)
	looked := 0
	for _, look := range []browser.Look{browser.Desk, browser.Phone} {
		look.Dark = look.Touch
		supervisor := p.sit(t, models.RoleSupervisor, models.LanguageEN, look)
		is := func(w hands, what string) {
			t.Helper()
			violations, err := w.Axe(axe)
			require.NoError(t, err)
			require.Empty(t, violations, what)
			wide, err := w.Overflow()
			require.NoError(t, err)
			require.Zero(t, wide, "%s is wider than its window", what)
			looked++
		}
		one, other := p.complaint(t, models.SeverityGeneral, "The toaster burns."), p.complaint(t, models.SeverityGeneral, "The kettle burns.")
		p.handled(t, one.Number)
		p.do(t, models.RoleSupervisor, other.Number, models.VerbDispatch, map[string]any{"department": "repairs", "nature": "customer", "objective": "find out"})

		supervisor.at("/queue?who=all&sort=received")
		supervisor.fill("#bulk", fields{{"reason", "They have the spare parts."}})
		supervisor.must(supervisor.Send(`[formaction="/queue/transfer"]`))
		require.Len(t, supervisor.Faults(), 1, "the browser notes that the answer is a refusal")
		supervisor.sees("#bulk .alert-danger", "Tick at least one case.")
		is(supervisor, "a list of which nothing is ticked")

		for _, made := range []standing{one, other} {
			supervisor.must(supervisor.Tap(fmt.Sprintf("[name=case][value=%q]", made.Number)))
		}
		supervisor.must(supervisor.Choose("#department", "repairs"))
		supervisor.must(supervisor.Send(`[formaction="/queue/transfer"]`))
		supervisor.sees(".alert-success", one.Number)
		supervisor.sees(".refused", other.Number)
		var kept string
		supervisor.must(supervisor.Ask(`document.querySelector("[name=reason]").value`, &kept))
		require.Equal(t, "They have the spare parts.", kept)
		is(supervisor, "what became of cases that were handed over")

		supervisor.act(one.Number, models.VerbNote, fields{{"text", "They know of it."}})
		supervisor.must(supervisor.See("main .alert-success"))
		is(supervisor, "what was done")

		customer := p.sit(t, "", models.LanguageEN, look)
		customer.at("/complain")
		customer.fill("main form", fields{{"text", "The drawer is broken."}})
		customer.must(customer.Send("main form .btn-primary"))
		require.Len(t, customer.Faults(), 1, "the browser notes that the answer is a refusal")
		customer.must(customer.See("#fault-contact"))
		is(customer, "a customer's form that is refused")
	}
	t.Logf("%d answers of forms read by axe, in two themes and widths", looked)
}
