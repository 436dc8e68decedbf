package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// report is one of the month that begins on a day.
func report(id, day string) models.Report {
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return models.Report{
		ID: id, Step: "month", FromAt: from, UntilAt: from.AddDate(0, 1, 0), Zone: "Asia/Shanghai", Scope: []string{}, CutAt: later(0), MadeAt: later(0),
		Format: 1, Digest: "d-" + id, Body: []byte(`{"of":"` + id + `"}`),
	}
}

var reports = []promise{
	{"of a period and scope there is one original, which never changes, and any number of twins", func(t *testing.T, s *store.Store) {
		put := func(r models.Report, is bool) {
			t.Helper()
			added, err := s.PutReport(t.Context(), r)
			require.NoError(t, err)
			require.Equal(t, is, added)
		}
		october, again := report("a", "2026-10-01"), report("b", "2026-10-01")
		again.Body, again.MadeAt = []byte(`{}`), later(time.Hour)
		put(october, true)
		put(again, false)
		november, narrow, quarter := report("c", "2026-11-01"), report("d", "2026-10-01"), report("e", "2026-10-01")
		narrow.Scope, quarter.Step = []string{"department:sales", "severity:urgent"}, "quarter"
		for i, r := range []*models.Report{&november, &narrow, &quarter} {
			r.MadeAt = later(time.Duration(i+1) * time.Minute)
			put(*r, true)
		}
		twin, late := report("f", "2026-10-01"), report("g", "2026-10-01")
		twin.Original, twin.Reason, twin.MadeBy, twin.MadeAt = "a", "late cases", "ada", later(2*time.Hour)
		late.Original, late.MadeAt = "a", later(3*time.Hour)
		put(twin, true)
		put(late, true)

		got, err := s.Report(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, october, got)
		got, err = s.OriginalReport(t.Context(), models.Report{Step: "month", FromAt: october.FromAt})
		require.NoError(t, err)
		require.Equal(t, october, got)
		got, err = s.OriginalReport(t.Context(), narrow)
		require.NoError(t, err)
		require.Equal(t, narrow, got)
		_, err = s.OriginalReport(t.Context(), report("x", "2026-09-01"))
		refused(t, err, models.CodeNotFound)
		_, err = s.Report(t.Context(), "b")
		refused(t, err, models.CodeNotFound)

		twin.Body, late.Body = nil, nil
		twins, err := s.Twins(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, []models.Report{late, twin}, twins)
		none, err := s.Twins(t.Context(), "")
		require.NoError(t, err)
		require.Empty(t, none)
	}},
	{"reports are listed page by page, the latest made first, without their bodies", func(t *testing.T, s *store.Store) {
		var want []models.Report
		for i, id := range []string{"a", "b", "c", "d", "e"} {
			r := report(id, time.Date(2026, time.Month(i+1), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
			r.MadeAt = later(time.Duration(i/2) * time.Minute) // some at the same instant
			_, err := s.PutReport(t.Context(), r)
			require.NoError(t, err)
			r.Body = nil
			want = append([]models.Report{r}, want...)
		}
		var found []models.Report
		cursor := ""
		for pages := 1; ; pages++ {
			page, next, err := s.Reports(t.Context(), cursor, 2)
			require.NoError(t, err)
			found = append(found, page...)
			if cursor = next; cursor == "" {
				require.Equal(t, 3, pages)
				break
			}
		}
		require.Equal(t, want, found)
		_, _, err := s.Reports(t.Context(), "?", 2)
		refused(t, err, models.CodeInvalid)
	}},
}
