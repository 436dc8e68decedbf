package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// numbers are enough to walk through every cell of the check digit's table.
var numbers = func() []string {
	all := []string{
		models.Number(2026, 1), models.Number(2026, 42), models.Number(2026, 999_999), models.Number(2031, 1_234_567), models.Number(1999, 0),
	}
	for i := range int64(500) {
		all = append(all, models.Number(2000+int(i%100), i*7919))
	}
	return all
}()

func TestANumberIsWrittenAsPeopleReadItAloud(t *testing.T) {
	t.Parallel()
	require.Regexp(t, `^RC2026-000001\d$`, numbers[0])
	require.Regexp(t, `^RC2026-999999\d$`, numbers[2])
	require.Regexp(t, `^RC2031-1234567\d$`, numbers[3], "it grows")
	for _, n := range numbers {
		require.True(t, models.ValidNumber(n), n)
	}
}

func TestEverySingleWrongDigitIsNoticed(t *testing.T) {
	t.Parallel()
	for _, n := range numbers {
		for i := range len(n) {
			if n[i] < '0' || n[i] > '9' {
				continue
			}
			for d := byte('0'); d <= '9'; d++ {
				wrong := n[:i] + string(d) + n[i+1:]
				require.Equal(t, wrong == n, models.ValidNumber(wrong), wrong)
			}
		}
	}
}

func TestEverySwapOfNeighboursIsNoticed(t *testing.T) {
	t.Parallel()
	for _, n := range numbers {
		digits := []int{}
		for i := range len(n) {
			if n[i] >= '0' && n[i] <= '9' {
				digits = append(digits, i)
			}
		}
		for k := range digits[1:] {
			swapped := []byte(n)
			i, j := digits[k], digits[k+1]
			swapped[i], swapped[j] = swapped[j], swapped[i]
			require.Equal(t, n[i] == n[j], models.ValidNumber(string(swapped)), "%s", swapped)
		}
	}
}

func TestWhatIsNotWrittenLikeANumberIsNone(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"", "RC", "RC2026-00001", numbers[0] + " ", " " + numbers[0], "rc" + numbers[0][2:], "RC２０２６-0000017", numbers[0] + "\n"} {
		require.False(t, models.ValidNumber(n), "%q", n)
	}
}
