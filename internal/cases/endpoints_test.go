package cases_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/endpoints"
	"recourse/models"
)

const (
	firstSecret  = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	secondSecret = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM="
	hookURL      = "https://hooks.example.com/in/qhzjxwvkpt"
)

// far answers for every endpoint, and remembers who was asked.
type far struct {
	to    []endpoints.Target
	sent  []endpoints.Parcel
	fails bool
}

func (f *far) Deliver(_ context.Context, to endpoints.Target, p endpoints.Parcel) (endpoints.Answer, error) {
	f.to, f.sent = append(f.to, to), append(f.sent, p)
	if f.fails {
		return endpoints.Answer{Code: endpoints.CodeTimeout}, &endpoints.Refused{}
	}
	return endpoints.Answer{Status: 200, Text: "ok", Took: time.Millisecond}, nil
}

func webhook() cases.EndpointWish {
	return cases.EndpointWish{Name: " ops ", Channel: models.MessageWebhook, URL: hookURL, Secret: firstSecret}
}

// outsider is a house from which messages leave.
func outsider(t *testing.T) (*house, *far) {
	t.Helper()
	h, f := newHouse(t), &far{}
	c := h.Config
	c.Outside = f
	h.Service = cases.New(c)
	return h, f
}

func TestAnEndpointNeverShowsItsURLOrSecretAgain(t *testing.T) {
	t.Parallel()
	h, f := outsider(t)
	made, err := h.AddEndpoint(t.Context(), h.call(admin), webhook())
	require.NoError(t, err)
	require.Equal(t, "ops", made.Name)
	require.Equal(t, "hooks.example.com …vkpt", made.Shown)
	require.True(t, made.Signed)
	require.Equal(t, models.LanguageEN, made.Language)
	require.Zero(t, made.PerMinute)
	h.now = h.now.Add(time.Hour)
	_, err = h.RotateSecret(t.Context(), h.call(actor("olga", models.RoleOps)), made.ID, cases.SecretWish{Secret: secondSecret})
	require.NoError(t, err)
	_, err = h.TestEndpoint(t.Context(), h.call(admin), made.ID, "")
	require.NoError(t, err)
	all, err := h.Endpoints(t.Context(), admin)
	require.NoError(t, err)
	page, err := h.Deliveries(t.Context(), admin, made.ID, "", 0)
	require.NoError(t, err)
	said, err := json.Marshal([]any{made, all, page})
	require.NoError(t, err)
	var records, keys bytes.Buffer
	require.NoError(t, h.store.Dump(t.Context(), &records, &keys))
	for place, text := range map[string]string{"the service": string(said), "a dump": records.String(), "the keys": keys.String()} {
		for _, secret := range []string{"qhzjxw", strings.TrimPrefix(firstSecret, "whsec_"), strings.TrimPrefix(secondSecret, "whsec_")} {
			require.NotContains(t, text, secret, place)
		}
	}
	require.Equal(t, endpoints.Target{Channel: models.MessageWebhook, URL: hookURL, Secret: secondSecret, Previous: firstSecret}, f.to[0])
}

func TestTheSecretBeforeSignsForADayUnlessAnotherTimeIsGiven(t *testing.T) {
	t.Parallel()
	h, _ := outsider(t)
	made, err := h.AddEndpoint(t.Context(), h.call(admin), webhook())
	require.NoError(t, err)
	turned, err := h.RotateSecret(t.Context(), h.call(admin), made.ID, cases.SecretWish{Secret: secondSecret})
	require.NoError(t, err)
	require.WithinDuration(t, h.now.Add(24*time.Hour), *turned.PreviousUntil, time.Second)
	_, err = h.RotateSecret(t.Context(), h.call(admin), made.ID, cases.SecretWish{Secret: secondSecret})
	require.Equal(t, models.CodeInvalid, models.CodeOf(err), "it signs already")
	turned, err = h.RotateSecret(t.Context(), h.call(admin), made.ID, cases.SecretWish{Secret: firstSecret, Keep: time.Hour})
	require.NoError(t, err)
	require.WithinDuration(t, h.now.Add(time.Hour), *turned.PreviousUntil, time.Second)
	h.now = h.now.Add(2 * time.Hour)
	turned, err = h.Endpoint(t.Context(), admin, made.ID)
	require.NoError(t, err)
	require.Nil(t, turned.PreviousUntil)
}

func TestAnEndpointIsRefusedWithEveryFaultByItsField(t *testing.T) {
	t.Parallel()
	h, _ := outsider(t)
	_, err := h.AddEndpoint(t.Context(), h.call(admin), cases.EndpointWish{
		Channel: models.MessageWebhook, URL: "ftp://x", Secret: "short", Department: "nowhere", Language: "fr",
		Severities: []models.Severity{"grave"}, PerMinute: new(-1),
	})
	var refused *cases.Refused
	require.ErrorAs(t, err, &refused)
	at := map[string]bool{}
	for _, f := range refused.Faults {
		at[f.Pointer] = true
		require.NotContains(t, f.Says, "ftp://x")
	}
	for _, pointer := range []string{"/name", "/url", "/secret", "/department", "/language", "/severities/0", "/per_minute"} {
		require.True(t, at[pointer], pointer)
	}
	_, err = h.AddEndpoint(t.Context(), h.call(admin), cases.EndpointWish{Name: "x", Channel: "pigeon", URL: hookURL})
	require.Error(t, err)
	for _, who := range []models.Actor{actor("sue", models.RoleSupervisor), actor("eve", models.RoleExecutive)} {
		_, err = h.AddEndpoint(t.Context(), h.call(who), webhook())
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
		_, err = h.Endpoints(t.Context(), who)
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
	}
	all, err := h.Endpoints(t.Context(), admin)
	require.NoError(t, err)
	require.Empty(t, all)
}

