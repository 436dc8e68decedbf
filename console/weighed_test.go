package console

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/report"
)

func TestAShareOfWeightsIsNotToldAsAShareOfItems(t *testing.T) {
	t.Parallel()
	weight, items, low := 0.919, 60.0/66, 0.8
	require.True(t, weighed(report.Value{N: 66, Hits: 60, Value: &weight}))
	require.False(t, weighed(report.Value{N: 66, Hits: 60, Value: &items}))
	require.False(t, weighed(report.Value{N: 66, Hits: 60, Value: &weight, Low: &low}), "an interval is of items")
	require.False(t, weighed(report.Value{}))
}
