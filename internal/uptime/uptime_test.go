package uptime_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/uptime"
	"recourse/models"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

func at(minutes float64) time.Time { return noon.Add(time.Duration(minutes * float64(time.Minute))) }

// record keeps the spans in the order of their beginning, unless it is away.
type record struct {
	spans []models.Uptime
	away  error
}

func (r *record) Beat(_ context.Context, up models.Uptime) error {
	if r.away != nil {
		return r.away
	}
	if n := len(r.spans); n > 0 && r.spans[n-1].ID == up.ID {
		r.spans[n-1] = up
		return nil
	}
	r.spans = append(r.spans, up)
	return nil
}

func TestHeartbeatsAreOneSpanUntilThereIsASilence(t *testing.T) {
	t.Parallel()
	r, now, ids := &record{}, noon, 0
	up := error(nil)
	k := &uptime.Keeper{
		Record: r, Part: models.PartTemporal, Up: func(context.Context) error { return up },
		NewID: func() string { ids++; return strconv.Itoa(ids) }, Now: func() time.Time { return now },
	}
	beat := func(minutes float64) error { now = at(minutes); return k.Beat(t.Context()) }
	for _, minutes := range []float64{0, 0.25, 0.5, 1.5} { // a minute without a beat is no silence yet
		require.NoError(t, beat(minutes))
	}
	up = errors.New("does not answer")
	require.Error(t, beat(2))
	up, r.away = nil, errors.New("locked")
	require.Error(t, beat(2.4))
	r.away = nil
	require.NoError(t, beat(2.51))
	require.NoError(t, beat(3))
	require.NoError(t, beat(1), "the clock was set back")
	require.Equal(t, []models.Uptime{
		{ID: "1", Part: models.PartTemporal, Since: at(0), Until: at(1.5)},
		{ID: "2", Part: models.PartTemporal, Since: at(2.51), Until: at(3)},
		{ID: "3", Part: models.PartTemporal, Since: at(1), Until: at(1)},
	}, r.spans)
}

func TestAKeeperBeatsAsLongAsItRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, begun := &record{}, time.Now()
		k := &uptime.Keeper{Record: r, Part: models.PartWorker, NewID: func() string { return "1" }, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
		ctx, stop := context.WithCancel(t.Context())
		go k.Run(ctx)
		time.Sleep(10*time.Minute + time.Second)
		stop()
		synctest.Wait()
		require.Equal(t, []models.Uptime{{ID: "1", Part: models.PartWorker, Since: begun.UTC(), Until: begun.Add(10 * time.Minute).UTC()}}, r.spans)
	})
}

func TestAnOutageIsATimeInWhichNoProcessOfAPartWasUp(t *testing.T) {
	t.Parallel()
	span := func(part models.Part, since, until float64) models.Uptime {
		return models.Uptime{Part: part, Since: at(since), Until: at(until)}
	}
	down := func(part models.Part, from, until float64) models.Outage {
		return models.Outage{Part: part, From: at(from), Until: at(until)}
	}
	worker, temporal := models.PartWorker, models.PartTemporal
	for says, tt := range map[string]struct {
		spans []models.Uptime
		want  []models.Outage
	}{
		"nothing is known":                          {nil, nil},
		"up all the time":                           {[]models.Uptime{span(worker, 0, 100)}, nil},
		"a restart in good order":                   {[]models.Uptime{span(worker, 0, 50), span(worker, 51, 100)}, nil},
		"down for a while":                          {[]models.Uptime{span(worker, 60, 100), span(worker, 0, 50)}, []models.Outage{down(worker, 50, 60)}},
		"another one was up":                        {[]models.Uptime{span(worker, 0, 50), span(worker, 40, 70), span(worker, 60, 100)}, nil},
		"one within another":                        {[]models.Uptime{span(worker, 0, 90), span(worker, 10, 20), span(worker, 95, 100)}, []models.Outage{down(worker, 90, 95)}},
		"down to the end":                           {[]models.Uptime{span(worker, 0, 50)}, []models.Outage{down(worker, 50, 100)}},
		"down from before the window":               {[]models.Uptime{span(worker, -900, -600), span(worker, 30, 100)}, []models.Outage{down(worker, -600, 30)}},
		"of before the first beat nothing is known": {[]models.Uptime{span(worker, 30, 100)}, nil},
		"each part by itself": {
			[]models.Uptime{span(temporal, 0, 20), span(worker, 0, 30), span(temporal, 25, 100), span(worker, 40, 100)},
			[]models.Outage{down(temporal, 20, 25), down(worker, 30, 40)},
		},
	} {
		require.Equal(t, tt.want, uptime.Outages(tt.spans, at(0), at(100)), says)
	}
}
