package words_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/words"
	"recourse/models"
)

func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	require.Equal(t, words.Keys(models.LanguageEN), words.Keys(models.LanguageZH))
	for _, lang := range models.Languages() {
		for _, key := range words.Keys(lang) {
			require.True(t, words.In(lang).Has(key), "%s has no words in %s", key, lang)
		}
	}
}

func TestEveryMemberOfAClosedSetHasAName(t *testing.T) {
	t.Parallel()
	var members []any
	members = add(members, models.Severities())
	members = add(members, models.Natures())
	members = add(members, models.Attributions())
	members = add(members, models.Causes())
	members = add(members, models.Channels())
	members = add(members, models.Outcomes())
	members = add(members, models.CallbackOutcomes())
	members = add(members, models.Languages())
	members = add(members, models.States())
	members = add(members, models.Verbs())
	members = add(members, models.Kinds())
	members = add(members, models.AdjustmentKinds())
	members = add(members, models.AdjustedStates())
	members = add(members, []models.AdjustmentState{
		models.AdjustmentPreviewed, models.AdjustmentRunning, models.AdjustmentDone, models.AdjustmentUndoing, models.AdjustmentUndone,
	})
	members = add(members, models.Clocks())
	members = add(members, models.Roles())
	members = add(members, models.GapKinds())
	members = add(members, models.MessageChannels())
	members = add(members, models.AlertWays())
	members = add(members, models.Media())
	members = add(members, []models.Bound{models.BoundTarget, models.BoundLimit})
	members = add(members, []models.LateReason{models.LateRecorded, models.LateOutage})
	members = add(members, []models.RequestKind{
		models.RequestApproveSolution, models.RequestArchiveEarly, models.RequestExtend, models.RequestLowerSeverity,
		models.RequestLongPause, models.RequestCompensation, models.RequestNotAccept,
	})
	for _, lang := range models.Languages() {
		for _, member := range members {
			name := words.In(lang).Name(member)
			require.NotEmpty(t, name)
			require.NotContains(t, name, ".", "%T %v in %s", member, member, lang)
		}
	}
}

func add[T any](all []any, set []T) []any {
	for _, member := range set {
		all = append(all, member)
	}
	return all
}

func TestChineseIsChineseAndEnglishIsEnglish(t *testing.T) {
	t.Parallel()
	han := func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }
	for _, key := range words.Keys(models.LanguageEN) {
		if slices.Contains([]string{"shell.other_language"}, key) || strings.HasPrefix(key, "as_is.") {
			continue
		}
		require.False(t, strings.ContainsFunc(words.In(models.LanguageEN).Say(key, "n", 2), han), "%s speaks Chinese in English", key)
	}
}

func TestNumbersChooseBetweenOneAndMany(t *testing.T) {
	t.Parallel()
	en, zh := words.In(models.LanguageEN), words.In(models.LanguageZH)
	require.Equal(t, "1 day", en.Say("time.days", "n", 1))
	require.Equal(t, "1,234 days", en.Say("time.days", "n", 1234))
	require.Equal(t, "Attempt 1", en.Say("callbacks.attempt", "n", 1))
	require.Equal(t, "1 天", zh.Say("time.days", "n", 1))
	require.Equal(t, "there.is.nothing", en.Say("there.is.nothing"))
}

func TestTheLanguageIsTheOneAskedFor(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"zh-TW,zh;q=0.9,en;q=0.8": "zh-CN", "en-GB": "en", "de,en;q=0.5": "en", "zh": "zh-CN", "": "", "x;;": "",
	} {
		got, is := words.Wanted(header)
		if !is {
			got = ""
		}
		require.Equal(t, want, string(got), header)
	}
}
