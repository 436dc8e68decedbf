package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestPeopleChooseOnTheirAccountWhatTheyAreToldOf(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	ticked := `value="report" checked`
	require.NotContains(t, w.get(t, "/account").Body, ticked)
	require.Equal(t, "/account", w.post(t, "/account/subscriptions", url.Values{"topic": {"report"}}).To())
	require.Contains(t, w.get(t, "/account").Body, ticked)
	people, err := d.store.SubscribersOf(t.Context(), models.TopicReport)
	require.NoError(t, err)
	require.Len(t, people, 1)
	require.Equal(t, "/account", w.post(t, "/account/subscriptions", url.Values{}).To())
	require.NotContains(t, w.get(t, "/account").Body, ticked)
}

func TestWhoSeesNoMoreThanTheirOwnIsToldOfNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "handler")
	require.NotContains(t, w.get(t, "/account").Body, "/account/subscriptions")
	require.Equal(t, http.StatusForbidden, w.post(t, "/account/subscriptions", url.Values{"topic": {"report"}}).Code)
	people, err := d.store.SubscribersOf(t.Context(), models.TopicReport)
	require.NoError(t, err)
	require.Empty(t, people)
}
