package history_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/history"
)

func TestAnInstantIsReadInTheFormsThatAreListedAndNoOther(t *testing.T) {
	t.Parallel()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	for _, tt := range []struct{ form, text, want string }{
		{"D/M/YYYY HH:mm", "29/2/2016 01:16", "2016-02-28T17:16:00Z"},
		{"D/M/YYYY HH:mm", "2/13/2016 01:16", ""},
		{"D/M/YYYY HH:mm", "29/2/2015 01:16", ""},
		{"D/M/YYYY HH:mm", "29/2/2016 01:16:00", ""},
		{"DD.MM.YYYY", "01.02.2016", "2016-01-31T16:00:00Z"},
		{"DD.MM.YYYY", "1.2.2016", ""},
		{"MM/DD/YYYY hh:mm:ss A", "01/02/2016 12:00:01 AM", "2016-01-01T16:00:01Z"},
		{"MM/DD/YYYY hh:mm:ss A", "01/02/2016 12:00:01 pm", "2016-01-02T04:00:01Z"},
		{"MM/DD/YYYY hh:mm:ss A", "01/02/2016 13:00:01 PM", ""},
		{"D MMM YY H:m", "3 Mar 16 9:5", "2016-03-03T01:05:00Z"},
		{"MMMM D, YYYY", "March 3, 2016", "2016-03-02T16:00:00Z"},
		{"YYYY年M月D日 HH:mm", "2016年3月3日 08:00", "2016-03-03T00:00:00Z"},
		{"YYYY/MM/DD HH:mm:ss.SSS", "2016/03/03 08:00:00.123456", "2016-03-03T00:00:00.123456Z"},
		{"YYYY/MM/DD HH:mm:ss.SSS Z", "2016/03/03 08:00:00.5 +0100", "2016-03-03T07:00:00.5Z"},
		{"YYYY-MM-DD'T at 'HH", "2016-03-03T at 08", "2016-03-03T00:00:00Z"},
		{"YYYY-MM", "2016-03", "2016-02-29T16:00:00Z"},
		{"iso", "2016-03-03", "2016-03-02T16:00:00Z"},
		{"iso", "2016-03-03 08:00", "2016-03-03T00:00:00Z"},
		{"iso", "2016-03-03T08:00:00.123+01:00", "2016-03-03T07:00:00.123Z"},
		{"iso", "2016-03-03 08:00:00.123456 +0000", "2016-03-03T08:00:00.123456Z"},
		{"iso", "2016-03-03T08:00:00Z", "2016-03-03T08:00:00Z"},
		{"iso", "2016-03-03T24:00:00Z", ""},
		{"iso", "2016-03-03T08:00:00+1", ""},
		{"iso", "03.03.2016", ""},
		{"iso", "2016-03-03 08:00:00 UTC", "2016-03-03T08:00:00Z"},
		{"ddd MMM D YYYY HH:mm:ss Z", "Thu Mar 3 2016 08:00:00 GMT", "2016-03-03T08:00:00Z"},
		{"unix", "1456992000.5", "2016-03-03T08:00:00.5Z"},
		{"unix_ms", "1456992000500", "2016-03-03T08:00:00.5Z"},
		{"unix", "soon", ""},
		{"YYYY/M/D A h:mm", "2016/3/3 下午 3:05", "2016-03-03T07:05:00Z"},
		{"YYYY年M月D日 Ahh:mm", "2016年3月3日 上午12:05", "2016-03-02T16:05:00Z"},
		{"YYYY/M/D Ah:mm", "2016/3/3 凌晨12:05", "2016-03-02T16:05:00Z"},
		{"YYYY/M/D Ah:mm", "2016/3/3 凌晨7:05", ""},
		{"YYYY/M/D Ah:mm", "2016/3/3 早上8:00", "2016-03-03T00:00:00Z"},
		{"YYYY/M/D Ah:mm", "2016/3/3 中午11:59", "2016-03-03T03:59:00Z"},
		{"YYYY/M/D Ah:mm", "2016/3/3 中午12:30", "2016-03-03T04:30:00Z"},
		{"YYYY/M/D Ah:mm", "2016/3/3 中午1:30", "2016-03-03T05:30:00Z"},
		{"YYYY/M/D Ah:mm", "2016/3/3 中午10:30", ""},
		{"YYYY/M/D Ah:mm", "2016/3/3 晚上11:30", "2016-03-03T15:30:00Z"},
		{"YYYY/M/D Ah:mm", "2016/3/3 晚上12:30", ""},
		{"YYYY/M/D Ah:mm", "2016/3/3 晚上1:30", ""},
		{"excel", "42432.333333333336", "2016-03-03T00:00:00Z"},
		{"excel", "0.5", ""},
		{"excel", "3/3/2016", ""},
	} {
		at, _, err := history.ReadInstant(tt.text, shanghai, false, tt.form)
		if tt.want == "" {
			require.Error(t, err, "%s as %s", tt.text, tt.form)
			continue
		}
		require.NoError(t, err, "%s as %s", tt.text, tt.form)
		require.Equal(t, tt.want, at.UTC().Format(time.RFC3339Nano), "%s as %s", tt.text, tt.form)
	}
	at, _, err := history.ReadInstant("40970.333333333336", shanghai, true, "excel")
	require.NoError(t, err)
	require.Equal(t, "2016-03-03T00:00:00Z", at.UTC().Format(time.RFC3339), "a workbook that counts from 1904")
}

