package console

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"recourse/internal/cases"
	"recourse/models"
)

// intakePage is the form that a clerk fills in while the customer talks.
type intakePage struct {
	Form   url.Values
	Key    string
	Faults map[string]string
	Filled bool // shown again: what stands in it is newer than a draft
	Draft  string
	Beside besidePage

	Channels    []models.Channel
	Severities  []models.Severity
	Natures     []models.Nature
	Languages   []models.Language
	Outcomes    []models.Outcome
	Categories  []choice
	Departments []choice
	Own         []choice // departments for which the clerk may settle; none: they may not
	Zones       []string
	Files       []keptFile
	Open        map[string]bool // which of the further fields are open
}

// choice is one of those that a field offers.
type choice struct{ Value, Label string }

func (c *console) intake(v *visit) error {
	if err := models.May(v.Actor, models.VerbOpen, models.Standing{}); err != nil {
		return err
	}
	form := url.Values{
		"channel": {string(models.ChannelPhone)}, "severity": {string(models.SeverityGeneral)},
		"language": {string(c.Language)}, "zone": {c.Zone.String()},
	}
	return c.showIntake(v, http.StatusOK, form, intakePage{Key: c.NewID()})
}

// showIntake shows the form with what stands in it.
func (c *console) showIntake(v *visit, code int, form url.Values, page intakePage) (err error) {
	page.Form, page.Draft = form, "intake "+v.Actor.ID
	page.Channels, page.Severities, page.Natures = models.Channels(), models.Severities(), models.Natures()
	page.Languages, page.Outcomes, page.Zones = models.Languages(), models.Outcomes(), zonesOffered
	page.Files, page.Open = keptFiles(form), furtherOpen(form, page.Faults)
	if page.Categories, err = c.categories(v); err != nil {
		return err
	}
	if page.Departments, err = c.departments(v, nil); err != nil {
		return err
	}
	if models.May(v.Actor, models.VerbSettle, models.Standing{State: models.StateReceived, RecordedBy: v.Actor.ID}) == nil && len(v.Actor.Departments) > 0 {
		if page.Own, err = c.departments(v, v.Actor.Departments); err != nil {
			return err
		}
	}
	return v.showAs(code, "intake", page)
}

// zonesOffered are those that come up as somebody types; any other of the IANA list is taken, too.
var zonesOffered = []string{
	"Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Kolkata", "Asia/Dubai", "Australia/Sydney",
	"Europe/London", "Europe/Berlin", "Europe/Moscow", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "UTC",
}

// further are the fieldsets that open, with their fields.
var further = map[string][]string{
	"customer": {
		"contact.external_id", "contact.address", "contact.second.name", "contact.second.phone", "contact.second.email", "contact.second.acts_for",
		"anonymous", "confidential",
	},
	"details":  {"model", "serial", "order_number", "purchase_date", "symptom", "happened"},
	"filing":   {"nature", "category", "region", "department_concerned", "mystery_shopper"},
	"received": {"received_at", "receipt_evidence"},
	"answer":   {"answer"},
	"settle":   {"settle", "settle.text", "settle.result", "settle.outcome", "settle.department"},
}

// furtherOpen says which fieldsets hold something, or something wrong.
func furtherOpen(form url.Values, faults map[string]string) map[string]bool {
	open := map[string]bool{}
	for set, fields := range further {
		open[set] = slices.ContainsFunc(fields, func(f string) bool {
			return form.Get(f) != "" && f != "settle.outcome" && f != "settle.department" || faults[f] != ""
		})
	}
	open["customer"] = open["customer"] || faults["language"] != "" || faults["zone"] != ""
	return open
}

// categories offers the tree by which complaints are filed, each with its way from the root.
func (c *console) categories(v *visit) (offered []choice, err error) {
	all, err := c.Cases.Categories(v.r.Context())
	names, parents := map[string]string{}, map[string]string{}
	for _, one := range all {
		names[one.ID], parents[one.ID] = v.either(one.NameZH, one.NameEN), one.Parent
	}
	for _, one := range all {
		way := []string{names[one.ID]}
		for p, steps := parents[one.ID], 0; p != "" && steps < len(all); p, steps = parents[p], steps+1 {
			way = append(way, names[p])
		}
		slices.Reverse(way)
		offered = append(offered, choice{one.ID, strings.Join(way, " › ")})
	}
	slices.SortStableFunc(offered, func(a, b choice) int { return strings.Compare(a.Label, b.Label) })
	return offered, err
}

// departments offers departments that are there: some, or all.
func (c *console) departments(v *visit, some []string) (offered []choice, err error) {
	all, err := c.Cases.Departments(v.r.Context())
	for _, one := range all {
		if one.DisabledAt == nil && (some == nil || slices.Contains(some, one.ID)) {
			offered = append(offered, choice{one.ID, v.either(one.NameZH, one.NameEN)})
		}
	}
	return offered, err
}

