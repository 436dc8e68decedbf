package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ListTemplates shows the words of all messages that hold.
func (d *door) ListTemplates(ctx context.Context, _ openapi.ListTemplatesRequestObject) (openapi.ListTemplatesResponseObject, error) {
	ctx, _ = enter(ctx)
	all, err := d.Cases.Templates(ctx)
	return openapi.ListTemplates200JSONResponse{Items: each(all, templateEntry)}, err
}

// ShowTemplate shows the words of a message with all their versions.
func (d *door) ShowTemplate(ctx context.Context, r openapi.ShowTemplateRequestObject) (openapi.ShowTemplateResponseObject, error) {
	ctx, _ = enter(ctx)
	v, err := d.Cases.Template(ctx, templateKey(r.Name, r.Medium, r.Language))
	return openapi.ShowTemplate200JSONResponse(templateView(v)), err
}

// PreviewTemplate says what is wrong with words and how they read.
func (d *door) PreviewTemplate(ctx context.Context, r openapi.PreviewTemplateRequestObject) (openapi.PreviewTemplateResponseObject, error) {
	ctx, _ = enter(ctx)
	t, err := d.Cases.TryTemplate(ctx, templateKey(r.Name, r.Medium, r.Language), draftOf(*r.Body))
	sms := r.Medium == openapi.Medium(models.MediumSMS)
	return openapi.PreviewTemplate200JSONResponse{
		Faults: each(t.Faults, faultOf), Warnings: each(t.Warnings, faultOf),
		Readings: each(t.Readings, func(one cases.TemplateReading) openapi.TemplateReading {
			shown := openapi.TemplateReading{Sample: one.Sample, Subject: one.Subject, Body: one.Body}
			if sms {
				shown.Characters, shown.Parts = one.SMS.Characters, one.SMS.Parts
			}
			return shown
		}),
	}, err
}

// PublishTemplate puts words in place of those of a message.
func (d *door) PublishTemplate(ctx context.Context, r openapi.PublishTemplateRequestObject) (openapi.PublishTemplateResponseObject, error) {
	ctx, in := enter(ctx)
	v, err := d.Cases.PublishTemplate(ctx, in.actor(), cases.TemplateWish{
		TemplateKey: templateKey(r.Name, r.Medium, r.Language), Words: draftOf(r.Body.Words), Own: r.Body.Own, Reason: r.Body.Reason, After: r.Body.IfVersion,
	})
	return openapi.PublishTemplate200JSONResponse(templateView(v)), err
}

func templateKey(name string, m openapi.Medium, lang openapi.Language) cases.TemplateKey {
	return cases.TemplateKey{Name: name, Medium: models.Medium(m), Language: models.Language(lang)}
}

func draftOf(w openapi.TemplateWords) cases.TemplateDraft {
	return cases.TemplateDraft{Subject: w.Subject, Body: w.Body}
}

func templateWords(d cases.TemplateDraft) openapi.TemplateWords {
	return openapi.TemplateWords{Subject: d.Subject, Body: d.Body}
}

func templateView(v cases.TemplateView) openapi.TemplateView {
	return openapi.TemplateView{
		Template: templateEntry(v.Template), Shipped: templateWords(v.Shipped), Must: v.Must, Either: v.Either, May: v.May,
		Versions: each(v.Versions, func(one cases.TemplateVersion) openapi.TemplateEntry { return templateEntry(one.Template) }),
	}
}

func templateEntry(t cases.Template) openapi.TemplateEntry {
	return openapi.TemplateEntry{
		Name: t.Name, Medium: openapi.Medium(t.Medium), Language: openapi.Language(t.Language), ForCustomer: t.ForCustomer(),
		Version: t.Version, Own: t.Own, Words: templateWords(t.Words), Author: t.Author, Reason: t.Reason, CreatedAt: unlessZero(t.CreatedAt),
	}
}
