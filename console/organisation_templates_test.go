package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

const receiptPath = "/organisation/templates/receipt"

// receiptForm is the form of the English receipt, with words that may stand.
func receiptForm(act string) url.Values {
	return url.Values{
		"medium": {"mail"}, "language": {"en"}, "after": {"0"}, "key": {"k-" + act}, "act": {act}, "reason": {"shorter"},
		"subject": {"On record: {{.Number}}"}, "body": {"{{.ResponseDue}}\r\n{{.FeedbackDue}}\r\n{{.StatusURL}}"},
	}
}

func TestTheWordsOfMessagesAreListedByMessageLanguageAndMedium(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.as(t, "admin").get(t, "/organisation/templates")
	require.Equal(t, http.StatusOK, got.Code)
	for _, link := range []string{
		"/organisation/templates/receipt?language=zh-CN&amp;medium=sms", "/organisation/templates/alert?language=en&amp;medium=voice",
		"/organisation/templates/alert?language=en&amp;medium=chat", "/organisation/templates/news?language=zh-CN&amp;medium=mail",
	} {
		require.Contains(t, got.Body, link)
		require.Equal(t, http.StatusOK, d.as(t, "admin").get(t, strings.ReplaceAll(link, "&amp;", "&")).Code, link)
	}
	require.NotContains(t, got.Body, "receipt?language=en&amp;medium=voice", "nobody is called because of it")
	for _, nowhere := range []string{"/organisation/templates/nothing", receiptPath + "?medium=voice", receiptPath + "?language=fr", receiptPath + "?version=3"} {
		require.Equal(t, http.StatusNotFound, d.as(t, "admin").get(t, nowhere).Code, nowhere)
	}
}

func TestWordsArePreviewedAndPutInForceByAForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	shown := d.as(t, "supervisor").get(t, receiptPath)
	require.Contains(t, shown.Text(), "Somebody will get in touch", "how it reads when it is late")
	require.NotContains(t, shown.Body, `name="body"`, "who may not change it is shown its words")
	require.Equal(t, http.StatusForbidden, d.as(t, "supervisor").post(t, receiptPath, receiptForm("publish")).Code)

	w := d.as(t, "ops")
	got := w.post(t, receiptPath, receiptForm("try"))
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Text(), "On record: RC2026-")
	require.Contains(t, got.Text(), "Nobody has changed these words yet")
	published := w.post(t, receiptPath, receiptForm("publish"))
	require.Equal(t, http.StatusSeeOther, published.Code)
	again := w.post(t, receiptPath, receiptForm("publish"))
	require.Equal(t, http.StatusSeeOther, again.Code, "sent twice it is one wish")
	page := w.get(t, published.To())
	require.Contains(t, page.Text(), "Version 1 holds")
	require.Contains(t, page.Body, "diff-gone")
	require.Contains(t, page.Body, "diff-added")
	require.Contains(t, w.get(t, "/organisation/templates").Text(), "changed")

	stale := w.post(t, receiptPath, receiptForm("own"))
	require.Equal(t, http.StatusPreconditionFailed, stale.Code)
	back := receiptForm("own")
	back.Set("after", "1")
	back.Set("key", "k-back")
	require.Equal(t, http.StatusSeeOther, w.post(t, receiptPath, back).Code)
	page = w.get(t, receiptPath)
	require.Contains(t, page.Text(), "The product's own words hold")
	require.Contains(t, page.Text(), "Version 2")
	taken := w.get(t, receiptPath+"?version=1")
	require.Contains(t, taken.Body, `value="On record: {{.Number}}"`, "an earlier version can be taken up again")
}

func TestWhatIsWrongWithWordsStandsAtTheirLines(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "admin")
	for _, act := range []string{"try", "publish"} {
		form := receiptForm(act)
		form.Set("subject", "{{.Nope}}")
		form.Set("body", "Hello\r\n{{range 9}}<script>alert(1)</script>{{end}}")
		got := w.post(t, receiptPath, form)
		require.Equal(t, map[string]int{"try": http.StatusOK, "publish": http.StatusUnprocessableEntity}[act], got.Code)
		require.Contains(t, got.Text(), "There is no value {{.Nope}}.")
		require.Contains(t, got.Text(), "Line 2 {{range 9}}<script>alert(1)</script>{{end}} Only values, {{if}} and {{with}} may stand in braces.")
		require.NotContains(t, got.Body, "<script>alert")
		require.Contains(t, got.Body, "{{range 9}}&lt;script&gt;alert(1)&lt;/script&gt;{{end}}</textarea>", "what was typed stands there")
	}
	form := receiptForm("publish")
	form.Del("reason")
	form.Set("key", "k-other")
	got := w.post(t, receiptPath, form)
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Body, `id="fault-reason"`)
	require.Contains(t, got.Body, "{{.ResponseDue}}")
}

func TestAPreviewFollowsWhatIsTyped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	form := url.Values{"medium": {"sms"}, "language": {"zh-CN"}, "body": {"投诉{{.Number}}{{.Clock}}，{{.AckBy}}"}}
	got := d.as(t, "admin").post(t, "/organisation/templates/alert/preview", form)
	require.Equal(t, http.StatusOK, got.Code)
	require.NotContains(t, got.Body, "<html")
	require.Contains(t, got.Text(), "首次答复")
	require.Contains(t, got.Text(), "goes out as 1 SMS")
	form = url.Values{"medium": {"mail"}, "language": {"en"}, "subject": {"{{.Nope}}"}, "body": {"{{.Number}}"}}
	got = d.as(t, "admin").post(t, "/organisation/templates/alert/preview", form)
	require.Contains(t, got.Text(), "Line 1 {{.Nope}} There is no value {{.Nope}}.")
	all, err := d.Templates(t.Context())
	require.NoError(t, err)
	for _, one := range all {
		require.True(t, one.Own, "a preview changes nothing")
	}
	require.Equal(t, models.MediumMail, all[0].Medium)
}
