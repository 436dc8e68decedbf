package headline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi/headline"
	"recourse/models"
)

func TestEveryMeasureSaysAllInBothLanguages(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range headline.Headline() {
		require.False(t, seen[m.Key], m.Key)
		seen[m.Key] = true
		for _, text := range []headline.Text{m.Title, m.Question, m.Population, m.Numerator, m.Denominator} {
			require.NotEmpty(t, text.EN, m.Key)
			require.NotEmpty(t, text.ZH, m.Key)
		}
		require.Positive(t, m.Version)
	}
	require.Len(t, seen, 6)
}

var (
	from     = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	until    = from.AddDate(0, 1, 0)
	received = from.AddDate(0, 0, 9)
)

func after(d time.Duration) *time.Time {
	at := received.Add(d)
	return &at
}

// running is a case that was received and nothing else.
func running() models.Case {
	return models.Case{
		State: models.StateReceived, Severity: models.SeverityImportant, ReceivedAt: received,
		ResponseLimitAt: *after(24 * time.Hour), ResponseTargetAt: after(8 * time.Hour),
		FeedbackLimitAt: *after(48 * time.Hour), HandlingDueAt: *after(120 * time.Hour),
	}
}

func with(change func(c *models.Case)) models.Case {
	c := running()
	change(&c)
	return c
}

// counted returns one figure, or what stands beside it, as numerator and denominator.
func counted(t *testing.T, s headline.Summary, key, beside string) [2]int {
	t.Helper()
	for _, f := range s.Figures {
		if f.Key != key {
			continue
		}
		if beside == "" {
			return [2]int{f.Numerator, f.Denominator}
		}
		for _, b := range f.Beside {
			if b.Key == beside {
				return [2]int{b.Numerator, b.Denominator}
			}
		}
	}
	require.Fail(t, "there is no such figure", "%s %s", key, beside)
	return [2]int{}
}

func tally(cut time.Time, all ...models.Case) headline.Summary {
	t := headline.NewTally(from, until, cut)
	for _, c := range all {
		t.Add(c)
	}
	return t.Summary(false)
}

