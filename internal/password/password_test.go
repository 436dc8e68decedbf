package password_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/password"
	"recourse/models"
)

func TestAPasswordMatchesItsOwnHashAndNoOther(t *testing.T) {
	t.Parallel()
	kept, err := password.Hash("云杉家电 2026!")
	require.NoError(t, err)
	require.True(t, password.Matches(kept, "云杉家电 2026!"))
	require.False(t, password.Matches(kept, "云杉家电 2026"))
	require.False(t, password.Matches(kept, ""))
	require.False(t, password.Matches(kept, strings.Repeat("x", 10_000)))
	again, err := password.Hash("云杉家电 2026!")
	require.NoError(t, err)
	require.NotEqual(t, kept, again, "no two people can be seen to have the same password")
	require.NotContains(t, kept, "云杉")
	require.False(t, password.Stale(kept))
}

func TestWhatIsNoHashMatchesNothing(t *testing.T) {
	t.Parallel()
	kept, err := password.Hash("correct horse")
	require.NoError(t, err)
	for _, broken := range []string{"", "x", strings.TrimSuffix(kept, kept[len(kept)-4:]), strings.Replace(kept, "argon2id", "argon2i", 1), strings.Replace(kept, "p=1", "p=0", 1)} {
		require.False(t, password.Matches(broken, "correct horse"), broken)
		require.True(t, password.Stale(broken))
	}
}

func TestAHashOfOtherSettingsMatchesAndIsStale(t *testing.T) {
	t.Parallel()
	kept, err := password.Weak("correct horse")
	require.NoError(t, err)
	require.True(t, password.Matches(kept, "correct horse"))
	require.True(t, password.Stale(kept))
}

func TestTooShortAndTooLongAreRefusedByName(t *testing.T) {
	t.Parallel()
	for _, plain := range []string{"", "短短短短短短短短短", strings.Repeat("x", 201)} {
		_, err := password.Hash(plain)
		require.Equal(t, models.CodeInvalid, models.CodeOf(err))
		require.ErrorContains(t, err, "password")
	}
}
