package cases_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

var (
	receiptMail = cases.TemplateKey{Name: "receipt", Language: models.LanguageEN, Medium: models.MediumMail}
	goodWords   = cases.TemplateDraft{Subject: "{{.Number}} is on record", Body: "{{.ResponseDue}} {{.FeedbackDue}}\r\n{{.StatusURL}}\r\n"}
)

func TestWordsArePublishedAndTakenBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	all, err := h.Templates(t.Context())
	require.NoError(t, err)
	require.Greater(t, len(all), 80)
	for _, one := range all {
		require.True(t, one.Own)
		require.NotEmpty(t, one.Words.Body)
	}
	shipped, err := h.Template(t.Context(), receiptMail)
	require.NoError(t, err)
	require.Equal(t, shipped.Shipped, shipped.Words)

	none := int64(0)
	wish := cases.TemplateWish{TemplateKey: receiptMail, Words: goodWords, Reason: " shorter ", After: &none}
	put, err := h.PublishTemplate(t.Context(), actor("olga", models.RoleOps), wish)
	require.NoError(t, err)
	require.Equal(t, []any{int64(1), "olga", "shorter", false}, []any{put.Version, put.Author, put.Reason, put.Own})
	require.Equal(t, "{{.ResponseDue}} {{.FeedbackDue}}\n{{.StatusURL}}", put.Words.Body, "without the line ends of a browser")
	require.NotEmpty(t, put.Versions[0].Changes, "against the product's words")
	wish.After = nil
	again, err := h.PublishTemplate(t.Context(), admin, wish)
	require.NoError(t, err)
	require.EqualValues(t, 1, again.Version, "the same once more is no new version")
	wish.Words.Subject, wish.After = "other {{.Number}}", &none
	_, err = h.PublishTemplate(t.Context(), admin, wish)
	require.Equal(t, models.CodeStale, models.CodeOf(err))

	back, err := h.PublishTemplate(t.Context(), admin, cases.TemplateWish{TemplateKey: receiptMail, Own: true, Reason: "as it was"})
	require.NoError(t, err)
	require.EqualValues(t, 2, back.Version)
	require.True(t, back.Own)
	require.Equal(t, shipped.Words, back.Words)
	same, err := h.PublishTemplate(t.Context(), admin, cases.TemplateWish{TemplateKey: receiptMail, Words: shipped.Words, Reason: "typed off"})
	require.NoError(t, err)
	require.EqualValues(t, 2, same.Version, "they are the product's own")
	all, err = h.Templates(t.Context())
	require.NoError(t, err)
	for _, one := range all {
		require.True(t, one.Own)
	}
}

func TestWordsAreRefusedWholeAndThoseThatHeldStay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seven := int64(7)
	for name, tt := range map[string]struct {
		actor models.Actor
		wish  cases.TemplateWish
		code  models.Code
		field string
	}{
		"by anybody":        {actor("ida", models.RoleIntake), cases.TemplateWish{TemplateKey: receiptMail, Words: goodWords, Reason: "r"}, models.CodeForbidden, ""},
		"by a supervisor":   {actor("sue", models.RoleSupervisor), cases.TemplateWish{TemplateKey: receiptMail, Words: goodWords, Reason: "r"}, models.CodeForbidden, ""},
		"without a reason":  {admin, cases.TemplateWish{TemplateKey: receiptMail, Words: goodWords, Reason: " "}, models.CodeInvalid, "/reason"},
		"of no message":     {admin, cases.TemplateWish{TemplateKey: cases.TemplateKey{Name: "x"}, Words: goodWords, Reason: "r"}, models.CodeNotFound, ""},
		"in no such medium": {admin, cases.TemplateWish{TemplateKey: cases.TemplateKey{Name: "receipt", Language: models.LanguageEN, Medium: models.MediumVoice}, Words: goodWords, Reason: "r"}, models.CodeNotFound, ""},
		"after another":     {admin, cases.TemplateWish{TemplateKey: receiptMail, Words: goodWords, Reason: "r", After: &seven}, models.CodeStale, ""},
		"that are empty":    {admin, cases.TemplateWish{TemplateKey: receiptMail, Reason: "r"}, models.CodeInvalid, "/subject"},
		"with faults":       {admin, cases.TemplateWish{TemplateKey: receiptMail, Words: cases.TemplateDraft{Subject: "s", Body: "{{.Nope}}"}, Reason: "r"}, models.CodeInvalid, "/body"},
	} {
		_, err := h.PublishTemplate(t.Context(), tt.actor, tt.wish)
		require.Equal(t, tt.code, models.CodeOf(err), "%s: %v", name, err)
		var refused *models.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, tt.field, refused.Field, name)
	}
	view, err := h.Template(t.Context(), receiptMail)
	require.NoError(t, err)
	require.Empty(t, view.Versions)
}

func TestATrialOfWordsNamesLinesAndReads(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	trial, err := h.TryTemplate(t.Context(), receiptMail, goodWords)
	require.NoError(t, err)
	require.Empty(t, trial.Faults)
	require.Equal(t, "usual", trial.Readings[0].Sample)
	require.Contains(t, trial.Readings[0].Subject, "is on record")
	trial, err = h.TryTemplate(t.Context(), receiptMail, cases.TemplateDraft{Subject: "s", Body: "a\n\n{{.Nope}}"})
	require.NoError(t, err)
	require.Equal(t, []cases.Fault{{Pointer: "/body", Line: 3, Says: "there is no value {{.Nope}}"}}, trial.Faults)
	sms := receiptMail
	sms.Medium = models.MediumSMS
	trial, err = h.TryTemplate(t.Context(), sms, cases.TemplateDraft{Body: strings.Repeat("x", 200) + "{{.Number}}{{.ResponseDue}}{{.FeedbackDue}}{{.StatusURL}}"})
	require.NoError(t, err)
	require.Len(t, trial.Warnings, 1)
}