func TestAFigureCountsWhatItSays(t *testing.T) {
	t.Parallel()
	const us = time.Microsecond
	hours := func(n int) time.Duration { return time.Duration(n) * time.Hour }
	late := hours(24 * 15)
	replied := func(d time.Duration) models.Case {
		return with(func(c *models.Case) { c.FirstReplyAt = after(d) })
	}
	told := func(d time.Duration) models.Case {
		return with(func(c *models.Case) { c.FirstSolutionAt = after(d) })
	}
	resolved := func(d time.Duration) models.Case {
		return with(func(c *models.Case) { c.FirstResolvedAt, c.ResolvedAt = after(d), after(d) })
	}
	paused := func(gross, net time.Duration) models.Case {
		return with(func(c *models.Case) { c.FirstResolvedAt, c.HandlingGross, c.HandlingNet = after(gross), gross, net })
	}
	scored := func(score int, done bool) models.Case {
		return with(func(c *models.Case) {
			c.ResultScore, c.Offered, c.Answered = score, 1, 1
			if done {
				c.ResolvedAt = after(hours(50))
			}
		})
	}
	tests := map[string]struct {
		c      models.Case
		cut    time.Duration
		key    string
		beside string
		want   [2]int
	}{
		"a reply at the limit is in time":                 {replied(hours(24)), late, "first_response_rate", "", [2]int{1, 1}},
		"a reply a microsecond later is late":             {replied(hours(24) + us), late, "first_response_rate", "", [2]int{0, 1}},
		"no reply before the limit says nothing":          {running(), hours(23), "first_response_rate", "", [2]int{0, 0}},
		"no reply at the limit says nothing yet":          {running(), hours(24), "first_response_rate", "", [2]int{0, 0}},
		"no reply a microsecond after the limit is late":  {running(), hours(24) + us, "first_response_rate", "", [2]int{0, 1}},
		"an early reply counts before the limit":          {replied(hours(1)), hours(2), "first_response_rate", "", [2]int{1, 1}},
		"a reply after the data cut has not happened yet": {replied(hours(30)), hours(20), "first_response_rate", "", [2]int{0, 0}},
		"a reply at the target is in time":                {replied(hours(8)), late, "first_response_rate", "first_response_target_rate", [2]int{1, 1}},
		"a reply after the target misses only the target": {replied(hours(8) + us), late, "first_response_rate", "first_response_target_rate", [2]int{0, 1}},
		"without a target the limit is the target":        {with(func(c *models.Case) { c.ResponseTargetAt = nil; c.FirstReplyAt = after(hours(24)) }), late, "first_response_rate", "first_response_target_rate", [2]int{1, 1}},
		"a solution told at 48 hours is in time":          {told(hours(48)), late, "feedback_rate", "", [2]int{1, 1}},
		"a solution told after 48 hours is late":          {told(hours(48) + us), late, "feedback_rate", "", [2]int{0, 1}},
		"no solution yet and not due says nothing":        {running(), hours(48), "feedback_rate", "", [2]int{0, 0}},
		"no solution and due is late":                     {running(), hours(48) + us, "feedback_rate", "", [2]int{0, 1}},
		"resolved at the due is on time":                  {resolved(hours(120)), late, "timely_rate", "", [2]int{1, 1}},
		"resolved after the due is late":                  {resolved(hours(120) + us), late, "timely_rate", "", [2]int{0, 1}},
		"strict counts what still runs":                   {running(), hours(1), "timely_rate", "", [2]int{0, 1}},
		"due-only does not":                               {running(), hours(1), "timely_rate", "timely_rate_due", [2]int{0, 0}},
		"due-only counts what is due":                     {running(), hours(121), "timely_rate", "timely_rate_due", [2]int{0, 1}},
		"resolved-only counts what is resolved":           {resolved(hours(121)), late, "timely_rate", "timely_rate_resolved", [2]int{0, 1}},
		"resolved-only leaves the overdue out":            {running(), late, "timely_rate", "timely_rate_resolved", [2]int{0, 0}},
		"a pause is told as a share of the handling":      {paused(hours(100), hours(75)), late, "timely_rate", "pause_share", [2]int{25 * 60, 100 * 60}},
		"one of a handling after the data cut is not":     {paused(hours(100), hours(75)), hours(99), "timely_rate", "pause_share", [2]int{0, 0}},
		"a rework does not make a first resolution late":  {with(func(c *models.Case) { c.FirstResolvedAt = after(hours(100)) }), late, "timely_rate", "", [2]int{1, 1}},
		"but a rework that runs is not resolved":          {with(func(c *models.Case) { c.FirstResolvedAt = after(hours(100)) }), late, "resolution_rate", "", [2]int{0, 1}},
		"resolved is resolved":                            {resolved(hours(300)), late, "resolution_rate", "", [2]int{1, 1}},
		"resolved after the data cut is not":              {resolved(hours(300)), hours(299), "resolution_rate", "", [2]int{0, 1}},
		"a 4 is a success":                                {scored(4, true), late, "success_rate", "", [2]int{1, 1}},
		"a 3 is none":                                     {scored(3, true), late, "success_rate", "", [2]int{0, 1}},
		"a 5 before it is resolved is none":               {scored(5, false), late, "success_rate", "", [2]int{0, 1}},
		"no answer is not satisfied":                      {resolved(hours(1)), late, "success_rate", "", [2]int{0, 1}},
		"who was asked and answered":                      {scored(1, true), late, "success_rate", "answer_rate", [2]int{1, 1}},
		"who was asked and did not":                       {with(func(c *models.Case) { c.Offered = 1 }), late, "success_rate", "answer_rate", [2]int{0, 1}},
		"who was not asked":                               {running(), late, "success_rate", "answer_rate", [2]int{0, 0}},
		"csat counts answers":                             {scored(4, true), late, "csat", "", [2]int{1, 1}},
		"csat leaves silence out":                         {resolved(hours(1)), late, "csat", "", [2]int{0, 0}},
		"a 5 weighs eight tenths":                         {scored(5, true), late, "csat", "csat_weighted", [2]int{8, 8}},
		"a 1 weighs eight tenths":                         {scored(1, true), late, "csat", "csat_weighted", [2]int{0, 8}},
		"a 4 weighs ten tenths":                           {scored(4, true), late, "csat", "csat_weighted", [2]int{10, 10}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tally(received.Add(test.cut), test.c)
			require.Equal(t, test.want, counted(t, s, test.key, test.beside))
		})
	}
}

