package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

// contactFields are those of the form by which a case is amended, as they are drawn.
func contactFields(page answer) url.Values {
	form := url.Values{"if_seq": {page.Hidden("if_seq")}, "contact_drawn": {page.Hidden("contact_drawn")}, "reason": {"Misheard."}}
	for _, found := range regexp.MustCompile(`name="(contact\.[a-z_.]+)" value="([^"]*)"`).FindAllStringSubmatch(page.Body, -1) {
		form.Set(found[1], html.UnescapeString(found[2]))
	}
	form.Del("contact.second.acts_for") // a tick that nobody made
	return form
}

func (d *desk) contact(t *testing.T, number string) models.Contact {
	t.Helper()
	contact, err := d.ContactOf(t.Context(), d.row(t, number))
	require.NoError(t, err)
	return contact
}

func TestContactDataIsCorrectedByAForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	n := told("It leaks.")
	n.Contact.Second = &models.SecondContact{Name: "Li Li", Phone: "13700137000", ActsFor: true}
	number := d.dispatched(t, n)
	w := d.as(t, "handler")
	form := contactFields(w.get(t, "/cases/"+number))
	require.Equal(t, "13800138000", form.Get("contact.phone"))
	form.Set("contact.second.acts_for", "yes")
	form.Set("contact.phone", "139 0013 9001")
	form.Set("contact.email", "wu@example.cn")
	done := w.post(t, "/cases/"+number+"/amend", form)
	require.Equal(t, http.StatusSeeOther, done.Code, done.Text())
	require.Equal(t, models.Contact{
		Name: "Wang Wu", Phone: "139 0013 9001", Email: "wu@example.cn", Second: &models.SecondContact{Name: "Li Li", Phone: "13700137000", ActsFor: true},
	}, d.contact(t, number))

	page := w.get(t, "/cases/"+number).Text()
	require.Contains(t, page, "Corrected by Name of handler")
	require.Contains(t, page, "“13800138000” → “139 0013 9001”", "with the contact data, what it was")
	require.Contains(t, page, "“138****8000” → “139****9001”", "in the timeline, masked")
	require.Contains(t, page, "E-mail “w***@example.cn” added")
	masked := d.as(t, "quality").get(t, "/cases/"+number)
	require.NotContains(t, masked.Body, "13800138000")
	require.NotContains(t, masked.Body, "139 0013 9001")
	require.Contains(t, masked.Text(), "“138****8000” → “139****9001”")
	blind := d.as(t, "ops").get(t, "/cases/"+number)
	require.NotContains(t, blind.Body, "****")
	require.Contains(t, blind.Text(), "Contact data corrected")

	form = contactFields(w.get(t, "/cases/"+number))
	form.Del("contact.second.acts_for")
	require.Equal(t, http.StatusSeeOther, w.post(t, "/cases/"+number+"/amend", form).Code)
	require.Contains(t, w.get(t, "/cases/"+number).Text(), "The second contact acts for the customer “yes” → “no”")
}

func TestAContactThatIsWrongIsRefusedBesideItsFieldAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	for field, wrong := range map[string]string{"contact.phone": "none", "contact.email": "nobody", "contact.address": strings.Repeat("路", 501)} {
		form := contactFields(w.get(t, "/cases/"+number))
		form.Set(field, wrong)
		form.Set("contact.name", "Wang Wei")
		got := w.post(t, "/cases/"+number+"/amend", form)
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, field)
		require.Contains(t, got.Body, `id="fault-`+field+`"`)
		require.Contains(t, got.Body, `value="Wang Wei"`)
		require.Contains(t, got.Body, `<details class="fold" open>`, "the fold is open at its fault")
	}
	form := contactFields(w.get(t, "/cases/"+number))
	form.Set("contact.phone", "")
	got := w.post(t, "/cases/"+number+"/amend", form)
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Body, `id="fault-contact"`)
	require.NoError(t, d.store.PutLanguage(t.Context(), "handler", models.LanguageZH))
	form.Del("key")
	require.Contains(t, w.post(t, "/cases/"+number+"/amend", form).Text(), "请至少保留一种联系客户的方式")
	require.Equal(t, "13800138000", d.contact(t, number).Phone)
}

func TestWhatNobodyTouchedCorrectsNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	form := contactFields(w.get(t, "/cases/"+number))
	form.Set("region", "Shanghai")
	d.act(t, "supervisor", number, cases.Wish{
		Verb: models.VerbAmend, Data: models.Amended{}, Contact: &models.Contact{Phone: "13600136000"}, Words: map[string]string{"reason": "A new number."},
	})
	lost := w.post(t, "/cases/"+number+"/amend", form)
	require.Equal(t, http.StatusPreconditionFailed, lost.Code)
	form.Set("if_seq", lost.Hidden("if_seq"))
	form.Set("key", lost.Hidden("key"))
	form.Set("contact_drawn", lost.Hidden("contact_drawn"))
	require.Equal(t, http.StatusSeeOther, w.post(t, "/cases/"+number+"/amend", form).Code)
	require.Equal(t, "Shanghai", d.row(t, number).Region)
	require.Equal(t, "13600136000", d.contact(t, number).Phone, "what a colleague corrected meanwhile stays")
}

func TestContactDataIsNotAskedForWhereItIsNotSeen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	secret := told("It leaks.")
	secret.Opened.Confidential = true
	confidential := d.dispatched(t, secret)
	hidden := d.as(t, "department_head").get(t, "/cases/"+confidential)
	require.Contains(t, hidden.Body, `name="region"`)
	require.NotContains(t, hidden.Body, `name="contact.phone"`)
	nameless := told("It leaks.")
	nameless.Opened.Anonymous, nameless.Contact = true, models.Contact{}
	anonymous := d.dispatched(t, nameless)
	require.NotContains(t, d.as(t, "handler").get(t, "/cases/"+anonymous).Body, `name="contact.phone"`)
	refused := d.as(t, "department_head").post(t, "/cases/"+confidential+"/amend", url.Values{"contact.phone": {"13600136000"}, "reason": {"x"}})
	require.Equal(t, http.StatusForbidden, refused.Code)

	number := d.dispatched(t, told("It leaks."))
	reads := func() int {
		page, err := d.Reads(t.Context(), models.Actor{Kind: models.ActorPerson, ID: "auditor", Roles: []models.Role{models.RoleAuditor}}, number, "", 0)
		require.NoError(t, err)
		return len(page.Items)
	}
	live := d.as(t, "handler").get(t, "/cases/"+number+"?part=acts")
	require.NotContains(t, live.Body, "13800138000")
	require.Contains(t, live.Text(), "Load the page again to correct the contact data")
	require.Zero(t, reads(), "a page that draws itself again has shown nobody's contact data")
}

func TestTheTextOfAComplaintIsCorrectedAndTheFirstOneIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leeks."))
	w := d.as(t, "handler")
	page := w.get(t, "/cases/"+number)
	done := w.post(t, "/cases/"+number+"/amend", url.Values{"if_seq": {page.Hidden("if_seq")}, "text": {"It leaks."}, "reason": {"A typo."}})
	require.Equal(t, http.StatusSeeOther, done.Code, done.Text())
	after := w.get(t, "/cases/"+number)
	require.Len(t, regexp.MustCompile(`It leeks\.`).FindAllString(after.Body, -1), 1, "in the timeline")
	require.Len(t, regexp.MustCompile(`It leaks\.`).FindAllString(after.Body, -1), 2, "above, and with its entry")
}