func TestACellThatTwoFormsReadDifferentlyIsRefused(t *testing.T) {
	t.Parallel()
	_, _, err := history.ReadInstant("3/4/2016", time.UTC, false, "D/M/YYYY", "M/D/YYYY")
	require.ErrorContains(t, err, "one instant as D/M/YYYY and another as M/D/YYYY")
	at, _, err := history.ReadInstant("13/4/2016", time.UTC, false, "D/M/YYYY", "M/D/YYYY")
	require.NoError(t, err)
	require.Equal(t, time.April, at.Month())
	_, _, err = history.ReadInstant("4/4/2016", time.UTC, false, "D/M/YYYY", "M/D/YYYY")
	require.NoError(t, err, "both mean the same")
}

func TestAFormThatIsNoneIsToldApart(t *testing.T) {
	t.Parallel()
	for form, why := range map[string]string{
		"HH:mm": "a year (YYYY) and a month", "dd": "a year (YYYY) and a month", "YYYY-MM-DD hh:mm": "belong together", "YYYY-MM 'x": "not closed",
		"YYYY-MM-MM": "twice", "ISO": "neither iso",
	} {
		_, _, err := history.ReadInstant("x", time.UTC, false, form)
		require.ErrorContains(t, err, why, form)
	}
}

func TestAWallClockOnNoInstantOrOnTwoIsReadTheSameWayAlways(t *testing.T) {
	t.Parallel()
	boston, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	for text, want := range map[string]struct {
		at   string
		turn int
	}{
		"2015-03-08 01:59": {"2015-03-08T01:59:00-05:00", 0},
		"2015-03-08 02:30": {"2015-03-08T03:30:00-04:00", 1}, // skipped: as if the clock had not been put forward
		"2015-03-08 03:00": {"2015-03-08T03:00:00-04:00", 0},
		"2015-11-01 00:59": {"2015-11-01T00:59:00-04:00", 0},
		"2015-11-01 01:30": {"2015-11-01T01:30:00-04:00", 2}, // came twice: the first
		"2015-11-01 02:00": {"2015-11-01T02:00:00-05:00", 0},
		"2015-07-01 12:00": {"2015-07-01T12:00:00-04:00", 0},
	} {
		at, turn, err := history.ReadInstant(text, boston, false, "iso")
		require.NoError(t, err)
		require.Equal(t, want.at, at.In(boston).Format(time.RFC3339), text)
		require.Equal(t, want.turn, turn, text)
	}
}
