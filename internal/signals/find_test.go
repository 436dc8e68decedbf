package signals_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/internal/signals"
	"recourse/models"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// week is the Monday of the n-th week before now, in the company's zone.
func week(n int) time.Time {
	return time.Date(2026, 11, 23-7*n, 0, 0, 0, 0, shanghai)
}

// received are complaints of the n-th week before now.
func received(n, count int, about models.Case) []kpi.Record {
	var all []kpi.Record
	for i := range count {
		c := about
		c.ID = fmt.Sprintf("%s %s %s %d %d", about.Product, about.Category, about.Cause, n, i)
		c.ReceivedAt = week(n).Add(time.Duration(i+1) * time.Hour)
		c.RecordedAt, c.State, c.Severity = c.ReceivedAt, models.StateReceived, models.SeverityGeneral
		all = append(all, kpi.Record{Case: c})
	}
	return all
}

// yearOf are the same few complaints each week, and so many in the last.
func yearOf(weeks, last int, about models.Case) []kpi.Record {
	var all []kpi.Record
	for n := weeks; n > 1; n-- {
		all = append(all, received(n, 3+n%3, about)...)
	}
	return append(all, received(1, last, about)...)
}

func find(t *testing.T, volumes []models.Volume, records ...kpi.Record) []models.Signal {
	t.Helper()
	table := kpi.NewTable()
	table.Put(records...)
	table.SetVolumes(volumes)
	found, err := signals.Find(table, now, shanghai)
	require.NoError(t, err)
	return found
}

func about(found []models.Signal) (all []string) {
	for _, s := range found {
		all = append(all, fmt.Sprintf("%s %s %s by %s: %d/%d", s.Dimension, s.Value, s.Evidence.Points[len(s.Evidence.Points)-1].Label, s.Chart, s.Count, s.Size))
	}
	return all
}

// business are units sold of a product, so many a week.
func business(product string, weeks int, sold func(n int) int64) []models.Volume {
	var all []models.Volume
	for n := weeks; n > 0; n-- {
		all = append(all, models.Volume{Product: product, Kind: models.VolumeUnits, From: week(n), Until: week(n - 1), Count: sold(n)})
	}
	return all
}

func always(count int64) func(int) int64 { return func(int) int64 { return count } }

func TestFindSaysWhichProductAndCategoryRose(t *testing.T) {
	t.Parallel()
	records := append(yearOf(40, 20, models.Case{Product: "kettle", Category: "goods.fault"}), yearOf(40, 4, models.Case{Product: "pan", Category: "delivery"})...)
	require.Equal(t, []string{"category goods.fault 2026-W47 by xmr: 20/1", "product kettle 2026-W47 by xmr: 20/1"}, about(find(t, nil, records...)))
	require.Empty(t, find(t, nil, yearOf(40, 4, models.Case{Product: "kettle"})...))
	require.Empty(t, find(t, nil))
}

func TestWhereVolumesExistTheRateIsJudged(t *testing.T) {
	t.Parallel()
	kettles := yearOf(40, 20, models.Case{Product: "kettle"})
	require.Equal(t, []string{"product kettle 2026-W47 by u: 20/500"}, about(find(t, business("kettle", 40, always(500)), kettles...)))
	require.Empty(t, find(t, business("kettle", 40, func(n int) int64 {
		if n == 1 {
			return 2500
		}
		return 500
	}), kettles...), "five times as many were sold")
	calm := yearOf(40, 5, models.Case{Product: "kettle"})
	require.Equal(t, []string{"product kettle 2026-W47 by u: 5/20"}, about(find(t, business("kettle", 40, func(n int) int64 {
		if n == 1 {
			return 20
		}
		return 500
	}), calm...)), "as many complaints of hardly any sold")
	require.Equal(t, []string{"product kettle 2026-W47 by xmr: 20/1"}, about(find(t, business("pan", 40, always(500)), kettles...)), "of another product")
}

// Volumes that come late are waited for; when none came for four weeks, counts are all there is.
func TestVolumesThatComeLateAreWaitedFor(t *testing.T) {
	t.Parallel()
	kettles, all := yearOf(40, 20, models.Case{Product: "kettle"}), business("kettle", 40, always(500))
	require.Empty(t, find(t, all[:39], kettles...))
	require.NotEmpty(t, find(t, all, kettles...))
	require.Equal(t, []string{"product kettle 2026-W47 by xmr: 20/1"}, about(find(t, all[:36], kettles...)))
}

func TestMonthsAreJudgedWhereVolumesLieInMonths(t *testing.T) {
	t.Parallel()
	var volumes []models.Volume
	var records []kpi.Record
	for n := 24; n > 0; n-- {
		from := time.Date(2026, time.Month(11-n), 1, 0, 0, 0, 0, shanghai)
		count := int64(10000)
		if n == 1 {
			count = 1500 // hardly any business in October
		}
		volumes = append(volumes, models.Volume{Product: "kettle", Kind: models.VolumeOrders, From: from, Until: from.AddDate(0, 1, 0), Count: count})
	}
	for n := 110; n > 0; n-- {
		records = append(records, received(n, 3+n%3, models.Case{Product: "kettle"})...)
	}
	found := find(t, volumes, records...)
	require.Len(t, found, 1)
	require.Equal(t, "month", found[0].Step)
	require.Equal(t, models.VolumeOrders, found[0].Evidence.Volume)
	require.Equal(t, time.Date(2026, 10, 1, 0, 0, 0, 0, shanghai).UTC(), found[0].From)
}

