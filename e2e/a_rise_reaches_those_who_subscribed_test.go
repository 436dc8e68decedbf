package e2e_test

import (
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"recourse/internal/kpi"
	"recourse/models"
	"recourse/workflows/contract"
)

// Letters about one product come every week, then eight in one: whoever subscribed gets one mail and finds the
// signal with its evidence; who sees only their own department gets and finds nothing.
func TestARiseReachesThoseWhoSubscribed(t *testing.T) {
	onEveryDatabaseWithMail(t, func(t *testing.T, s *stack, office *postOffice) {
		record := s.record(t)
		for _, role := range []models.Role{models.RoleExecutive, models.RoleHandler} {
			p, err := record.Person(t.Context(), string(role))
			require.NoError(t, err)
			p.Email = string(role) + "@example.com"
			require.NoError(t, record.PutPerson(t.Context(), p))
		}
		subscribe := func(role models.Role) int {
			return s.as(role).call(t, http.MethodPut, "/api/v1/me/subscriptions/signal", "", nil).status
		}
		require.Equal(t, http.StatusNoContent, subscribe(models.RoleExecutive))
		require.Equal(t, http.StatusForbidden, subscribe(models.RoleHandler))

		monday := kpi.StepWeek.Begin(time.Now().UTC())
		for week := 13; week > 0; week-- {
			letters := 1
			if week == 1 {
				letters = 8
			}
			for i := range letters {
				s.open(t, newKey(), with(letter(fmt.Sprintf("it leaks %d %d", week, i)), map[string]any{
					"product": "Kettle K-9", "received_at": monday.AddDate(0, 0, -7*week).Add(time.Duration(12+i) * time.Hour).Format(time.RFC3339),
				}))
			}
		}
		schedule := s.client.ScheduleClient().GetHandle(t.Context(), contract.ScheduleSignals)
		look := func() { // each look is as of its own instant
			require.NoError(t, schedule.Trigger(t.Context(), client.ScheduleTriggerOptions{Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL}))
		}
		look()
		await(t, settleWithin, "the executive gets a mail", func() bool { return len(office.got("executive@example.com")) > 0 })
		subject, body := read(t, office.last("executive@example.com"))
		require.Equal(t, "Complaints rise: Kettle K-9", subject)
		require.Contains(t, body, "8 complaints, where 1 were to be expected")

		var list struct {
			Items []struct {
				ID, Dimension, Value, Step string
				Rules                      []string
			}
		}
		s.as(models.RoleExecutive).get(t, "/api/v1/signals").into(t, &list)
		require.Len(t, list.Items, 1)
		require.Equal(t, "Kettle K-9", list.Items[0].Value)
		require.Equal(t, []string{"beyond"}, list.Items[0].Rules)
		require.Contains(t, body, "/signals/"+list.Items[0].ID)
		var one struct {
			Evidence struct{ Points []struct{ Count int } }
		}
		s.as(models.RoleExecutive).get(t, "/api/v1/signals/"+list.Items[0].ID).into(t, &one)
		require.Len(t, one.Evidence.Points, 13)
		require.Equal(t, 8, one.Evidence.Points[12].Count)
		require.Equal(t, http.StatusForbidden, s.as(models.RoleHandler).get(t, "/api/v1/signals").status)

		look()
		await(t, settleWithin, "it was looked twice", func() bool {
			now, err := schedule.Describe(t.Context())
			require.NoError(t, err)
			return len(now.Info.RecentActions) == 2 && len(now.Info.RunningWorkflows) == 0
		})
		require.Len(t, office.got("executive@example.com"), 1, "what was told is not told again")
		require.Empty(t, office.got("handler@example.com"))
	})
}

// onEveryDatabaseWithMail is onEveryDatabase with a post office.
func onEveryDatabaseWithMail(t *testing.T, prove func(t *testing.T, s *stack, office *postOffice)) {
	t.Helper()
	for _, db := range databases {
		t.Run(db.name, func(t *testing.T) {
			office := openPostOffice(t)
			prove(t, newStack(t, db.url(t), "RECOURSE_MAIL__ADDRESS="+office.address, "RECOURSE_MAIL__FROM=care@example.com", "RECOURSE_MAIL__TLS=none", "RECOURSE_COMPANY__ZONE=UTC"), office)
		})
	}
}

// read decodes the subject and the first text of a mail.
func read(t *testing.T, raw string) (subject, body string) {
	t.Helper()
	mail, err := netmail.ReadMessage(strings.NewReader(raw))
	require.NoError(t, err)
	subject, err = new(mime.WordDecoder).DecodeHeader(mail.Header.Get("Subject"))
	require.NoError(t, err)
	text, err := io.ReadAll(quotedprintable.NewReader(mail.Body))
	require.NoError(t, err)
	return subject, string(text)
}
