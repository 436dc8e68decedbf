package extract_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/extract"
	"recourse/internal/kpi"
	"recourse/models"
)

func TestVolumesAreTakenAwayAsTheyWereCounted(t *testing.T) {
	t.Parallel()
	month := func(n time.Month) time.Time { return time.Date(2026, n, 1, 0, 0, 0, 0, time.UTC) }
	of := func(product string, kind models.VolumeKind, from time.Month, count int64) models.Volume {
		return models.Volume{Product: product, Kind: kind, From: month(from), Until: month(from + 1), Count: count}
	}
	figures := kpi.NewTable()
	figures.SetVolumes([]models.Volume{
		of("kettle", models.VolumeUnits, 2, 20), of("kettle", models.VolumeUnits, 1, 10), of("=fan", models.VolumeUnits, 1, 0),
		of("", models.VolumeCustomers, 2, 7), of("kettle", models.VolumeUnits, 3, 30),
	})
	q := kpi.Query{From: month(1), Until: month(3).AddDate(0, 0, 9), Cut: month(4), Zone: time.UTC, Visible: models.Visible{Whole: true}}
	told := func() string {
		file, err := extract.Ready(t.Context(), extract.Source{}, figures, q, extract.Wish{Table: "volumes", At: month(4)})
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, file.Write(&out))
		return out.String()
	}
	require.Equal(t, `product,kind,from,until,count
,customers,2026-02-01T00:00:00.000000Z,2026-03-01T00:00:00.000000Z,7
'=fan,units,2026-01-01T00:00:00.000000Z,2026-02-01T00:00:00.000000Z,0
kettle,units,2026-01-01T00:00:00.000000Z,2026-02-01T00:00:00.000000Z,10
kettle,units,2026-02-01T00:00:00.000000Z,2026-03-01T00:00:00.000000Z,20
`, told(), "March reaches beyond the period")
	q.Filters = map[kpi.Dimension][]string{kpi.ByProduct: {"=fan"}}
	require.Equal(t, "product,kind,from,until,count\n'=fan,units,2026-01-01T00:00:00.000000Z,2026-02-01T00:00:00.000000Z,0\n", told())
}
