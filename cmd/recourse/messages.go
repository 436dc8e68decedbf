package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"recourse/internal/notify"
	"recourse/internal/policy"
	"recourse/internal/report"
	"recourse/internal/signals"
	"recourse/internal/vault"
	"recourse/models"
)

// messagesAtATime is how many messages one worker sees out at a time: they can wait, people cannot.
const messagesAtATime = 2

// sendMessages sees recorded messages out until ctx ends.
func (s *stack) sendMessages(ctx context.Context) {
	dispatcher, err := s.dispatcher()
	if err != nil {
		s.log.Error("no message leaves", "error", err)
		return
	}
	dispatcher.Run(ctx)
}

func (s *stack) dispatcher() (*notify.Dispatcher, error) {
	zone, err := policy.Zone(s.cfg.Company.Zone)
	if err != nil {
		return nil, err
	}
	var mailer *notify.Mailer
	if m := s.cfg.Mail; m.On() {
		mailer, err = notify.NewMailer(notify.MailerOptions{
			Address: m.Address, Username: m.Username, Password: string(m.Password), From: m.From, TLS: notify.TLSMode(m.TLS),
		})
		if err != nil {
			return nil, err
		}
	}
	company := notify.Company{
		Name: s.cfg.Company.Name, Language: s.cfg.Company.Language, Zone: zone, PublicURL: s.cfg.HTTP.PublicURL, CasePath: "/cases/",
	}
	return notify.NewDispatcher(notify.Options{
		Outbox: s.store, Company: company, About: s.about(company),
		Mailer: mailer,
		Sender: s.outside,
		Access: s.service.EndpointAccess,
		Words: func(ctx context.Context, row models.Case, ref models.TextRef) (string, error) {
			words, err := s.service.Words(ctx, row, ref)
			return words, erased(err)
		},
		Contact: func(ctx context.Context, row models.Case) (models.Contact, error) {
			contact, err := s.service.ContactOf(ctx, row)
			return contact, erased(err)
		},
		Seal: func(ctx context.Context, keyID, messageID, words string) ([]byte, error) {
			sealed, err := s.service.SealWords(ctx, keyID, messageID, words)
			return sealed, erased(err)
		},
		LinkToken: s.vault.LinkToken, LinkHash: vault.TokenHash, Poll: s.cfg.Relay.Poll, Concurrency: messagesAtATime, Rush: s.rush, Now: time.Now, Log: s.log,
		Count: func(channel models.MessageChannel, outcome models.MessageState) {
			s.metrics.Message(string(channel), string(outcome))
		},
		Delay: func(channel models.MessageChannel, alert bool, by time.Duration) {
			s.metrics.Delay(string(channel), alert, by)
		},
	}), nil
}

// about words what is about no case.
func (s *stack) about(company notify.Company) notify.About {
	return func(ctx context.Context, m models.Message, to models.Person, lang models.Language) (subject, body string, err error) {
		switch m.Template {
		case report.Template:
			if err := report.MayRead(to.Actor()); err != nil {
				return "", "", err
			}
			r, err := s.store.Report(ctx, m.About)
			if err != nil {
				return "", "", err
			}
			subject, body = notify.AboutReport(company, r, lang)
			return subject, body, nil
		case signals.Template:
			seen, err := s.watch().Told(ctx, m, to)
			if err != nil {
				return "", "", err
			}
			categories, err := s.categoryNames(ctx, lang)
			if err != nil {
				return "", "", err
			}
			subject, body = notify.AboutSignals(company, seen, func(id string) string { return cmp.Or(categories[id], id) }, lang)
			return subject, body, nil
		default:
			return "", "", fmt.Errorf("nobody words message %s of template %s", m.ID, m.Template)
		}
	}
}

// categoryNames are what categories are called in a language.
func (s *stack) categoryNames(ctx context.Context, lang models.Language) (map[string]string, error) {
	all, err := s.store.Categories(ctx)
	names := make(map[string]string, len(all))
	for _, c := range all {
		if names[c.ID] = c.NameZH; lang == models.LanguageEN && c.NameEN != "" {
			names[c.ID] = c.NameEN
		}
	}
	return names, err
}

// rush says that new cases are waiting for their workflows: whatever can wait should.
func (s *stack) rush(ctx context.Context) bool {
	oldest, err := s.store.OldestStart(ctx)
	return err == nil && oldest != nil && time.Since(*oldest) > time.Second
}

// erased says in notify's words that a customer was erased.
func erased(err error) error {
	if errors.Is(err, models.ErrErased) {
		return notify.ErrErased
	}
	return err
}
