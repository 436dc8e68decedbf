package cases_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// withPassword puts somebody on record who signs in with "correct horse".
func (h *desk) withPassword(t *testing.T, id string) {
	t.Helper()
	require.NoError(t, h.store.PutPerson(t.Context(), models.Person{ID: id, Name: id, Email: id + "@example.com", Language: models.LanguageEN, CreatedAt: noon}))
	require.NoError(t, h.SetPassword(t.Context(), administrator, id, "correct horse"))
}

func TestWhoSignsInIsInUntilTheyGo(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		h.withPassword(t, "ada")
		secret, err := h.SignIn(t.Context(), " Ada@Example.com ", "correct horse", "Browser\x00 1")
		require.NoError(t, err)
		in, err := h.SignedIn(t.Context(), secret, true)
		require.NoError(t, err)
		require.Equal(t, "ada", in.Person.ID)

		h.now = h.now.Add(11 * time.Hour)
		_, err = h.SignedIn(t.Context(), secret, true)
		require.NoError(t, err, "whoever works stays in")
		h.now = h.now.Add(13 * time.Hour)
		_, err = h.SignedIn(t.Context(), secret, true)
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err), "whoever does nothing for half a day does not")

		secret, err = h.SignIn(t.Context(), "ada", "correct horse", "")
		require.NoError(t, err)
		for range 13 {
			h.now = h.now.Add(time.Hour)
			_, err = h.SignedIn(t.Context(), secret, false)
		}
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err), "a window that asks by itself is nobody who works")
	})
}

func TestNobodyLearnsWhetherANameIsKnown(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		h.withPassword(t, "ada")
		h.withPassword(t, "gone")
		gone, err := h.store.Person(t.Context(), "gone")
		require.NoError(t, err)
		gone.DisabledAt = new(noon)
		require.NoError(t, h.store.PutPerson(t.Context(), gone))
		require.NoError(t, h.store.PutPerson(t.Context(), models.Person{ID: "without", Language: models.LanguageEN, CreatedAt: noon}))
		var says []string
		for _, name := range []string{"ada", "nobody", "gone", "without", "", strings.Repeat("x", 100_000)} {
			_, err := h.SignIn(t.Context(), name, "wrong horse", "")
			require.Equal(t, models.CodeUnauthorized, models.CodeOf(err), name)
			says = append(says, err.Error())
		}
		for _, one := range says {
			require.Equal(t, says[0], one)
		}
		_, err = h.SignIn(t.Context(), "gone", "correct horse", "")
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
	})
}

func TestAChangedPasswordSignsEverybodyElseOut(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		h.withPassword(t, "ada")
		here, err := h.SignIn(t.Context(), "ada", "correct horse", "here")
		require.NoError(t, err)
		there, err := h.SignIn(t.Context(), "ada", "correct horse", "there")
		require.NoError(t, err)
		in, err := h.SignedIn(t.Context(), here, true)
		require.NoError(t, err)

		require.Equal(t, models.CodeInvalid, models.CodeOf(h.ChangePassword(t.Context(), in, "wrong", "battery staple")))
		require.Equal(t, models.CodeInvalid, models.CodeOf(h.ChangePassword(t.Context(), in, "correct horse", "short")))
		require.NoError(t, h.ChangePassword(t.Context(), in, "correct horse", "battery staple"))
		_, err = h.SignedIn(t.Context(), there, true)
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
		_, err = h.SignedIn(t.Context(), here, true)
		require.NoError(t, err)
		_, err = h.SignIn(t.Context(), "ada", "correct horse", "")
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))

		list, err := h.Sessions(t.Context(), in.Person.Actor())
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, "here", list[0].Agent)
		require.NoError(t, h.EndSession(t.Context(), in.Person.Actor(), list[0].ID))
		_, err = h.SignedIn(t.Context(), here, true)
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
	})
}

func TestOnlyAnAdminGivesPasswords(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		h.withPassword(t, "ada")
		require.Equal(t, models.CodeForbidden, models.CodeOf(h.SetPassword(t.Context(), supervisor, "ada", "battery staple")))
		require.Equal(t, models.CodeNotFound, models.CodeOf(h.SetPassword(t.Context(), administrator, "nobody", "battery staple")))
		require.NoError(t, h.store.PutPerson(t.Context(), models.Person{ID: "crm", Service: true, Language: models.LanguageEN, CreatedAt: noon}))
		require.Equal(t, models.CodeInvalid, models.CodeOf(h.SetPassword(t.Context(), administrator, "crm", "battery staple")))
	})
}
