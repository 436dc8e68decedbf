package notify_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/notify"
	"recourse/models"
)

func TestAMailAboutSignalsSaysWhatRoseAndWhereToLook(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 15, 16, 0, 0, 0, time.UTC) // Monday in Shanghai
	one := models.Signal{
		ID: "s-1", Dimension: "product", Value: "Kettle\r\nBcc: x", Step: "week", From: monday, Until: monday.AddDate(0, 0, 7), Zone: "Asia/Shanghai",
		Count: 31, Size: 1, Center: 9.96, FirstSeen: monday.AddDate(0, 0, -7),
	}
	company := notify.Company{Name: "Recourse", Zone: time.UTC, PublicURL: "https://recourse.example.com"}
	category := func(id string) string { return "Name of " + id }
	subject, body := notify.AboutSignals(company, []models.Signal{one}, category, models.LanguageEN)
	require.Equal(t, "Complaints rise: Kettle Bcc: x", subject, "one line, whatever a product is called")
	require.Contains(t, body, "Product Kettle Bcc: x, 2026-11-16 to 2026-11-22: 31 complaints, where 10 were to be expected; since 2026-11-09\nhttps://recourse.example.com/signals/s-1\n")
	require.NotContains(t, body, "more:")

	many := []models.Signal{{ID: "c", Dimension: "category", Value: "leak", Count: 1, Zone: "UTC"}, {ID: "d", Dimension: "cause", Value: "attitude", Zone: "UTC"}}
	for range 21 {
		many = append(many, one)
	}
	subject, body = notify.AboutSignals(company, many, category, models.LanguageZH)
	require.Equal(t, "投诉增多：Name of leak，共 23 个信号", subject)
	require.Contains(t, body, "类别 Name of leak，")
	require.NotContains(t, body, "attitude")
	require.Contains(t, body, "另有 3 个：https://recourse.example.com/signals\n")
	require.Equal(t, 18, strings.Count(body, "/signals/s-1"), "twenty in all")
}