func TestAnEndpointChangesButForItsChannelAndOnlyForWhoeverReadItLast(t *testing.T) {
	t.Parallel()
	h, f := outsider(t)
	made, err := h.AddEndpoint(t.Context(), h.call(admin), cases.EndpointWish{Name: "n", Channel: models.MessageWeCom, URL: hookURL})
	require.NoError(t, err)
	require.Equal(t, 20, made.PerMinute)
	wish := cases.EndpointWish{Name: "m", Department: "repairs", Disabled: true, PerMinute: new(5), IfChanged: made.ChangedAt}
	changed, err := h.ChangeEndpoint(t.Context(), admin, made.ID, wish)
	require.NoError(t, err)
	require.Equal(t, []any{"m", "repairs", 5, made.Shown}, []any{changed.Name, changed.Department, changed.PerMinute, changed.Shown})
	require.NotNil(t, changed.DisabledAt)
	_, err = h.ChangeEndpoint(t.Context(), admin, made.ID, wish)
	require.Equal(t, models.CodeStale, models.CodeOf(err))
	_, err = h.ChangeEndpoint(t.Context(), admin, made.ID, cases.EndpointWish{Name: "m", Channel: models.MessageWebhook})
	require.Equal(t, models.CodeInvalid, models.CodeOf(err))
	changed, err = h.ChangeEndpoint(t.Context(), admin, made.ID, cases.EndpointWish{Name: "m", URL: "https://other.example.com/abcdefghijkl"})
	require.NoError(t, err)
	require.Equal(t, "other.example.com …ijkl", changed.Shown)
	require.Nil(t, changed.DisabledAt)
	_, err = h.TestEndpoint(t.Context(), h.call(admin), made.ID, "")
	require.NoError(t, err)
	require.Equal(t, "https://other.example.com/abcdefghijkl", f.to[0].URL)
}

func TestATestIsOnRecordAndAGatewayWantsANumber(t *testing.T) {
	t.Parallel()
	h, f := outsider(t)
	made, err := h.AddEndpoint(t.Context(), h.call(admin), cases.EndpointWish{Name: "n", Channel: models.MessageSMS, URL: hookURL, Secret: firstSecret})
	require.NoError(t, err)
	_, err = h.TestEndpoint(t.Context(), h.call(admin), made.ID, "")
	require.Equal(t, models.CodeInvalid, models.CodeOf(err))
	call := h.call(admin)
	done, err := h.TestEndpoint(t.Context(), call, made.ID, "13800000000")
	require.NoError(t, err)
	require.Equal(t, models.MessageSent, done.Outcome)
	require.Empty(t, done.Answer, "gateways repeat numbers")
	again, err := h.TestEndpoint(t.Context(), call, made.ID, "13800000000")
	require.NoError(t, err)
	require.True(t, again.Replayed)
	require.Len(t, f.sent, 1)
	require.Equal(t, "13800000000", f.sent[0].To)
	f.fails = true
	done, err = h.TestEndpoint(t.Context(), h.call(admin), made.ID, "13800000000")
	require.NoError(t, err)
	require.Equal(t, models.MessageFailed, done.Outcome)
	shown, err := h.Endpoint(t.Context(), admin, made.ID)
	require.NoError(t, err)
	require.Equal(t, endpoints.CodeTimeout, shown.Last.Code)
	for i := range 3 {
		h.now = h.now.Add(time.Second)
		_, err = h.TestEndpoint(t.Context(), h.call(admin), made.ID, fmt.Sprint("1380000000", i))
		require.NoError(t, err)
	}
	page, err := h.Deliveries(t.Context(), admin, made.ID, "", 2)
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	require.NotEmpty(t, page.Next)
}

func TestAMessageIsRedeliveredOnlyWhenThereIsOne(t *testing.T) {
	t.Parallel()
	h, _ := outsider(t)
	made, err := h.AddEndpoint(t.Context(), h.call(admin), webhook())
	require.NoError(t, err)
	row, _ := h.open(t, models.Opened{})
	_, err = h.Redeliver(t.Context(), h.call(admin), "nothing")
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	message := models.Message{
		ID: "m-1", CaseID: row.ID, Seq: 1, Template: "alert", Channel: models.MessageWebhook, Endpoint: made.ID, State: models.MessagePending,
		CreatedAt: h.now, NextAt: h.now,
	}
	require.NoError(t, h.store.PutMessages(t.Context(), []models.Message{message}))
	_, err = h.Redeliver(t.Context(), h.call(admin), "m-1")
	require.Equal(t, models.CodeConflict, models.CodeOf(err), "it is on its way")
	require.NoError(t, h.store.MessageFailed(t.Context(), "m-1", "because"))
	call := h.call(admin)
	for range 2 {
		_, err = h.Redeliver(t.Context(), call, "m-1")
		require.NoError(t, err, "the same wish twice is one")
	}
	_, err = h.Redeliver(t.Context(), h.call(actor("hal", models.RoleHandler)), "m-1")
	require.Equal(t, models.CodeForbidden, models.CodeOf(err))
}