// either is a name in the visitor's language, or the one there is.
func (v *visit) either(zh, en string) string {
	if v.Language == models.LanguageZH {
		return cmp.Or(zh, en)
	}
	return cmp.Or(en, zh)
}

// takeIntake puts a complaint on record, or looks beside it first.
func (c *console) takeIntake(v *visit) error {
	if err := models.May(v.Actor, models.VerbOpen, models.Standing{}); err != nil {
		return err
	}
	files, err := v.formWithFiles(c.ourRoom())
	if err != nil {
		return err
	}
	form, faults := v.r.PostForm, map[string]string{}
	if err := v.keepFiles(v.Actor, c.ourRoom(), files, faults); err != nil {
		return err
	}
	page := intakePage{Key: cmp.Or(v.field("key"), c.NewID()), Faults: faults, Filled: true}
	if form.Get("look") != "" || form.Get("customer") != "" {
		if err := c.useCustomer(v, form); err != nil {
			return err
		}
		page.Beside = c.beside(v)
		return c.showIntake(v, http.StatusOK, form, page)
	}
	n := v.complaint(faults)
	v.checkSettling(n, faults)
	if len(faults) > 0 {
		page.Beside = c.beside(v)
		return c.showIntake(v, http.StatusUnprocessableEntity, form, page)
	}
	accepted, err := c.Cases.Open(v.r.Context(), v.call("POST /intake"), n)
	if models.CodeOf(err) == models.CodeKeyReused { // sent before, and changed since
		page.Key, page.Faults = c.NewID(), map[string]string{"": v.Say("intake.saved_before")}
		return c.showIntake(v, http.StatusConflict, form, page)
	}
	if said := v.faults(err); err != nil && said != nil {
		page.Faults = renamed(said)
		page.Beside = c.beside(v)
		return c.showIntake(v, statusOf(err), form, page)
	}
	if err != nil {
		return err
	}
	if form.Get("settle") != "" {
		return c.settle(v, accepted.Number)
	}
	return v.goTo("/cases/" + accepted.Number + "/saved")
}

// renamed moves the faults of particulars to the fields of the form, which has them side by side with
// the others.
func renamed(faults map[string]string) map[string]string {
	for name := range maps.Clone(faults) {
		for _, group := range []string{"particulars.", "attachments."} {
			if rest, is := strings.CutPrefix(name, group); is {
				says := faults[name]
				delete(faults, name)
				if group == "attachments." {
					rest = "attachments"
				}
				faults[rest] = says
			}
		}
	}
	return faults
}

// complaint reads a complaint from the form and notes what is wrong with how it is written; what is
// wrong with what it says is for the record to refuse.
func (v *visit) complaint(faults map[string]string) cases.NewComplaint {
	v.checkWritten(faults)
	n := cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.Channel(v.field("channel")), Language: models.Language(v.field("language")), Zone: v.field("zone"),
			ReceivedAt: v.localInstant("received_at", faults), Severity: models.Severity(v.field("severity")), Nature: models.Nature(v.field("nature")),
			Category: v.field("category"), Region: v.field("region"), Concerned: v.field("department_concerned"), Product: v.field("product"),
			Model: v.field("model"), Anonymous: v.field("anonymous") != "", Confidential: v.field("confidential") != "",
			MysteryShopper: v.field("mystery_shopper") != "",
		},
		Text: v.field("text"), Contact: contactFrom(v.field), Answer: v.field("answer"), ReceiptEvidence: v.field("receipt_evidence"),
		Particulars: models.Particulars{
			Happened: v.field("happened"), Serial: v.field("serial"), OrderNumber: v.field("order_number"), PurchaseDate: v.field("purchase_date"),
			Symptom: v.field("symptom"), Remedy: v.field("remedy"),
		},
	}
	for _, f := range keptFiles(v.r.PostForm) {
		n.Attachments = append(n.Attachments, f.ID)
	}
	if l := n.Opened.Language; l != "" && !slices.Contains(models.Languages(), l) {
		faults["language"] = v.Say("form.choose")
	}
	return n
}

// localInstant reads an instant as the visitor's clock shows it; zero when none is given.
func (v *visit) localInstant(name string, faults map[string]string) time.Time {
	given := answers{form: v.r.PostForm, zone: v.Zone}
	at := given.instant(name)
	maps.Copy(faults, v.faults(given.fault()))
	return at
}

// How long what is typed may be, as the other door has it.
const (
	longestWords = 20_000
	longestLabel = 200
)

// longer are the fields that take more, or less, than a label.
var longer = map[string]int{
	"text": longestWords, "answer": longestWords, "receipt_evidence": longestWords, "happened": longestWords, "symptom": longestWords, "remedy": longestWords,
	"settle.text": longestWords, "settle.result": longestWords, "contact.address": 500, "contact.phone": 50, "contact.second.phone": 50,
	"contact.email": 254, "contact.second.email": 254, "attachment": 1000,
}