func TestWhoIsCountedAtAll(t *testing.T) {
	t.Parallel()
	cut := received.AddDate(0, 0, 15)
	state := func(s models.State) models.Case { return with(func(c *models.Case) { c.State = s }) }

	s := tally(cut, running(), state(models.StateWithdrawn), state(models.StateNotAccepted), state(models.StateMerged),
		with(func(c *models.Case) { c.MysteryShopper = true }),
		with(func(c *models.Case) { c.Anonymous = true }),
		with(func(c *models.Case) { c.Sample = true }))
	require.Equal(t, 4, s.Received, "merged, mystery shopper and, beside real ones, samples are not received")
	require.Equal(t, 1, s.Withdrawn)
	require.Equal(t, 1, s.NotAccepted)
	require.Equal(t, 1, s.Anonymous)
	require.Equal(t, 2, s.Open)
	require.False(t, s.Samples)
	for _, f := range s.Figures {
		if f.Key == "csat" {
			continue
		}
		require.Equal(t, 2, f.Denominator, f.Key)
		require.Equal(t, [2]int{0, 1}, counted(t, s, f.Key, "anonymous"), f.Key)
		require.Equal(t, [2]int{1, 4}, counted(t, s, f.Key, "withdrawn_rate"), f.Key)
		require.Equal(t, [2]int{1, 4}, counted(t, s, f.Key, "not_accepted_rate"), f.Key)
	}
}

func TestThePeriodBeginsWithItsFirstInstantAndEndsBeforeItsLast(t *testing.T) {
	t.Parallel()
	received := func(at time.Time) models.Case { return with(func(c *models.Case) { c.ReceivedAt = at }) }
	s := tally(until, received(from), received(until.Add(-time.Microsecond)), received(until), received(from.Add(-time.Microsecond)))
	require.Equal(t, 2, s.Received)
}

func TestSamplesCountUntilTheFirstRealCase(t *testing.T) {
	t.Parallel()
	sample := with(func(c *models.Case) { c.Sample = true })
	s := tally(until, sample)
	require.Equal(t, 1, s.Received)
	require.True(t, s.Samples)

	elsewhere := headline.NewTally(from, until, until)
	elsewhere.Add(sample)
	require.Zero(t, elsewhere.Summary(true).Received, "a real case in another period ends the samples' time as well")
}

func TestTheFlowRatioCountsWhatWasResolvedInThePeriod(t *testing.T) {
	t.Parallel()
	early := with(func(c *models.Case) {
		c.ReceivedAt = from.AddDate(0, -1, 0)
		c.FirstResolvedAt, c.ResolvedAt = after(0), after(0)
	})
	s := tally(until, early, running())
	require.Equal(t, 1, s.Received)
	require.Equal(t, [2]int{1, 1}, counted(t, s, "resolution_rate", "flow_ratio"))
	require.Equal(t, [2]int{0, 1}, counted(t, s, "resolution_rate", ""))
}

func TestNothingToDivideByIsNoRate(t *testing.T) {
	t.Parallel()
	for _, f := range tally(until).Figures {
		require.Nil(t, f.Rate, f.Key)
		require.Equal(t, []float64{0, 1}, []float64{f.Low, f.High}, f.Key)
	}
}
