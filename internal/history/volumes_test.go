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
	require.Len(t, faults, 1)
	require.Contains(t, faults[0].Says, "either until")
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
