package templates_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/templates"
	"recourse/models"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// record is a list of texts that may be away.
type record struct {
	rows  []models.Template
	away  error
	reads int
}

func (r *record) Templates(context.Context) ([]models.Template, error) {
	r.reads++
	return r.rows, r.away
}

// shelf is a book with its record and its clock.
type shelf struct {
	*templates.Book
	record record
	now    time.Time
	log    strings.Builder
}

func open(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{now: noon}
	s.Book = templates.NewBook(&s.record, func() time.Time { return s.now }, slog.New(slog.NewTextHandler(&s.log, nil)))
	return s
}

func (s *shelf) put(version int64, subject, body string) {
	s.record.rows = []models.Template{{Name: "reply", Language: models.LanguageEN, Medium: models.MediumMail, Version: version, Subject: subject, Body: body}}
}

func (s *shelf) subject(t *testing.T) string {
	t.Helper()
	subject, _, err := s.Render(t.Context(), reply, templates.Values{CompanyName: "Acme", Number: "7"})
	require.NoError(t, err)
	return subject
}

const ownSubject = "Acme: our answer to your complaint 7"

func TestAMessageIsWrittenInTheCompanysWordsWithinAQuarterOfAMinute(t *testing.T) {
	t.Parallel()
	s := open(t)
	require.Equal(t, ownSubject, s.subject(t))
	s.put(1, "Re: {{.Number}}", goodReply)
	for s.now = noon; s.now.Before(noon.Add(15 * time.Second)); s.now = s.now.Add(time.Second) {
		s.subject(t)
	}
	require.Equal(t, "Re: 7", s.subject(t))
	require.Equal(t, 2, s.record.reads, "a message does not read the templates from the record")
	_, _, err := s.Render(t.Context(), receipt, templates.Values{})
	require.NoError(t, err, "the others are the product's")

	s.put(2, "", "")
	s.now = s.now.Add(time.Minute)
	require.Equal(t, ownSubject, s.subject(t), "the product's own words again")
}

func TestWhatWasReadHoldsWhileTheRecordIsAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.record.away = errors.New("away")
	_, _, err := s.Render(t.Context(), reply, templates.Values{})
	require.ErrorContains(t, err, "away", "nothing was ever read: it is not guessed")
	s.put(1, "Re: {{.Number}}", goodReply)
	s.record.away = nil
	require.Equal(t, "Re: 7", s.subject(t))
	s.record.away, s.now = errors.New("away"), noon.Add(time.Hour)
	require.Equal(t, "Re: 7", s.subject(t))
}

func TestWordsThatCannotBeWrittenGiveWayToTheProducts(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{"{{.Nobody}}", "{{if", "{{range 100000000}}x{{end}}"} {
		s := open(t)
		s.put(1, "Re: {{.Number}}", broken)
		require.Equal(t, ownSubject, s.subject(t), broken)
		require.Contains(t, s.log.String(), "the product's own words go out")
	}
}