var (
	phonePattern = regexp.MustCompile(`([0-9][^0-9]*){3}`)
	emailPattern = regexp.MustCompile(`^[^@\s<>",]+@[^@\s<>",]+$`)
)

// checkWritten notes what is too long, and what is no phone number, address or day.
func (v *visit) checkWritten(faults map[string]string) {
	v.checkLengths(faults, "")
	v.checkShapes(faults)
}

// checkLengths notes what is too long of the fields whose names begin so.
func (v *visit) checkLengths(faults map[string]string, prefix string) {
	for name := range v.r.PostForm {
		if most := cmp.Or(longer[name], longestLabel); strings.HasPrefix(name, prefix) && utf8.RuneCountInString(v.r.PostForm.Get(name)) > most {
			faults[name] = v.Say("form.too_long", "most", v.Number(most))
		}
	}
}

// checkShapes notes what is no phone number, address or day.
func (v *visit) checkShapes(faults map[string]string) {
	for _, rule := range []struct {
		field, says string
		is          func(string) bool
	}{
		{"contact.phone", "form.phone", phonePattern.MatchString},
		{"contact.second.phone", "form.phone", phonePattern.MatchString},
		{"contact.email", "form.email", emailPattern.MatchString},
		{"contact.second.email", "form.email", emailPattern.MatchString},
		{"purchase_date", "form.day", isDay},
	} {
		if given := v.field(rule.field); given != "" && faults[rule.field] == "" && !rule.is(given) {
			faults[rule.field] = v.Say(rule.says)
		}
	}
}

func isDay(given string) bool {
	day, err := time.Parse(time.DateOnly, given)
	return err == nil && day.Year() >= 1900 && day.Year() < 2100
}

// checkSettling notes what keeps a complaint from being settled before it is put on record, so that
// it is not put on record half done.
func (v *visit) checkSettling(n cases.NewComplaint, faults map[string]string) {
	if v.field("settle") == "" {
		if v.field("settle.text")+v.field("settle.result") != "" { // it would be dropped
			faults["settle"] = v.Say("intake.settle_or_clear")
		}
		return
	}
	for _, name := range []string{"settle.text", "settle.result", "settle.outcome"} {
		if v.field(name) == "" {
			faults[name] = v.Say("form.needed")
		}
	}
	if n.Opened.Severity != models.SeverityGeneral || n.Opened.Nature.Guarded() {
		faults["settle"] = v.Say("intake.settle_only_general")
	}
}

// A case that was put on record this moment may still be starting: it is asked again so often, after so
// long, before the clerk is.
const (
	settleTries = 5
	settlePause = 600 * time.Millisecond
)

// pause waits; false: the visitor went away.
func (v *visit) pause(span time.Duration) bool {
	select {
	case <-time.After(span):
		return true
	case <-v.r.Context().Done():
		return false
	}
}

// settle tries to settle what was put on record just now; should it not go through, the complaint
// stays on record and what was typed is kept.
func (c *console) settle(v *visit, number string) error {
	wish := cases.Wish{
		Verb: models.VerbSettle,
		Words: map[string]string{
			models.TextText: v.field("settle.text"), models.TextResult: v.field("settle.result"),
		},
		Data: models.Settled{
			Channel: models.Channel(v.field("channel")), Department: v.field("settle.department"),
			Nature: cmp.Or(models.Nature(v.field("nature")), models.NatureCustomer), Outcome: models.Outcome(v.field("settle.outcome")),
		},
	}
	call := v.settleCall()
	_, err := c.Cases.Do(v.r.Context(), call, number, wish)
	for try := 1; try < settleTries && models.CodeOf(err) == models.CodeUnavailable && v.pause(settlePause); try++ {
		_, err = c.Cases.Do(v.r.Context(), call, number, wish)
	}
	if said := v.faults(err); err != nil && said != nil {
		v.r.PostForm.Set("key", v.keyAfter(err))
		return c.showSaved(v, statusOf(err), number, said)
	}
	if err != nil {
		return err
	}
	v.tell("done.settled")
	return v.goTo("/cases/" + number + "/saved")
}

// settleCall is the wish to settle, the same whether it comes with the whole intake or from the page that
// says what was saved.
func (v *visit) settleCall() cases.Call {
	call, said := v.call("POST /intake settle"), url.Values{}
	for _, name := range []string{"settle.text", "settle.result", "settle.outcome", "settle.department", "channel", "nature"} {
		said.Set(name, v.field(name))
	}
	sum := sha256.Sum256([]byte(said.Encode()))
	call.Body = sum[:]
	return call
}

// settleAgain tries once more, from the page that says what was saved.
func (c *console) settleAgain(v *visit) error {
	if err := v.form(1 << 20); err != nil {
		return err
	}
	return c.settle(v, v.r.PathValue("number"))
}
