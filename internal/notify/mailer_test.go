package notify_test

import (
	"encoding/base64"
	"errors"
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"recourse/internal/notify"
	"recourse/models"
)

// decoded is the body of a mail as its reader sees it.
func decoded(msg *netmail.Message) (string, error) {
	r := msg.Body
	switch msg.Header.Get("Content-Transfer-Encoding") {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	body, err := io.ReadAll(r)
	return strings.ReplaceAll(string(body), "\r\n", "\n"), err
}

func mail(changes ...func(*notify.Mail)) notify.Mail {
	m := notify.Mail{
		ID: "0b2c1f8e-message", To: "wang@example.org", Subject: "您的投诉已登记", Body: "您好：\n\n.\n正文\n", Language: models.LanguageZH,
		At: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
	}
	for _, change := range changes {
		change(&m)
	}
	return m
}

// refusal sends what must not go through and returns why.
func refusal(t *testing.T, m *notify.Mailer, out notify.Mail) *notify.Undelivered {
	t.Helper()
	err := m.Send(t.Context(), out)
	u, is := errors.AsType[*notify.Undelivered](err)
	require.True(t, is, "%v", err)
	require.NotContains(t, u.Error(), out.To, "an address is nothing for logs")
	return u
}

func TestAMailArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	require.NoError(t, office.mailer(t).Send(t.Context(), mail()))
	english := mail(func(m *notify.Mail) { m.Language, m.Subject = models.LanguageEN, "Your complaint" })
	require.NoError(t, office.mailer(t).Send(t.Context(), english))

	got := office.got()
	require.Len(t, got, 2)
	require.Equal(t, "<0b2c1f8e-message@example.com>", got[0].id)
	require.Equal(t, "您的投诉已登记", got[0].subject)
	require.Equal(t, "您好：\n\n.\n正文\n", got[0].body)
	require.Equal(t, "wang@example.org", got[0].to)
	require.Equal(t, "auto-generated", got[0].header.Get("Auto-Submitted"))
	require.Equal(t, "Your complaint", got[1].subject)
	require.Equal(t, "您好：\n\n.\n正文\n", got[1].body)
}

func TestNothingInAMailBecomesAHeader(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	evil := mail(func(m *notify.Mail) { m.Subject = "a\r\nBcc: eve@example.org\r\n\r\nb" })
	require.NoError(t, office.mailer(t).Send(t.Context(), evil))
	got := office.got()
	require.Len(t, got, 1)
	require.Empty(t, got[0].header.Get("Bcc"))
	require.Equal(t, "您好：\n\n.\n正文\n", got[0].body)

	for _, to := range []string{"", "nobody", "a@b.c\r\nBcc: eve@example.org", "a@b.c, eve@example.org"} {
		u := &notify.Undelivered{}
		require.ErrorAs(t, office.mailer(t).Send(t.Context(), mail(func(m *notify.Mail) { m.To = to })), &u)
		require.True(t, u.Final, "%q is no address", to)
	}
	require.Len(t, office.got(), 1)
}

func TestMailIsEncryptedWhereThatIsAsked(t *testing.T) {
	t.Parallel()
	secure := func(o *notify.MailerOptions) { o.TLS, o.Username, o.Password = notify.TLSStartTLS, "care", "right" }
	office := openPostOffice(t, withTLS(t))
	require.NoError(t, office.mailer(t, secure).Send(t.Context(), mail()))
	require.Equal(t, 1, office.secured)
	require.Equal(t, []string{"care"}, office.logins)

	stranger := office.mailer(t, secure, func(o *notify.MailerOptions) { o.RootCAs = nil })
	require.False(t, refusal(t, stranger, mail()).Final, "the operator mends a certificate")
	wrong := office.mailer(t, secure, func(o *notify.MailerOptions) { o.Password = "wrong" })
	require.False(t, refusal(t, wrong, mail()).Final, "the operator mends a password")
	require.Len(t, office.got(), 1)

	plain := openPostOffice(t)
	require.False(t, refusal(t, plain.mailer(t, secure), mail()).Final)
	open := plain.mailer(t, func(o *notify.MailerOptions) { o.TLS = notify.TLSStartTLS })
	require.False(t, refusal(t, open, mail()).Final)
	require.Empty(t, plain.got(), "what must be encrypted does not leave in the clear")
	require.Empty(t, plain.logins)
}

func TestTheServersNoIsFinalOrNotAsItSays(t *testing.T) {
	t.Parallel()
	no := func(code int, enhanced ...int) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode(enhanced), Message: "<wang@example.org> never again"}
	}
	for _, tt := range []struct {
		name   string
		change func(*postOffice)
		final  bool
		status string
	}{
		{"a full mailbox", func(p *postOffice) { p.onRcpt = func(string) error { return no(452, 4, 2, 2) } }, false, "452 4.2.2"},
		{"an unknown mailbox", func(p *postOffice) { p.onRcpt = func(string) error { return no(550, 5, 1, 1) } }, true, "550 5.1.1"},
		{"a greylist", func(p *postOffice) { p.onData = func() error { return no(451, 4, 7, 1) } }, false, "451 4.7.1"},
		{"a refused content", func(p *postOffice) { p.onData = func() error { return no(554, 5, 7, 1) } }, true, "554 5.7.1"},
		{"a missing login", func(p *postOffice) { p.onRcpt = func(string) error { return no(530, 5, 7, 0) } }, false, "530 5.7.0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			office := openPostOffice(t, func(p *postOffice, _ *smtp.Server) { tt.change(p) })
			u := refusal(t, office.mailer(t), mail())
			require.Equal(t, tt.final, u.Final)
			require.Equal(t, tt.status, u.Status)
		})
	}
}

func TestAServerThatIsNotThereIsTriedAgain(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	away := office.mailer(t, func(o *notify.MailerOptions) { o.Address = "127.0.0.1:1" })
	u := refusal(t, away, mail())
	require.False(t, u.Final)
	require.Empty(t, u.Status)
}

func TestALostAnswerIsNoDelivery(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	office.set(func() { office.cut = true })
	u := refusal(t, office.mailer(t), mail())
	require.False(t, u.Final)
	require.Len(t, office.got(), 1, "it arrived, and nobody knows")
}

func TestAMailerIsRefusedWhatItCannotUse(t *testing.T) {
	t.Parallel()
	good := notify.MailerOptions{Address: "mx:25", From: "a@b.c", TLS: notify.TLSNone}
	_, err := notify.NewMailer(good)
	require.NoError(t, err)
	for _, change := range []func(*notify.MailerOptions){
		func(o *notify.MailerOptions) { o.Address = "mx" },
		func(o *notify.MailerOptions) { o.Address = "mx:smtp" },
		func(o *notify.MailerOptions) { o.From = "nobody" },
		func(o *notify.MailerOptions) { o.TLS = "" },
	} {
		bad := good
		change(&bad)
		_, err := notify.NewMailer(bad)
		require.Error(t, err)
	}
}
