package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var templates = []promise{
	{"versions of a template are added one after the other, for each message, language and medium", func(t *testing.T, s *store.Store) {
		none, err := s.Templates(t.Context())
		require.NoError(t, err)
		require.Empty(t, none)
		one := models.Template{
			Name: "receipt", Language: models.LanguageZH, Medium: models.MediumMail, Version: 1, Subject: "投诉 {{.Number}}", Body: "您好：\n\n{{.StatusURL}}",
			Author: "ada", Reason: "first", CreatedAt: later(0),
		}
		require.NoError(t, s.PutTemplate(t.Context(), one))
		refused(t, s.PutTemplate(t.Context(), one), models.CodeStale)
		ahead := one
		ahead.Version = 3
		refused(t, s.PutTemplate(t.Context(), ahead), models.CodeStale)
		two := one
		two.Version, two.Subject, two.Body, two.CreatedAt = 2, "", "", later(1) // the product's own words again
		onlyOneWins(t, func() error { return s.PutTemplate(t.Context(), two) })
		english, sms := one, one
		english.Language, sms.Medium = models.LanguageEN, models.MediumSMS
		require.NoError(t, s.PutTemplate(t.Context(), english))
		require.NoError(t, s.PutTemplate(t.Context(), sms))

		latest, err := s.Templates(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Template{english, two, sms}, latest)
		all, err := s.TemplateVersions(t.Context(), "receipt", models.LanguageZH, models.MediumMail)
		require.NoError(t, err)
		require.Equal(t, []models.Template{one, two}, all)
		all, err = s.TemplateVersions(t.Context(), "reply", models.LanguageZH, models.MediumMail)
		require.NoError(t, err)
		require.Empty(t, all)
	}},
}
