package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/internal/templates"
	"recourse/models"
)

// TemplateKey says which message is worded, for readers of which language, in which medium.
type TemplateKey = templates.Key

// TemplateDraft is the words of a message as they are written.
type TemplateDraft = templates.Draft

// TemplateReading is what words come to with a sample.
type TemplateReading = templates.Reading

// TemplateLine is a line that stayed, went or came.
type TemplateLine = templates.Line

// Template is the words of a message as they are shown.
type Template struct {
	TemplateKey

	Words     TemplateDraft // that hold
	Version   int64         // 0: the product's, and never others
	Own       bool          // the product's words hold
	Author    string        // of the version; empty: it came with the product
	Reason    string
	CreatedAt time.Time
}

// TemplateView is one template with what it takes to change it.
type TemplateView struct {
	Template

	Shipped  TemplateDraft // the product's words
	Must     []string      // values that it says wherever there is something to say
	Either   []string      // of which it says at least one
	May      []string      // all that it may say, Must and Either among them
	Versions []TemplateVersion
}

// TemplateVersion is a version with what it changed.
type TemplateVersion struct {
	Template

	Changes []TemplateLine // against the version before it, or against the product's words
}

// TemplateTrial is what words would be, were they published.
type TemplateTrial struct {
	Faults   []Fault // for which they would be refused
	Warnings []Fault
	Readings []TemplateReading // with each sample, the usual one first; none with some faults
}

// TemplateWish is words that somebody wants a message to have.
type TemplateWish struct {
	TemplateKey

	Words  TemplateDraft
	Own    bool // the product's words again, whatever Words say
	Reason string
	After  *int64 // refuse when another version was published last; nil: never
}

// Templates shows the words of all messages that hold, those to customers first.
func (s *Service) Templates(ctx context.Context) ([]Template, error) {
	rows, err := s.Store.Templates(ctx)
	if err != nil {
		return nil, err
	}
	var all []Template
	for _, k := range templates.Keys() {
		latest := models.Template{Name: k.Name, Language: k.Language, Medium: k.Medium}
		if i := slices.IndexFunc(rows, func(row models.Template) bool { return templates.KeyOf(row) == k }); i >= 0 {
			latest = rows[i]
		}
		shown, err := shownTemplate(latest)
		if err != nil {
			return nil, err
		}
		all = append(all, shown)
	}
	return all, nil
}

// Template shows the words of a message with all their versions, the one published last first.
func (s *Service) Template(ctx context.Context, k TemplateKey) (TemplateView, error) {
	shipped, err := templates.Own(k)
	if err != nil {
		return TemplateView{}, err
	}
	rows, err := s.Store.TemplateVersions(ctx, k.Name, k.Language, k.Medium)
	if err != nil {
		return TemplateView{}, err
	}
	view := TemplateView{Template: Template{TemplateKey: k, Words: shipped, Own: true}, Shipped: shipped, May: k.May()}
	view.Must, view.Either = k.Must()
	for _, row := range rows {
		one, err := shownTemplate(row)
		if err != nil {
			return TemplateView{}, err
		}
		view.Versions = append(view.Versions, TemplateVersion{one, templates.Diff(view.Words, one.Words)})
		view.Template = one
	}
	slices.Reverse(view.Versions)
	return view, nil
}

// shownTemplate is a version with the words that hold under it.
func shownTemplate(row models.Template) (Template, error) {
	shown := Template{
		TemplateKey: templates.KeyOf(row), Words: TemplateDraft{Subject: row.Subject, Body: row.Body}, Version: row.Version, Own: row.Body == "",
		Author: row.Author, Reason: row.Reason, CreatedAt: row.CreatedAt,
	}
	var err error
	if shown.Own {
		shown.Words, err = templates.Own(shown.TemplateKey)
	}
	return shown, err
}

// TryTemplate says what is wrong with words and how they read. It changes nothing.
func (s *Service) TryTemplate(_ context.Context, k TemplateKey, words TemplateDraft) (TemplateTrial, error) {
	if _, err := templates.Own(k); err != nil {
		return TemplateTrial{}, err
	}
	readings, found := templates.Check(k, words.Tidy(), templates.Company{Name: s.Company, Zone: s.Zone})
	trial := TemplateTrial{Readings: readings}
	for _, f := range found {
		if shown := (Fault{Pointer: "/" + f.Field, Says: f.Says, Line: f.Line}); f.Warning {
			trial.Warnings = append(trial.Warnings, shown)
		} else {
			trial.Faults = append(trial.Faults, shown)
		}
	}
	return trial, nil
}

// PublishTemplate puts words on record for the messages that are written from then on, by every process
// within a quarter of a minute; admin and ops only. They are refused with all their faults, and what held
// goes on to hold. The words that hold, again, are no new version.
func (s *Service) PublishTemplate(ctx context.Context, a models.Actor, w TemplateWish) (TemplateView, error) {
	if !MayEditTemplates(a) {
		return TemplateView{}, models.Refuse(models.CodeForbidden, "only admin and ops change the words of messages")
	}
	if strings.TrimSpace(w.Reason) == "" {
		return TemplateView{}, models.Invalid("/reason", "say why the words change")
	}
	was, err := s.Template(ctx, w.TemplateKey)
	if err != nil {
		return TemplateView{}, err
	}
	if w.After != nil && *w.After != was.Version {
		return TemplateView{}, models.Refuse(models.CodeStale, fmt.Sprintf("version %d was published last, not %d; read it again", was.Version, *w.After))
	}
	row := models.Template{
		Name: w.Name, Language: w.Language, Medium: w.Medium, Version: was.Version + 1,
		Author: a.ID, Reason: strings.TrimSpace(w.Reason), CreatedAt: s.now(),
	}
	if words := w.Words.Tidy(); !w.Own && words != was.Shipped {
		trial, err := s.TryTemplate(ctx, w.TemplateKey, words)
		if err != nil {
			return TemplateView{}, err
		}
		if err := refusal(trial.Faults); err != nil {
			return TemplateView{}, err
		}
		row.Subject, row.Body = words.Subject, words.Body
	}
	if next, err := shownTemplate(row); err != nil || next.Words == was.Words && next.Own == was.Own {
		return was, err
	}
	if err := s.Store.PutTemplate(ctx, row); err != nil {
		return TemplateView{}, err
	}
	return s.Template(ctx, w.TemplateKey)
}

// MayEditTemplates says who changes the words of messages.
func MayEditTemplates(a models.Actor) bool { return a.Is(models.RoleAdmin) || a.Is(models.RoleOps) }
