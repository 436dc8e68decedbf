package notify

import (
	"context"
	"errors"
	"time"

	"recourse/internal/words"
	"recourse/models"
)

// About words a message that is about no case, for whoever gets it. CodeForbidden and CodeNotFound: it need not leave.
type About func(ctx context.Context, m models.Message, to models.Person, lang models.Language) (subject, body string, err error)

// toSubscriber mails what somebody wanted to be told of. Its words are not kept: they say where to read, and
// what stands there is on record.
func (d *Dispatcher) toSubscriber(ctx context.Context, m models.Message) end {
	p, is, err := d.present(ctx, m.Person)
	if err != nil {
		return again{err: err}
	}
	if !is {
		return skipped{"the person is no longer here"}
	}
	to := mailbox{address: p.Email, lang: d.language(p), sample: p.Sample}
	if why := d.whyNoMail(to); why != "" {
		return skipped{why}
	}
	subject, body, err := d.o.About(ctx, m, p, to.lang)
	switch models.CodeOf(err) { //nolint:exhaustive // the others are failures
	case "":
	case models.CodeForbidden, models.CodeNotFound:
		return skipped{"the person may not see it any more, or there is no such thing"}
	default:
		return again{err: err}
	}
	err = d.o.Mailer.Send(ctx, Mail{ID: m.ID, To: to.address, Subject: subject, Body: body, Language: to.lang, At: m.CreatedAt})
	if u, is := errors.AsType[*Undelivered](err); is && u.Final {
		return failed{u.Error()}
	}
	if err != nil {
		return again{err: err}
	}
	return sent{}
}

// AboutReport words the mail about a report. It says no figure: who reads it is not known before they sign in.
func AboutReport(c Company, r models.Report, lang models.Language) (subject, body string) {
	s, kind := words.In(lang), "report.mail"
	if r.Twin() {
		kind = "report.mail_twin"
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		zone = c.Zone
	}
	values := []any{
		"company", c.Name, "from", r.FromAt.In(zone).Format(time.DateOnly), "until", r.UntilAt.Add(-1).In(zone).Format(time.DateOnly),
		"url", c.PublicURL + "/reports/" + r.ID, "digest", r.Digest, "cut", s.Instant(r.CutAt, zone),
	}
	return s.Say(kind+"_subject", values...), s.Say(kind+"_body", values...)
}
