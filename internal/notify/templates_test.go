package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestMessagesLeaveInTheCompanysOwnWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := openPostOffice(t)
	w.options.Mailer = office.mailer(t)
	own := models.Template{
		Name: "receipt", Language: models.LanguageZH, Medium: models.MediumMail, Version: 1, Subject: "收到了 {{.Number}}",
		Body: "{{.Number}} {{.ResponseDue}} {{.FeedbackDue}} {{.StatusURL}}", Author: "ada", Reason: "shorter", CreatedAt: monday,
	}
	require.NoError(t, w.store.PutTemplate(t.Context(), own))
	w.open("c-1", models.Contact{Email: "fang@example.com"})
	w.work()
	got := office.got()
	require.Len(t, got, 1)
	require.Equal(t, "收到了 "+models.Number(2026, 3), got[0].subject)
	sent := w.only("c-1", "receipt", models.MessageEmail, "")
	require.Contains(t, w.opened(sent), "收到了", "and are kept in them")

	own.Version, own.Subject, own.Body = 2, "", ""
	require.NoError(t, w.store.PutTemplate(t.Context(), own))
	w.wait(time.Minute)
	w.open("c-22", models.Contact{Email: "fang@example.com"})
	w.work()
	got = office.got()
	require.Len(t, got, 2)
	require.Contains(t, got[1].subject, "您的投诉已登记", "the product's own again")
}
