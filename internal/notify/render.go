package notify

import (
	"context"

	"recourse/internal/templates"
	"recourse/models"
)

// Values are what a message can say.
type Values = templates.Values

// oneLine makes one line of s.
func oneLine(s string) string { return templates.OneLine(s) }

// Whole is a message as it is kept: the subject is its first line.
func Whole(subject, body string) string { return subject + "\n" + body }

// render writes a message as its channel words it.
func (d *Dispatcher) render(ctx context.Context, m models.Message, lang models.Language, v Values) (subject, body string, err error) {
	return d.book.Render(ctx, templates.Key{Name: m.Template, Language: lang, Medium: m.Channel.Medium()}, v)
}
