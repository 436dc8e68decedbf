package words_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/words"
	"recourse/models"
)

func TestInstantsNameTheirZone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 3, 16, 5, 59, 0, time.UTC)
	for _, tt := range []struct{ zone, zh, en string }{
		{"Asia/Shanghai", "2026年7月4日 00:05（北京时间）", "4 July 2026, 00:05 (China Standard Time, UTC+08:00)"},
		{"UTC", "2026年7月3日 16:05（UTC）", "3 July 2026, 16:05 (UTC)"},
		{"Europe/Berlin", "2026年7月3日 18:05（Europe/Berlin，UTC+02:00）", "3 July 2026, 18:05 (Europe/Berlin, UTC+02:00)"},
		{"Asia/Kathmandu", "2026年7月3日 21:50（Asia/Kathmandu，UTC+05:45）", "3 July 2026, 21:50 (Asia/Kathmandu, UTC+05:45)"},
	} {
		zone, err := time.LoadLocation(tt.zone)
		require.NoError(t, err)
		require.Equal(t, tt.zh, words.In(models.LanguageZH).Instant(at, zone))
		require.Equal(t, tt.en, words.In(models.LanguageEN).Instant(at, zone))
	}
	require.Empty(t, words.In(models.LanguageEN).Instant(time.Time{}, time.UTC))
}

func TestLengthsOfTimeHaveTheirTwoLargestUnits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		of     time.Duration
		zh, en string
	}{
		{59 * time.Second, "不到 1 分钟", "less than a minute"},
		{time.Minute, "1 分钟", "1 minute"},
		{2*time.Hour + 5*time.Minute, "2 小时 5 分钟", "2 hours 5 minutes"},
		{24 * time.Hour, "1 天", "1 day"},
		{49*time.Hour + 30*time.Minute, "2 天 1 小时", "2 days 1 hour"},
		{48*time.Hour + 30*time.Minute, "2 天", "2 days"},
	} {
		require.Equal(t, tt.zh, words.In(models.LanguageZH).Span(tt.of))
		require.Equal(t, tt.en, words.In(models.LanguageEN).Span(tt.of))
	}
}

func TestWhereThereIsLittleRoomOnlyDistantDaysHaveTheirYear(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.January, 5, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		at     time.Time
		zh, en string
	}{
		{now.Add(-10 * 24 * time.Hour), "12月26日 12:00", "26 Dec, 12:00"},
		{now.Add(-400 * 24 * time.Hour), "2024年12月1日", "1 Dec 2024"},
		{now.Add(300 * 24 * time.Hour), "2026年11月1日", "1 Nov 2026"},
		{time.Time{}, "", ""},
	} {
		require.Equal(t, tt.zh, words.In(models.LanguageZH).Short(tt.at, now, time.UTC))
		require.Equal(t, tt.en, words.In(models.LanguageEN).Short(tt.at, now, time.UTC))
	}
}

func TestAStretchOfOneDayNamesItOnce(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, time.November, 24, 1, 0, 0, 0, time.UTC)
	zone := time.FixedZone("", 8*3600)
	for _, tt := range []struct {
		until  time.Time
		zh, en string
	}{
		{from.Add(4 * time.Hour), "2025年11月24日 09:00 至 13:00", "24 November 2025, 09:00 to 13:00"},
		{from.Add(20 * time.Hour), "2025年11月24日 09:00 至 2025年11月25日 05:00", "24 November 2025, 09:00 to 25 November 2025, 05:00"},
	} {
		require.Equal(t, tt.zh, words.In(models.LanguageZH).Between(from, tt.until, zone))
		require.Equal(t, tt.en, words.In(models.LanguageEN).Between(from, tt.until, zone))
	}
}
