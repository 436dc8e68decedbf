package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/models"
)

// filled is the form of an intake as somebody fills it in.
func filled(changes ...string) url.Values {
	form := url.Values{
		"key": {uuid.NewString()}, "channel": {"phone"}, "severity": {"general"}, "language": {"zh-CN"}, "zone": {"Asia/Shanghai"},
		"text": {"The kettle leaks."}, "contact.name": {"Wang Wu"}, "contact.phone": {"13800138000"},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// numbers are all cases on record, newest first.
func (d *desk) numbers(tb testing.TB) (all []string) {
	tb.Helper()
	rows, _, err := d.store.Cases(tb.Context(), models.CaseQuery{Visible: models.Visible{Whole: true}, Limit: 200})
	require.NoError(tb, err)
	for _, row := range rows {
		all = append(all, row.Number)
	}
	return all
}

func TestAnIntakeIsSavedAndSaysWhatToTellTheCustomer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "intake")
	form := w.get(t, "/intake")
	require.Equal(t, http.StatusOK, form.Code)
	require.NotEmpty(t, form.Hidden("key"))
	got := w.post(t, "/intake", filled("product", "Kettle 2", "remedy", "money back", "happened", "yesterday", "contact.second.name", "Li Si", "contact.second.acts_for", "yes"))
	require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	number := d.numbers(t)[0]
	require.Equal(t, "/cases/"+number+"/saved", got.To())
	saved := w.get(t, got.To())
	require.Equal(t, http.StatusOK, saved.Code)
	require.Contains(t, saved.Text(), number)
	require.Contains(t, saved.Text(), "您的投诉已经登记，编号是 "+number, "the customer speaks Chinese")
	require.Contains(t, saved.Text(), "2026年3月19日 20:00（北京时间）", "24 hours later, by the customer's clock")
	require.Contains(t, saved.Text(), "19 March 2026, 12:00 (UTC)", "and by the clerk's")
	require.Contains(t, saved.Body, "http://127.0.0.1:8080/t/")
	view, err := d.Case(t.Context(), d.call(t, "supervisor").Actor, number)
	require.NoError(t, err)
	require.Equal(t, "money back", view.Particulars.Remedy)
	require.Equal(t, &models.SecondContact{Name: "Li Si", ActsFor: true}, view.Contact.Second)
}

func TestTheLinkIsShownToWhoRecordedItAndNotForLong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	clerk := d.as(t, "intake")
	to := clerk.post(t, "/intake", filled()).To()
	receipt := strings.TrimSuffix(to, "saved") + "receipt"
	require.Contains(t, clerk.get(t, receipt).Body, "http://127.0.0.1:8080/t/")
	require.NotContains(t, d.as(t, "supervisor").get(t, to).Body, "/t/")
	require.NotContains(t, d.as(t, "supervisor").get(t, receipt).Body, "/t/")
	d.wait(29 * time.Minute)
	require.Contains(t, clerk.get(t, to).Body, "/t/")
	d.wait(time.Minute)
	require.NotContains(t, clerk.get(t, to).Body, "/t/")
	require.Equal(t, http.StatusNotFound, d.as(t, "handler").get(t, to).Code)
}

func TestADoubleClickMakesOneCase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "intake")
	form := filled()
	first, second := w.post(t, "/intake", form), w.post(t, "/intake", form)
	require.Equal(t, http.StatusSeeOther, second.Code, second.Text())
	require.Equal(t, first.To(), second.To())
	require.Len(t, d.numbers(t), 1)

	form.Set("text", "Something else.") // back in the browser, changed and sent again
	third := w.post(t, "/intake", form)
	require.Equal(t, http.StatusConflict, third.Code)
	require.Contains(t, third.Text(), "This form was saved before")
	require.Contains(t, third.Body, "Something else.")
	require.NotEqual(t, form.Get("key"), third.Hidden("key"))
	require.Len(t, d.numbers(t), 1)
}

