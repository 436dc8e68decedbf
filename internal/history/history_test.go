package history_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/history"
)

// sensible says what every adopted case promises.
func sensible(t *testing.T, h history.History) {
	t.Helper()
	before := h.Adopted.Opened.ReceivedAt
	for _, m := range h.Adopted.Moves {
		require.False(t, m.At.Before(before), "%s: %v", h.Adopted.Reference, h.Adopted.Moves)
		before = m.At
	}
}
