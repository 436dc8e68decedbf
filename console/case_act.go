package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// mostWords bounds a form without files: every field full of the longest characters.
const mostWords = 4 << 20

// mostLines bounds a form of short fields: what is far too long is still read, and refused by the name of
// its field.
const mostLines = 1 << 18

// act uses a verb on a case, as its form was filled in. A refused form is shown again with what was
// typed; when the case has moved on meanwhile, with who changed what.
func (c *console) act(v *visit) error {
	number, verb := v.r.PathValue("number"), models.Verb(v.r.PathValue("verb"))
	f, is := formOf(verb)
	if !is {
		return models.Refuse(models.CodeNotFound, "there is no such page")
	}
	faults, err := c.readAct(v, f)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return c.showRefused(v, http.StatusUnprocessableEntity, &refusedAct{verb: verb, typed: v.r.PostForm, faults: faults})
	}
	done, err := c.attempt(v, f, number)
	if err != nil {
		return c.refuseAct(v, verb, err)
	}
	v.tell("done.act", "what", v.Name(verb))
	if !done.Recorded {
		v.tell("done.act_soon", "what", v.Name(verb))
	}
	if !c.mayStill(v.r.Context(), v.Actor, number) {
		return v.goTo("/queue")
	}
	return v.goTo("/cases/" + number)
}

// attempt uses a verb on the case as it stood when its form was drawn.
func (c *console) attempt(v *visit, f form, number string) (cases.Done, error) {
	key := v.r.PostForm.Get("key")
	done, err := c.try(v, f, number)
	if models.CodeOf(err) != models.CodeStale {
		return done, err
	}
	v.r.PostForm.Set("key", key+"/later")
	if before, is, failed := c.Cases.Before(v.r.Context(), v.call(wishOn(number, f.Verb))); is || failed != nil {
		return before, failed // it was done so when it was sent before
	}
	if !c.onlyTimePassed(v) {
		v.r.PostForm.Set("key", key)
		return done, err
	}
	v.r.PostForm.Del("if_seq") // clocks went on, nobody did anything
	return c.try(v, f, number)
}

// wishOn is the route of a verb on a case.
func wishOn(number string, verb models.Verb) string {
	return "POST /cases/" + number + "/" + string(verb)
}

func (c *console) try(v *visit, f form, number string) (cases.Done, error) {
	w, err := f.wish(&answers{form: v.r.PostForm, zone: v.Zone})
	if err != nil {
		return cases.Done{}, err
	}
	for _, kept := range keptFiles(v.r.PostForm) {
		w.Attachments = append(w.Attachments, kept.ID)
	}
	return c.Cases.Do(v.r.Context(), v.call(wishOn(number, f.Verb)), number, w)
}

// onlyTimePassed says whether nobody did anything since the page was drawn.
func (c *console) onlyTimePassed(v *visit) bool {
	s, err := c.sheetFor(v)
	return err == nil && s.changesSince((&answers{form: v.r.PostForm}).seq()).silent()
}

// refuseAct shows the page again around the form that was refused.
func (c *console) refuseAct(v *visit, verb models.Verb, why error) error {
	faults := v.faults(why)
	if faults == nil {
		return why
	}
	v.r.PostForm.Set("key", v.keyAfter(why))
	refused := &refusedAct{verb: verb, typed: v.r.PostForm, faults: faults, unsure: unsure(why)}
	switch models.CodeOf(why) { //nolint:exhaustive // the others have nothing to do with what others did
	case models.CodeStale, models.CodeConflict, models.CodeUnlawful, models.CodeForbidden:
		refused.since = (&answers{form: v.r.PostForm}).seq()
	}
	return c.showRefused(v, statusOf(why), refused)
}

func (c *console) showRefused(v *visit, code int, refused *refusedAct) error {
	page, err := c.caseFor(v, refused)
	if err != nil {
		return err
	}
	if page.Changes != nil && len(page.Changes.Entries) == 0 {
		page.Changes = nil
	}
	page.Lost = page.lost(refused)
	return v.showAs(code, "case", page)
}

