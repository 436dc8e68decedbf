package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

const receiptSMS = "/api/v1/templates/receipt/sms/en"

func TestATemplateReachesTheCasesAsItIsWritten(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	r := s.ask(t, http.MethodPut, receiptSMS, bodies["PublishTemplate"])
	require.Equal(t, http.StatusOK, r.Code, r.Body)
	two := int64(2)
	require.Equal(t, cases.TemplateWish{
		TemplateKey: cases.TemplateKey{Name: "receipt", Language: models.LanguageEN, Medium: models.MediumSMS},
		Words:       cases.TemplateDraft{Subject: "{{.Number}}", Body: "{{.StatusURL}}"}, Reason: "R", After: &two,
	}, s.put)
	r = s.ask(t, http.MethodPut, receiptSMS, `{"own":true,"reason":"R"}`)
	require.Equal(t, http.StatusOK, r.Code, r.Body)
	wish := s.put.(cases.TemplateWish)
	require.True(t, wish.Own)
	require.Nil(t, wish.After)
}

func TestAPreviewSaysWhatIsWrongAndHowItReads(t *testing.T) {
	t.Parallel()
	r := newStand(t).ask(t, http.MethodPost, receiptSMS+"/preview", bodies["PreviewTemplate"])
	require.JSONEq(t, `{"faults":[{"pointer":"/body","detail":"because","line":3}],"warnings":[{"pointer":"/body","detail":"long"}],
		"readings":[{"sample":"usual","subject":"S","body":"B"}]}`, r.Body.String())
}

func TestThereIsNoTemplateOfAnotherLanguageOrMedium(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/api/v1/templates/receipt/fax/en", "/api/v1/templates/receipt/sms/fr", "/api/v1/templates/..%2Fx/sms/en"} {
		p := newStand(t).ask(t, http.MethodGet, target, "").problem(t)
		require.GreaterOrEqual(t, p.Status, 400, target)
		require.Less(t, p.Status, 500, target)
	}
}
