package policies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestThePastIsWhatAVersionSaidHoweverLongAgo(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.record.publish(t, "20h", noon)
	past, err := d.Past(t.Context(), "Asia/Shanghai", "policy-1", "default-1")
	require.NoError(t, err)
	require.Equal(t, 20*time.Hour, past.Rule("policy-1", models.ClockFirstResponse).Limit.General.Of)
	require.Equal(t, 24*time.Hour, past.Rule("default-1", models.ClockFirstResponse).Limit.General.Of)
	require.Zero(t, past.Rule("policy-9", models.ClockFirstResponse).Limit)

	longAgo := time.Date(2024, time.June, 7, 12, 0, 0, 0, time.UTC) // a Friday
	require.Equal(t, []models.Stretch{
		{From: longAgo, Until: longAgo.Add(12 * time.Hour), Kind: models.StretchOpen},
		{From: longAgo.Add(12 * time.Hour), Until: longAgo.Add(60 * time.Hour), Kind: models.StretchClosed},
		{From: longAgo.Add(60 * time.Hour), Until: longAgo.Add(61 * time.Hour), Kind: models.StretchOpen},
	}, past.Stretches("policy-1", models.CalendarWorking, longAgo, longAgo.Add(61*time.Hour)))
	halves := past.Stretches("policy-1", models.CalendarHalves, longAgo, longAgo.Add(time.Hour))
	require.Equal(t, models.StretchClosed, halves[0].Kind, "it is eight in the evening where the customer is")
	unknown := past.Stretches("policy-1", "never", longAgo, longAgo.Add(time.Hour))
	require.Equal(t, []models.Stretch{{From: longAgo, Until: longAgo.Add(time.Hour), Kind: models.StretchOpen}}, unknown)

	_, err = d.Past(t.Context(), "UTC", "policy-7")
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
}