// lostAct is what was typed into a form that is not offered any more.
type lostAct struct {
	Verb   models.Verb
	Faults map[string]string
	Typed  []spokenText
}

// lost keeps what was typed where the form itself is no longer to be had: nothing typed is ever lost.
func (p *casePage) lost(r *refusedAct) *lostAct {
	for _, forms := range append([][]actForm{p.Main, p.Others}, p.besides()...) {
		for _, f := range forms {
			if f.Refused {
				return nil
			}
		}
	}
	lost := &lostAct{Verb: r.verb, Faults: r.faults}
	f, _ := formOf(r.verb)
	for _, field := range f.Fields {
		for _, one := range append([]string{field.Name}, names(field.Parts)...) {
			if typed := strings.TrimSpace(r.typed.Get(one)); typed != "" && field.Kind != fieldHidden {
				lost.Typed = append(lost.Typed, spokenText{p.label("field.", r.verb, one), typed})
			}
		}
	}
	return lost
}

func (p *casePage) besides() [][]actForm {
	var all [][]actForm
	for _, card := range p.Requests {
		all = append(all, card.Forms)
	}
	for _, card := range p.Tasks {
		all = append(all, card.Forms)
	}
	for _, card := range p.Alerts {
		if card.Form != nil {
			all = append(all, []actForm{*card.Form})
		}
	}
	return all
}

func names(fields []field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return names
}

// readAct reads a form, with the files that may come with it: they are uploaded at once, and the form
// carries them on. What is wrong with one is said beside the field. A form that asks for no files brings
// none.
func (c *console) readAct(v *visit, f form) (faults map[string]string, err error) {
	if v.large() { // whoever may not see the case need not send us that much
		if _, err := c.Cases.Clocks(v.r.Context(), v.Actor, v.r.PathValue("number")); err != nil {
			return nil, err
		}
	}
	has := room{words: mostWords}
	if f.takesFiles() {
		has = c.ourRoom()
	}
	files, err := v.formWithFiles(has)
	if err != nil {
		return nil, err
	}
	faults = map[string]string{}
	if v.tooMuch != "" && !f.takesFiles() {
		faults[""] = v.Refusal(models.Invalid("/attachments", fmt.Sprintf("%s takes no attachments", f.Verb)))
		return faults, nil
	}
	if f.Contact {
		v.checkLengths(faults, "contact.")
		v.checkShapes(faults)
	}
	return faults, v.keepFiles(v.Actor, has, files, faults)
}

// download gives an attachment out to be saved: never shown, never run.
func (c *console) download(v *visit) error {
	view, content, err := c.Cases.Attachment(v.r.Context(), v.Actor, v.r.PathValue("number"), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	v.takeLong(transferTime)
	h := v.w.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", view.MediaType)
	h.Set("Content-Disposition", saveAs(view.Name))
	h.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = v.w.Write(content) //nolint:gosec // to be saved, in a sandbox, with the type we found
	return nil
}

// saveAs is a Content-Disposition that names a file in any language (RFC 6266, RFC 5987).
func saveAs(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

// unmask shows the contact data of a case for a reason that is kept.
func (c *console) unmask(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	var shown *models.Contact
	var faults map[string]string
	why := models.Invalid("/unmask", "say why you need it")
	code := statusOf(why)
	if reason := v.field("unmask"); reason != "" {
		contact, err := c.Cases.Unmask(v.r.Context(), v.Actor, v.r.PathValue("number"), reason)
		if err != nil {
			return err
		}
		shown, code = &contact, http.StatusOK
	} else {
		faults = v.faults(why)
	}
	page, err := c.caseFor(v, nil)
	if err != nil {
		return err
	}
	page.Shown, page.Fault = shown, faults
	return v.showAs(code, "case", page)
}
