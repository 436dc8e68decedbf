package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// templatesPath is where the words of messages are shown.
const templatesPath = "/organisation/templates"

// templatesPage lists the words of all messages.
type templatesPage struct {
	orgPage

	Groups []templateGroup
}

// templateGroup is the messages of one kind of reader.
type templateGroup struct {
	Customer bool
	Rows     []templateRow
}

// templateRow is one message.
type templateRow struct {
	Name  string
	Cells [][]templateLink // by medium; one for each language
}

// templateLink leads to the words of a message in one language and medium.
type templateLink struct {
	cases.TemplateKey

	Changed bool // they are not the product's
}

// Path is where they are.
func (l templateLink) Path() string { return templatePath(l.TemplateKey) }

func templatePath(k cases.TemplateKey) string {
	return templatesPath + "/" + url.PathEscape(k.Name) + "?" + url.Values{"medium": {string(k.Medium)}, "language": {string(k.Language)}}.Encode()
}

func (c *console) templates(v *visit) error {
	page := templatesPage{}
	var err error
	if page.orgPage, err = c.orgPage(v, "templates"); err != nil {
		return err
	}
	all, err := c.Cases.Templates(v.r.Context())
	if err != nil {
		return err
	}
	page.Groups = []templateGroup{{Customer: true}, {}}
	for _, t := range all {
		g := &page.Groups[1]
		if t.ForCustomer() {
			g = &page.Groups[0]
		}
		if n := len(g.Rows); n == 0 || g.Rows[n-1].Name != t.Name {
			g.Rows = append(g.Rows, templateRow{t.Name, make([][]templateLink, len(models.Media()))})
		}
		cells := g.Rows[len(g.Rows)-1].Cells
		at := slices.Index(models.Media(), t.Medium)
		cells[at] = append(cells[at], templateLink{t.TemplateKey, !t.Own})
	}
	return v.show("organisation_templates", page)
}

// Media are the columns of the list.
func (templatesPage) Media() []models.Medium { return models.Media() }

// templatePage is the words of one message in one language and medium: to read and to change, how they
// read, what they can say, and what they were.
type templatePage struct {
	orgPage

	Is        cases.TemplateView
	MayEdit   bool
	Words     cases.TemplateDraft // as they hold or were typed
	Taken     int64               // version whose words stand in the form; 0: those that hold
	Reason    string
	Key       string // of the form
	Faults    map[string]string
	Lines     []lineFault
	Trial     cases.TemplateTrial
	Languages []templateLink // the same in the other languages
	Media     []templateLink // and in the other media
}

// template shows the words that the address names; by itself those of mails in the visitor's language.
func (c *console) template(v *visit) error {
	asked := v.r.URL.Query()
	page, err := c.templatePage(v, c.templateKey(v, asked))
	if err != nil {
		return err
	}
	if version, err := strconv.ParseInt(asked.Get("version"), 10, 64); err == nil {
		i := slices.IndexFunc(page.Is.Versions, func(one cases.TemplateVersion) bool { return one.Version == version })
		if i < 0 {
			return models.Refuse(models.CodeNotFound, "there is no such version")
		}
		page.Words, page.Taken = page.Is.Versions[i].Words, version
	}
	if err := c.tryWords(v, &page); err != nil {
		return err
	}
	return v.show("organisation_template", page)
}

// templateKey is what an address or a form names.
func (c *console) templateKey(v *visit, asked url.Values) cases.TemplateKey {
	k := cases.TemplateKey{Name: v.r.PathValue("name"), Medium: models.Medium(asked.Get("medium")), Language: models.Language(asked.Get("language"))}
	if k.Medium == "" {
		k.Medium = models.MediumMail
	}
	if k.Language == "" {
		k.Language = v.Language
	}
	return k
}

func (c *console) templatePage(v *visit, k cases.TemplateKey) (page templatePage, err error) {
	if page.orgPage, err = c.orgPage(v, "templates"); err != nil {
		return page, err
	}
	page.Key, page.MayEdit = v.c.NewID(), cases.MayEditTemplates(v.Actor)
	if page.Is, err = c.Cases.Template(v.r.Context(), k); err != nil {
		return page, err
	}
	page.Words = page.Is.Words
	all, err := c.Cases.Templates(v.r.Context())
	for _, t := range all {
		link := templateLink{t.TemplateKey, !t.Own}
		if t.Name == k.Name && t.Medium == k.Medium {
			page.Languages = append(page.Languages, link)
		}
		if t.Name == k.Name && t.Language == k.Language {
			page.Media = append(page.Media, link)
		}
	}
	return page, err
}