func TestTheSameFilesTwiceAreOneUpload(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "intake")
	form := filled()
	send := func() answer {
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		for name := range form {
			require.NoError(t, parts.WriteField(name, form.Get(name)))
		}
		file, err := parts.CreateFormFile("file", "照片 1.txt")
		require.NoError(t, err)
		_, _ = file.Write([]byte("it leaks here"))
		_, err = parts.CreateFormFile("file", "")
		require.NoError(t, err)
		require.NoError(t, parts.Close())
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/intake", &body)
		r.Header.Set("Content-Type", parts.FormDataContentType())
		return w.send(t, r)
	}
	form.Set("text", "")
	refused := send()
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
	require.Contains(t, refused.Body, " 照片 1.txt\" checked", "the file is kept for the next try")
	form.Set("text", "It leaks.")
	first, second := send(), send()
	require.Equal(t, http.StatusSeeOther, first.Code, first.Text())
	require.Equal(t, first.To(), second.To())
	files, err := d.Attachments(t.Context(), d.call(t, "intake").Actor, d.numbers(t)[0])
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.Equal(t, "照片 1.txt", files[0].Name)
}

func TestARefusedIntakeKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "intake")
	for field, wrong := range map[string][2]string{
		"contact":          {"contact.phone", ""},
		"contact.phone":    {"contact.phone", "no number"},
		"contact.email":    {"contact.email", "nobody"},
		"zone":             {"zone", "Moon/Crater"},
		"received_at":      {"received_at", "2026-03-17T09:00"},
		"purchase_date":    {"purchase_date", "yesterday"},
		"category":         {"category", "no.such"},
		"severity":         {"severity", "huge"},
		"channel":          {"channel", "pigeon"},
		"language":         {"language", "tlh"},
		"product":          {"product", strings.Repeat("x", 201)},
		"attachments":      {"attachment", "no-such-upload a.txt"},
		"receipt_evidence": {"channel", "email"},
	} {
		form := filled("symptom", "drips at night", wrong[0], wrong[1])
		if field == "receipt_evidence" {
			form.Set("received_at", "2026-03-17T09:00")
		}
		got := w.post(t, "/intake", form)
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, field)
		require.Contains(t, got.Body, `id="fault-`+field+`"`, field)
		require.Contains(t, got.Body, "The kettle leaks.", field)
		require.Contains(t, got.Body, "drips at night", field)
		require.Equal(t, form.Get("key"), got.Hidden("key"), field)
	}
	require.Empty(t, d.numbers(t))
}

func TestNothingThatIsTypedIsMoreThanText(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "intake")
	naughty := `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}` + "\u202e" + `javascript:alert(1)`
	long := strings.Repeat("漏水", 4500)
	form := filled("text", naughty+long, "contact.name", naughty, "product", naughty, "remedy", naughty, "contact.phone", "")
	refused := w.post(t, "/intake", form)
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
	form.Set("contact.phone", "13800138000")
	saved := w.post(t, "/intake", form)
	require.Equal(t, http.StatusSeeOther, saved.Code, saved.Text())
	receipt := w.get(t, strings.TrimSuffix(saved.To(), "saved")+"receipt")
	beside := w.post(t, "/intake/beside", form)
	token := d.token(t, d.numbers(t)[0])
	for _, page := range []answer{refused, w.get(t, saved.To()), receipt, beside, d.as(t, "").get(t, "/t/"+token)} {
		require.NotContains(t, page.Body, "<script>alert")
		require.NotContains(t, page.Body, "<img src=x")
	}
	require.Contains(t, receipt.Body, "漏水漏水")
}