func TestCategoriesAreSetAgainstAllBusiness(t *testing.T) {
	t.Parallel()
	records := yearOf(40, 20, models.Case{Category: "delivery"})
	require.Equal(t, []string{"category delivery 2026-W47 by u: 20/900"}, about(find(t, business("", 40, always(900)), records...)))
}

func TestCausesAreJudgedByTheirShareOfThoseKnown(t *testing.T) {
	t.Parallel()
	attitude := models.Case{Cause: models.CauseAttitude}
	others := func(last int) []kpi.Record {
		var all []kpi.Record
		for n := 40; n > 1; n-- {
			all = append(all, received(n, 15, models.Case{Cause: models.CauseProcess})...)
		}
		return append(all, received(1, last, models.Case{Cause: models.CauseProcess})...)
	}
	require.Equal(t, []string{"cause attitude 2026-W47 by p: 16/31"}, about(find(t, nil, append(others(15), yearOf(40, 16, attitude)...)...)))
	require.Empty(t, find(t, nil, append(others(60), yearOf(40, 16, attitude)...)...), "all causes rose")
	unknown := received(1, 80, models.Case{})
	require.Len(t, find(t, nil, append(unknown, append(others(15), yearOf(40, 16, attitude)...)...)...), 1, "what is not known yet dilutes nothing")
}

func TestANewProductHasNoHistory(t *testing.T) {
	t.Parallel()
	require.Empty(t, find(t, nil, yearOf(12, 60, models.Case{Product: "kettle"})...), "eleven weeks since its first complaint")
	require.NotEmpty(t, find(t, nil, yearOf(14, 60, models.Case{Product: "kettle"})...))
	require.Empty(t, find(t, nil, received(1, 60, models.Case{Product: "kettle"})...), "its first week")
	again := append(received(1, 9, models.Case{Product: "kettle"}), received(80, 1, models.Case{Product: "kettle"})...)
	require.NotEmpty(t, find(t, nil, again...), "it has been there for long, and was quiet")
	sold := business("kettle", 30, always(100))
	kettles := received(1, 9, models.Case{Product: "kettle"})
	require.NotEmpty(t, find(t, sold, append(received(80, 1, models.Case{Product: "pan"}), kettles...)...), "it was sold for long, and nobody complained")
	require.Empty(t, find(t, sold, kettles...), "complaints are recorded since a week ago: nobody knows whether somebody complained before")
}

func TestACategoryWaitsForTheBusinessOfAll(t *testing.T) {
	t.Parallel()
	late := models.Case{Category: "late", Product: "pan"}
	records := append(yearOf(40, 4, late), yearOf(40, 4, models.Case{Category: "late", Product: "kettle"})...)
	pans, kettles := business("pan", 40, always(10)), business("kettle", 40, always(10000))
	require.Empty(t, find(t, append(pans, kettles...), records...))
	require.Empty(t, find(t, append(pans, kettles[:39]...), records...), "the kettles of the last week are not told yet")
	require.Empty(t, find(t, append(pans, kettles[:38]...), records...), "nor those of the week before")
	require.NotEmpty(t, find(t, append(pans, kettles...), append(records, received(1, 60, models.Case{Category: "late", Product: "kettle", Cause: "x"})...)...))
}

func TestACategoryOfWhichHardlyAnyBusinessIsKnownIsCounted(t *testing.T) {
	t.Parallel()
	records := append(yearOf(40, 40, models.Case{Category: "late", Product: "kettle"}), yearOf(40, 4, models.Case{Category: "late", Product: "pan"})...)
	require.Contains(t, about(find(t, business("pan", 40, always(100)), records...)), "category late 2026-W47 by xmr: 44/1")
}

func TestWhatIsForACircleOnlyRaisesNoSignal(t *testing.T) {
	t.Parallel()
	for _, guarded := range []bool{false, true} {
		var records []kpi.Record
		for _, r := range yearOf(40, 20, models.Case{Product: "kettle"}) {
			if guarded {
				r.Case.Circle = []string{"boss"}
			}
			records = append(records, r)
		}
		require.Equal(t, !guarded, len(find(t, nil, records...)) > 0)
	}
}

func TestTheRunningPeriodIsNotJudged(t *testing.T) {
	t.Parallel()
	records := append(yearOf(40, 4, models.Case{Product: "kettle"}), received(0, 5, models.Case{Product: "kettle"})...)
	for i := range 90 {
		c := models.Case{ID: fmt.Sprint("today ", i), Product: "kettle", ReceivedAt: now.Add(-time.Minute), State: models.StateReceived, Severity: models.SeverityGeneral}
		records = append(records, kpi.Record{Case: c})
	}
	require.Empty(t, find(t, nil, records...))
}

func TestTheOrderOfCasesChangesNothing(t *testing.T) {
	t.Parallel()
	records := append(yearOf(40, 20, models.Case{Product: "kettle", Category: "a", Cause: models.CauseAttitude}), yearOf(40, 25, models.Case{Product: "pan", Category: "b", Cause: models.CauseOther})...)
	volumes := business("pan", 40, always(70))
	want := find(t, volumes, records...)
	require.NotEmpty(t, want)
	for seed := range uint64(5) {
		chance := rand.New(rand.NewPCG(seed, 1))
		chance.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		require.Equal(t, want, find(t, volumes, records...))
	}
}