// tryWords says how the words of the page read and what is wrong with them.
func (c *console) tryWords(v *visit, page *templatePage) (err error) {
	page.Trial, err = c.Cases.TryTemplate(v.r.Context(), page.Is.TemplateKey, page.Words)
	page.Lines = nil
	for _, one := range []struct{ field, words string }{{"/subject", page.Words.Subject}, {"/body", page.Words.Body}} {
		others := func(f cases.Fault) bool { return f.Pointer != one.field }
		page.Lines = append(page.Lines, v.lineFaults(one.words, slices.DeleteFunc(slices.Clone(page.Trial.Faults), others), false)...)
		page.Lines = append(page.Lines, v.lineFaults(one.words, slices.DeleteFunc(slices.Clone(page.Trial.Warnings), others), true)...)
	}
	return err
}

// previewTemplate answers with how the words of a form read while they are being written.
func (c *console) previewTemplate(v *visit) error {
	page, err := c.typedTemplate(v)
	if err != nil {
		return err
	}
	return v.part("organisation_template", "template-reads", page)
}

// typedTemplate is the page with what was typed into its form, tried.
func (c *console) typedTemplate(v *visit) (page templatePage, err error) {
	if err := v.form(1 << 20); err != nil {
		return page, err
	}
	if page, err = c.templatePage(v, c.templateKey(v, v.r.PostForm)); err != nil {
		return page, err
	}
	page.Words = cases.TemplateDraft{Subject: v.r.PostForm.Get("subject"), Body: v.r.PostForm.Get("body")}
	page.Reason, page.Key = v.field("reason"), v.field("key")
	return page, c.tryWords(v, &page)
}

// The buttons of the form besides the one that puts words in force.
const backToOwn = "own"

// publishTemplate puts words in force, or says first how they read; what is wrong with them stands at
// their lines.
func (c *console) publishTemplate(v *visit) error {
	page, err := c.typedTemplate(v)
	if err != nil {
		return err
	}
	act := v.field("act")
	if act == tried {
		return c.templateAgain(v, page, nil)
	}
	after, _ := strconv.ParseInt(v.field("after"), 10, 64)
	err = v.once(func() error {
		_, err := c.Cases.PublishTemplate(v.r.Context(), v.Actor, cases.TemplateWish{
			TemplateKey: page.Is.TemplateKey, Words: page.Words, Own: act == backToOwn, Reason: page.Reason, After: &after,
		})
		return err
	})
	if err != nil {
		return c.templateAgain(v, page, err)
	}
	v.tell("done.template")
	return v.goTo(templatePath(page.Is.TemplateKey))
}

// templateAgain shows the form as it was filled in, with what is wrong or how it reads.
func (c *console) templateAgain(v *visit, page templatePage, err error) error {
	page.Faults = v.faults(err)
	if err != nil && (page.Faults == nil || models.CodeOf(err) == models.CodeForbidden) {
		return err
	}
	if page.Faults == nil {
		page.Faults = map[string]string{}
	}
	if refused, many := errors.AsType[*cases.Refused](err); err == nil || many && len(refused.Faults) > 0 {
		page.wrong(v)
	}
	page.Key = v.keyAfter(err)
	status := http.StatusOK
	if err != nil {
		status = statusOf(err)
	}
	return v.showAs(status, "organisation_template", page)
}

// wrong puts what is wrong with the words beside their fields.
func (p *templatePage) wrong(v *visit) {
	delete(p.Faults, "body")
	for _, f := range p.Trial.Faults {
		if f.Pointer == "/subject" {
			p.Faults["subject"] = v.Refusal(&models.Error{Code: models.CodeInvalid, Message: f.Says})
		}
	}
	if n := len(p.Trial.Faults); n > 0 {
		p.Faults["body"] = v.Say("template.faults", "n", n)
	}
}

// Path is the page with the words of a version in the form.
func (p templatePage) Path(version int64) string {
	return templatePath(p.Is.TemplateKey) + "&version=" + strconv.FormatInt(version, 10)
}

// Here is where the form is sent.
func (p templatePage) Here() string { return templatesPath + "/" + url.PathEscape(p.Is.Name) }

// longSample is the sample that is for trying, not for reading: 20,000 characters.
const longSample = "long"

// Shown are the readings to look at: those that read as one before does are left out.
func (p templatePage) Shown() (shown []reading) {
	for _, r := range p.Trial.Readings {
		if r.Sample == longSample {
			continue
		}
		if slices.ContainsFunc(shown, func(s reading) bool { return s.Subject == r.Subject && s.Body == r.Body }) {
			continue
		}
		shown = append(shown, reading{r, strings.TrimRight(r.Body, "\n")})
	}
	return shown
}

// reading is how words read with a sample.
type reading struct {
	cases.TemplateReading

	Text string // without the end of its last line
}

// Value is how a value is written.
func (templatePage) Value(name string) string { return "{{." + name + "}}" }

// Example is a value that every message has, as it is written.
func (p templatePage) Example() string { return p.Value("Number") }

// Asks is how a part is written that stands only where there is a value.
func (p templatePage) Asks() string {
	optional := slices.IndexFunc(p.Is.May, func(name string) bool { return !slices.Contains(p.Is.Must, name) })
	return "{{if ." + p.Is.May[max(optional, 0)] + "}} … {{end}}"
}
