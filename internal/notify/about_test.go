package notify_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/notify"
	"recourse/models"
)

func TestSubscribersAreMailedAboutAReportInTheirLanguage(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	english, chinese, gone := executive, sue, other
	english.Language, chinese.Language, gone.DisabledAt = models.LanguageEN, models.LanguageZH, new(monday)
	w := newWorld(t, withMail(english), withMail(chinese), withMail(gone))
	w.options.Mailer = office.mailer(t)
	r := models.Report{
		ID: "r-1", Step: "month", FromAt: time.Date(2026, 1, 31, 16, 0, 0, 0, time.UTC), UntilAt: time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC),
		Zone: "Asia/Shanghai", CutAt: monday, Digest: "0123abcd",
	}
	w.options.About = func(_ context.Context, m models.Message, to models.Person, lang models.Language) (subject, body string, err error) {
		require.Equal(t, m.Person, to.ID)
		subject, body = notify.AboutReport(w.options.Company, r, lang)
		return subject, body, nil
	}
	for _, p := range []models.Person{english, chinese, gone} {
		require.NoError(t, w.store.PutMessages(t.Context(), []models.Message{{
			ID: "report/r-1/" + p.ID, About: "r-1", Template: "report", Channel: models.MessageEmail, Person: p.ID, State: models.MessagePending, CreatedAt: monday, NextAt: monday,
		}}))
	}
	_, err := notify.NewDispatcher(w.options).Once(t.Context())
	require.NoError(t, err)
	for p, says := range map[string][]string{
		english.ID: {"Report of 2026-02-01 to 2026-02-28", "https://care.example.com/reports/r-1", "0123abcd", "you asked to be told"},
		chinese.ID: {"期间报告 2026-02-01 至 2026-02-28", "https://care.example.com/reports/r-1", "0123abcd", "您订阅了报告通知"},
	} {
		i := slices.IndexFunc(office.got(), func(l letter) bool { return l.to == p+"@company.example" })
		require.GreaterOrEqual(t, i, 0, p)
		for _, one := range says {
			require.Contains(t, office.got()[i].subject+"\n"+office.got()[i].body, one)
		}
	}
	require.Len(t, office.got(), 2, "nobody who is gone")
	require.Equal(t, map[string]int{"email sent": 2, "email skipped": 1}, w.outcomes)
}
