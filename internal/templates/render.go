package templates

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"unicode"

	"recourse/models"
)

// MostBytes bounds what a company's own words may come to with the longest values: 64 KB.
const MostBytes = 64 << 10

// guard bounds what any message comes to. Nothing that was tried before it was kept comes near it.
const guard = 1 << 20

// errTooLong is what rendering ends with that comes to too much.
var errTooLong = errors.New("it comes to too much")

// letter is words that were read.
type letter struct{ subject, body *template.Template }

// parsed reads words without judging them.
func parsed(d Draft) (l letter, err error) {
	if l.subject, err = template.New("subject").Parse(d.Subject); err != nil {
		return l, err
	}
	l.body, err = template.New("body").Parse(d.Body)
	return l, err
}

// Render writes a message in the product's own words. The subject is one line whatever the values hold,
// so that nothing in it can become a header of its own; an SMS and what is spoken are one line as well.
func Render(k Key, v Values) (subject, body string, err error) {
	o, is := own[k]
	if !is {
		return "", "", fmt.Errorf("there is no message %q by %s in %q", k.Name, k.Medium, k.Language)
	}
	return o.letter.render(k, v, guard)
}

// render writes a message of at most so many bytes; errTooLong when it comes to more.
func (l letter) render(k Key, v Values, most int) (subject, body string, err error) {
	written := bounded{left: most}
	if err := l.subject.Execute(&written, v); err != nil {
		return "", "", fmt.Errorf("render subject of %s: %w", k.Name, err)
	}
	subject = written.String()
	written.Reset()
	if err := l.body.Execute(&written, v); err != nil {
		return "", "", fmt.Errorf("render %s: %w", k.Name, err)
	}
	body = written.String()
	switch k.Medium {
	case models.MediumSMS, models.MediumVoice:
		return "", OneLine(body), nil
	case models.MediumMail, models.MediumChat:
	}
	return OneLine(subject), strings.TrimSpace(body) + "\n", nil
}

// bounded keeps what is written to it, up to so many bytes.
type bounded struct {
	strings.Builder

	left int
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errTooLong
	}
	return b.Builder.Write(p)
}

// OneLine makes one line of s: what breaks lines or controls terminals becomes a space.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}
