package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/stats"
)

// The golden values are those of Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
func TestWilsonAgreesWithThePublishedTable(t *testing.T) {
	t.Parallel()
	for _, golden := range []struct {
		numerator, denominator int
		low, high              float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
		{29, 29, 1 - 0.1170, 1},
		{0, 0, 0, 1},
	} {
		low, high := stats.Wilson(golden.numerator, golden.denominator)
		require.InDelta(t, golden.low, low, 0.00005, golden)
		require.InDelta(t, golden.high, high, 0.00005, golden)
	}
}