func TestBesideTheFormStandsWhoItIsAndWhatLooksAlike(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.open(t, told("The kettle leaks at the handle."))
	w := d.as(t, "intake")
	got := w.post(t, "/intake/beside", url.Values{"contact.phone": {"13800138000"}, "text": {"The kettle leaks at the handle!"}})
	require.Equal(t, http.StatusOK, got.Code)
	require.NotContains(t, got.Body, "<html")
	require.Contains(t, got.Text(), "138****8000")
	require.NotContains(t, got.Body, ">13800138000<")
	require.Contains(t, got.Text(), number)
	require.Contains(t, got.Text(), "same customer · within 30 days · similar words")

	// Without a script, a button does the same, and another fills in who it is; their reading is noted.
	form := filled("contact.phone", "", "contact.name", "Wang", "look", "yes")
	page := w.post(t, "/intake", form)
	require.Equal(t, http.StatusOK, page.Code)
	require.Contains(t, page.Body, "The kettle leaks.")
	require.Contains(t, page.Text(), "138****8000")
	form.Set("customer", d.row(t, number).CustomerID)
	chosen := w.post(t, "/intake", form)
	require.Contains(t, chosen.Body, `value="13800138000"`)
	require.Len(t, d.numbers(t), 1)

	// Somebody of whom the clerk sees no case is not found.
	require.NotContains(t, d.as(t, "handler").post(t, "/intake/beside", url.Values{"contact.phone": {"13800138000"}}).Body, "138****8000")
}

func TestWhatIsSolvedInTheCallIsSettled(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p, err := d.store.Person(t.Context(), "intake")
	require.NoError(t, err)
	p.Departments = []string{"sales"}
	require.NoError(t, d.store.PutPerson(t.Context(), p))
	w := d.as(t, "intake")
	require.Contains(t, w.get(t, "/intake").Body, `name="settle"`)
	form := filled("settle", "yes", "settle.text", "We send a new lid.", "settle.department", "sales", "settle.outcome", "upheld")
	half := w.post(t, "/intake", form)
	require.Equal(t, http.StatusUnprocessableEntity, half.Code)
	require.Contains(t, half.Body, `id="fault-settle.result"`)
	require.Empty(t, d.numbers(t), "nothing is put on record half done")
	form.Set("settle.result", "A lid is on its way.")
	form.Set("severity", "urgent")
	require.Contains(t, w.post(t, "/intake", form).Text(), "Only a general complaint")
	form.Set("severity", "general")
	got := w.post(t, "/intake", form)
	require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	require.Equal(t, got.To(), w.post(t, "/intake", form).To())
	row := d.row(t, d.numbers(t)[0])
	require.Len(t, d.numbers(t), 1)
	require.Equal(t, models.StateFollowingUp, row.State)
	require.Equal(t, "sales", row.Department)
	require.Equal(t, models.NatureCustomer, row.Nature)
	require.Contains(t, w.get(t, got.To()).Text(), "之后我们会回访")
}

func TestWhatCouldNotBeSettledIsOnRecordAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "intake") // of no department
	require.NotContains(t, w.get(t, "/intake").Body, `name="settle"`)
	form := filled("settle", "yes", "settle.text", "We send a new lid.", "settle.result", "Sent.", "settle.department", "works", "settle.outcome", "upheld")
	got := w.post(t, "/intake", form)
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Text(), "The complaint is on record, but it could not be settled now.")
	require.Contains(t, got.Body, "We send a new lid.")
	require.Equal(t, models.StateReceived, d.row(t, d.numbers(t)[0]).State)
	again := w.post(t, "/intake/"+d.numbers(t)[0]+"/settle", form)
	require.Equal(t, http.StatusUnprocessableEntity, again.Code)
	require.Contains(t, again.Body, "We send a new lid.")
}

func TestWhoTakesNoComplaintsSeesNoForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, who := range []string{"handler", "quality", "auditor", "admin"} {
		w := d.as(t, who)
		require.Equal(t, http.StatusForbidden, w.get(t, "/intake").Code, who)
		require.Equal(t, http.StatusForbidden, w.post(t, "/intake", filled()).Code, who)
		require.Equal(t, http.StatusForbidden, w.post(t, "/intake/beside", filled()).Code, who)
	}
	require.Empty(t, d.numbers(t))
}

// token is the customer's link to a case, as whoever recorded it reads it out.
func (d *desk) token(tb testing.TB, number string) string {
	tb.Helper()
	row := d.row(tb, number)
	r, err := d.Receipt(tb.Context(), models.Actor{Kind: models.ActorPerson, ID: row.RecordedBy, Roles: []models.Role{models.RoleIntake}}, number)
	require.NoError(tb, err)
	require.NotEmpty(tb, r.StatusToken)
	return r.StatusToken
}
