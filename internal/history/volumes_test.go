package history_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/history"
	"recourse/models"
)

func TestVolumesAreSummedPerProductAndPeriod(t *testing.T) {
	t.Parallel()
	m := mapping(t, "source: shop\nrows: volumes\nzone: Asia/Shanghai\ninstants: [YYYY-MM]\nvolumes: {product: p, from: m, period: month, units: u, orders: o}\n")
	var told []string
	all, report, err := m.ReadVolumes(t.Context(), []string{file(t, "v.csv", "p,shop,m,u,o\nfan,a,2020-01,3,1\nfan,b,2020-01,4,\n,a,2020-02,0,7\nfan,a,2020-13,1,\nfan,a,2020-02,1.5,\n")},
		history.Options{Fault: func(f history.Fault) { told = append(told, f.String()) }})
	require.NoError(t, err)
	month := func(m time.Month) time.Time {
		return time.Date(2020, m, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600)).UTC()
	}
	require.Equal(t, []models.Volume{
		{Product: "fan", Kind: models.VolumeUnits, From: month(1), Until: month(2), Count: 7},
		{Product: "fan", Kind: models.VolumeOrders, From: month(1), Until: month(2), Count: 1},
		{Kind: models.VolumeUnits, From: month(2), Until: month(3)},
		{Kind: models.VolumeOrders, From: month(2), Until: month(3), Count: 7},
	}, all)
	require.Equal(t, []int{5, 2, 4}, []int{report.RowsRead, report.RowsRefused, report.Volumes})
	require.Contains(t, told[0], `line 5 column m: "2020-13"`)
	require.Contains(t, told[1], `line 6 column u: "1.5" is no whole number`)

	_, faults := history.ReadMapping([]byte("source: x\nrows: volumes\nzone: UTC\ninstants: [iso]\ncase: a\nvolumes: {from: m, until: n, period: day}\n"))
	require.Len(t, faults, 3)
	require.Contains(t, faults[1].Says, "either until")
}

func TestVolumesFollowEachOtherWhereClocksAreTurnedAtMidnight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, period, begins string }{
		{"America/Santiago", "day", "2025-04-05 2025-04-06 2025-04-07"}, // put back at 24:00
		{"America/Santiago", "day", "2025-09-06 2025-09-07 2025-09-08"}, // put forward at 24:00
		{"America/Santiago", "week", "2025-08-31 2025-09-07 2025-09-14"},
		{"America/Havana", "day", "2025-11-01 2025-11-02 2025-11-03"}, // 00:00 comes twice
		{"Africa/Cairo", "day", "2025-04-24 2025-04-25 2025-04-26"},
		{"Asia/Beirut", "day", "2025-03-29 2025-03-30 2025-03-31"},
		{"America/Asuncion", "month", "2023-09-01 2023-10-01 2023-11-01"},
		{"America/Asuncion", "quarter", "2023-07-01 2023-10-01 2024-01-01"},
		{"Europe/Berlin", "day", "2025-03-29 2025-03-30 2025-03-31"},
		{"Asia/Shanghai", "year", "2024-01-01 2025-01-01 2026-01-01"},
	} {
		zone, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		m := mapping(t, "source: shop\nrows: volumes\nzone: "+c.zone+"\ninstants: [YYYY-MM-DD]\nvolumes: {product: p, from: m, period: "+c.period+", units: u}\n")
		all, _, err := m.ReadVolumes(t.Context(), []string{file(t, "v.csv", "p,m,u\nfan,"+strings.ReplaceAll(c.begins, " ", ",1\nfan,")+",1\n")}, history.Options{})
		require.NoError(t, err)
		for i, begins := range strings.Fields(c.begins) {
			require.Equal(t, begins, all[i].From.In(zone).Format(time.DateOnly), c)
			require.NotEqual(t, begins, all[i].From.Add(-1).In(zone).Format(time.DateOnly), "the first instant of %s", begins)
			if i > 0 {
				require.Equal(t, all[i].From, all[i-1].Until, c)
			}
		}
	}
}

func TestAPeriodThatBeginsWithinADayEndsAtTheSameHour(t *testing.T) {
	t.Parallel()
	m := mapping(t, "source: shop\nrows: volumes\nzone: Europe/Berlin\ninstants: [YYYY-MM-DD HH:mm]\nvolumes: {product: p, from: m, period: day, units: u}\n")
	all, _, err := m.ReadVolumes(t.Context(), []string{file(t, "v.csv", "p,m,u\nfan,2025-03-29 06:00,1\n")}, history.Options{})
	require.NoError(t, err)
	require.Equal(t, time.Date(2025, time.March, 30, 4, 0, 0, 0, time.UTC), all[0].Until, "06:00 of summer time")
}

func TestEveryMappingInTheDocumentationIsSound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "import.md"))
	require.NoError(t, err)
	read := 0
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		mapping := block[1]
		if !strings.HasPrefix(mapping, "source:") { // a part: it is put into a whole one
			mapping = "source: x\nrows: events\nzone: UTC\ninstants: [iso]\ncase: id\nat: at\n" + mapping
		}
		_, faults := history.ReadMapping([]byte(mapping))
		require.Empty(t, faults, mapping)
		read++
	}
	require.GreaterOrEqual(t, read, 8)
}
