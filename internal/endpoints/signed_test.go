package endpoints_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"recourse/internal/endpoints"
	"recourse/models"
)

// verifies is what a receiver does with the specification's own library.
func verifies(t *testing.T, secret string, r seen) error {
	t.Helper()
	receiver, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	return receiver.Verify(r.body, r.header)
}

func today(o *endpoints.Options) { o.Now = time.Now }

func TestAWebhookIsSignedAsTheSpecificationSays(t *testing.T) {
	t.Parallel()
	server, got := serve(t, says(http.StatusOK, "ok"))
	answer, err := client(today).Deliver(t.Context(), webhook(server.URL+"/in"), parcel())
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.Status)
	require.Equal(t, "ok", answer.Text)
	require.Positive(t, answer.Took)

	r := got.only(t)
	require.NoError(t, verifies(t, secret, r))
	require.Error(t, verifies(t, third, r), "another secret")
	require.JSONEq(t, `{"type":"case.escalated","timestamp":"2026-11-22T10:29:58Z","data":{"number":"RC2026-000017-3","seq":7}}`, string(r.body))
	require.Equal(t, parcel().ID, r.header.Get("webhook-id"))
	require.Equal(t, "application/json", r.header.Get("Content-Type"))
	r.body = append(r.body, ' ')
	require.Error(t, verifies(t, secret, r), "another body")
}

func TestASecondAttemptIsTheSameMessage(t *testing.T) {
	t.Parallel()
	server, got := serve(t, says(http.StatusInternalServerError, ""))
	c := client()
	for range 2 {
		_, err := c.Deliver(t.Context(), webhook(server.URL), parcel())
		require.Error(t, err)
	}
	require.Equal(t, 2, got.count())
	require.Equal(t, got.all[0].header.Get("webhook-id"), got.all[1].header.Get("webhook-id"))
	require.Equal(t, got.all[0].body, got.all[1].body)
}

func TestTheSecretBeforeSignsTooUntilItIsForgotten(t *testing.T) {
	t.Parallel()
	server, got := serve(t, says(http.StatusNoContent, ""))
	to := webhook(server.URL)
	to.Previous = previous
	_, err := client(today).Deliver(t.Context(), to, parcel())
	require.NoError(t, err)
	r := got.only(t)
	require.NoError(t, verifies(t, secret, r))
	require.NoError(t, verifies(t, previous, r))
	require.Error(t, verifies(t, third, r))
}

func TestAGatewayIsToldWhomToCallAndWhatToSay(t *testing.T) {
	t.Parallel()
	for _, channel := range []models.MessageChannel{models.MessageSMS, models.MessageVoice} {
		server, got := serve(t, says(http.StatusAccepted, ""))
		_, err := client(today).Deliver(t.Context(), endpoints.Target{Channel: channel, URL: server.URL, Secret: secret}, parcel())
		require.NoError(t, err)
		r := got.only(t)
		require.NoError(t, verifies(t, secret, r))
		require.JSONEq(t, fmt.Sprintf(`{"type":%q,"timestamp":"2026-11-22T10:29:58Z","data":{
			"to":"+8613800000000","language":"zh-CN","text":"级别：紧急\n请尽快处理。","id":"0196f2-1/7/event/webhook"}}`, channel), string(r.body))
	}
}

func TestTheStatusSaysWhetherAnotherAttemptHelps(t *testing.T) {
	t.Parallel()
	webhook, sms := models.MessageWebhook, models.MessageSMS
	for _, c := range []struct {
		channel models.MessageChannel
		status  int
		later   string // Retry-After
		final   bool
		wait    time.Duration
	}{
		{webhook, 500, "", false, 0},
		{webhook, 404, "", false, 0},
		{webhook, 401, "", false, 0},
		{webhook, 422, "", false, 0},
		{webhook, 410, "", true, 0},
		{webhook, 304, "", false, 0},
		{webhook, 503, "", false, 0},
		{webhook, 503, "120", false, 2 * time.Minute},
		{webhook, 503, "-5", false, 0},
		{webhook, 503, "soon", false, 0},
		{webhook, 503, "99999999999999999999", false, 0},
		{webhook, 503, "9223372036", false, time.Hour},
		{webhook, 429, "", false, time.Minute},
		{webhook, 429, "1", false, time.Minute},
		{webhook, 429, "300", false, 5 * time.Minute},
		{webhook, 429, "86400", false, time.Hour},
		{webhook, 429, "Sun, 22 Nov 2026 10:45:00 GMT", false, 15 * time.Minute},
		{webhook, 503, "Sun, 22 Nov 2020 10:45:00 GMT", false, 0},
		{sms, 500, "", false, 0},
		{sms, 400, "", true, 0},
		{sms, 422, "", true, 0},
		{models.MessageVoice, 422, "", true, 0},
		{sms, 410, "", true, 0},
		{models.MessageWeCom, 410, "", false, 10 * time.Minute},
		{models.MessageWeCom, 502, "", false, 0},
		{models.MessageFeishu, 429, "", false, time.Minute},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			server, got := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if c.later != "" {
					w.Header().Set("Retry-After", c.later)
				}
				w.WriteHeader(c.status)
			})
			to := endpoints.Target{Channel: c.channel, URL: server.URL, Secret: secret}
			answer, err := client().Deliver(t.Context(), to, parcel())
			r := refused(t, err)
			require.Equal(t, c.status, answer.Status)
			require.Equal(t, c.final, r.Final)
			require.Equal(t, c.wait, r.Wait)
			require.Equal(t, 1, got.count(), "one attempt")
		})
	}
}

func TestWhatCannotBeSentIsNotSent(t *testing.T) {
	t.Parallel()
	server, got := serve(t, says(http.StatusOK, ""))
	broken, nameless, split := parcel(), parcel(), parcel()
	broken.Data, nameless.ID, split.ID = json.RawMessage(`{"a":`), "", "a\r\nX-Other: b"
	for _, p := range []endpoints.Parcel{broken, nameless, split} {
		_, err := client().Deliver(t.Context(), webhook(server.URL), p)
		require.True(t, refused(t, err).Final)
	}
	unsigned := webhook(server.URL)
	unsigned.Secret = "hunter2"
	_, err := client().Deliver(t.Context(), unsigned, parcel())
	require.False(t, refused(t, err).Final, "the operator gives it another secret")
	require.Zero(t, got.count())
}
