package notify_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// Whoever may not see a case is told nothing of it, by inbox or mail: the kernel speaks to roles and
// knows no people.
func TestNobodyIsToldOfACaseThatTheyMayNotSee(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	ada := models.Person{ID: "ada", Roles: []models.Role{models.RoleAuditor}}
	w := newWorld(t, withMail(handler), withMail(head), withMail(other), withMail(sue), withMail(executive), withMail(ada))
	w.options.Mailer = office.mailer(t)
	c := w.dispatch(w.open("c-1", models.Contact{Phone: "1"}, func(o *models.Opened) { o.Nature = models.NatureInternal }))
	c = w.do(c, sue.Actor(), models.VerbRestrict, models.Restricted{Circle: []string{"ada", "hal"}, Named: []string{"hedy"}}, models.TextReason)
	w.wait(4*time.Hour + time.Second) // accepting it is due
	c = w.fire(c)
	w.work()
	require.Equal(t, []string{"ada", "hal"}, slices.Compact(w.readers(c.ID, "alert")), "of the chain nobody may see it: its circle")
	require.Equal(t, []string{"ada", "hal"}, slices.Compact(w.readers(c.ID, "work_order")), "its head is whom it is about")
	for _, m := range w.with(c.ID, func(m models.Message) bool { return m.Person != "" }) {
		require.Contains(t, []string{"ada", "hal"}, m.Person)
	}
	for _, mail := range office.got() {
		require.NotContains(t, []string{"hedy@company.example", "sue@company.example", "eve@company.example", "otto@company.example"}, mail.to)
	}
}

// What was for one person goes on to the head when that person may no longer see the case.
func TestWhoLostSightOfACaseHearsNoMoreOfIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, other, sue)
	c := w.dispatch(w.open("c-1", wang))
	c = w.do(c, handler.Actor(), models.VerbAccept, models.Accepted{})
	c = w.do(c, handler.Actor(), models.VerbExtend, models.Requested{Until: monday.AddDate(0, 0, 20)}, models.TextReason)
	c = w.do(c, sue.Actor(), models.VerbTransfer, models.Transferred{Department: "service"}, models.TextReason)
	c = w.do(c, other.Actor(), models.VerbAccept, models.Accepted{})
	c = w.do(c, sue.Actor(), models.VerbDecide, models.Decided{Request: c.Requests[0].Seq, Granted: true}, models.TextReason)
	w.work()
	for _, m := range w.with(c.ID, func(m models.Message) bool { return m.Template == "decided" }) {
		require.Equal(t, m.Person == "otto", len(m.Body) > 0, "the asker's department has it no more: %s", m.Person)
	}
	require.Contains(t, w.readers(c.ID, "decided"), "otto")
	page, _, err := w.store.Inbox(t.Context(), "hal", models.VisibleTo(handler.Actor()), "", 0)
	require.NoError(t, err)
	require.Empty(t, page)
}
