package lifecycle_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// endOfCalls is what a step of a story leaves on record about calls.
func endOfCalls(s *story, step func()) []models.CallTask {
	at, before := s.c, len(s.events)
	step()
	_, rec, err := lifecycle.Write(at, s.events[before:])
	require.NoError(s.t, err)
	return rec.Calls
}

// However a case stops waiting for a call, the event that ends it closes the call.
func TestNoCallOutlivesTheWaitForIt(t *testing.T) {
	t.Parallel()
	reason := []string{models.TextReason}
	for name, c := range map[string]struct {
		step func(s *story)
		want models.CallbackOutcome
	}{
		"reached":              {func(s *story) { s.callBack(models.CallbackReachedSolved, nil) }, models.CallbackReachedSolved},
		"reached and unsolved": {func(s *story) { s.callBack(models.CallbackReachedUnsolved, nil) }, models.CallbackReachedUnsolved},
		"nobody answered": {func(s *story) {
			s.until(s.c.Callback.NotBefore)
			s.callBack(models.CallbackNoAnswer, nil)
		}, models.CallbackNoAnswer},
		"put off":           {func(s *story) { s.do(customer, models.VerbReschedule, models.Rescheduled{To: s.now.Add(day)}) }, ""},
		"confirmed by link": {func(s *story) { s.do(customer, models.VerbConfirm, models.Confirmed{}) }, ""},
		"not solved":        {func(s *story) { s.do(customer, models.VerbNotSolved, models.NotSolved{}, models.TextText) }, ""},
		"a bad survey":      {func(s *story) { s.answer(1) }, ""},
		"closed by hand":    {func(s *story) { s.do(supervisor, models.VerbClose, models.Closed{}, reason...) }, ""},
		"reworked by hand":  {func(s *story) { s.do(supervisor, models.VerbRework, models.Reworked{}, reason...) }, ""},
		"withdrawn":         {func(s *story) { s.do(customer, models.VerbWithdraw, models.Withdrawn{}, models.TextText) }, ""},
		"merged":            {func(s *story) { s.do(supervisor, models.VerbMerge, models.Merged{Into: earlier}, reason...) }, ""},
	} {
		s := atFollowingUp(t)
		require.True(t, s.c.Awaits(1, 1), name)
		ended := endOfCalls(s, func() { c.step(s) })
		require.Len(t, ended, 1, name)
		require.NotNil(t, ended[0].DoneAt, name)
		require.Equal(t, models.CallTask{CaseID: s.c.ID, Cycle: 1, Attempt: 1, Outcome: c.want, DoneAt: ended[0].DoneAt}, ended[0], name)
		require.False(t, s.c.Awaits(1, 1), name)
		end, is := lifecycle.CallEnd(s.events, 1, 1)
		require.True(t, is, name)
		require.Equal(t, ended[0], end, name)
	}
}

func TestACallThatIsAwaitedHasNoEnd(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	require.Empty(t, endOfCalls(s, func() {
		s.do(customer, models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, models.TextText)
		s.do(supervisor, models.VerbVoid, models.Voided{Entry: s.c.Seq}, models.TextReason)
	}))
	_, is := lifecycle.CallEnd(s.events, 1, 1)
	require.False(t, is)
	_, is = lifecycle.CallEnd(s.events, 1, 2)
	require.False(t, is, "nobody placed it")
}

func TestUnmergingBringsACallBack(t *testing.T) {
	t.Parallel()
	s := merged(atFollowingUp)(t)
	require.False(t, s.c.Awaits(1, 1))
	require.Empty(t, lifecycle.Outstanding(s.c))
	require.Empty(t, endOfCalls(s, func() { s.do(supervisor, models.VerbUnmerge, models.Unmerged{}, models.TextReason) }))
	require.True(t, s.c.Awaits(1, 2), "another attempt: the first ended with the merge")
}
