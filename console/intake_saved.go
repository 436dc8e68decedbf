package console

import (
	"html/template"
	"net/http"
	"net/url"
	"time"

	"recourse/internal/cases"
	"recourse/internal/words"
	"recourse/models"
)

// savedPage says what became of an intake, and what to tell the customer.
type savedPage struct {
	cases.Receipt

	StatusURL string // empty: it is not shown any more
	Lang      models.Language
	Script    []string // in the customer's language and time
	Zone      string   // of the customer, in words
	Form      url.Values
	Key       string
	Faults    map[string]string // why it could not be settled
	Outcomes  []models.Outcome
}

func (c *console) saved(v *visit) error {
	return c.showSaved(v, http.StatusOK, v.r.PathValue("number"), nil)
}

func (c *console) showSaved(v *visit, code int, number string, faults map[string]string) error {
	receipt, err := c.Cases.Receipt(v.r.Context(), v.Actor, number)
	if err != nil {
		return err
	}
	zone := c.pages.zone(receipt.Case.Zone, c.Zone)
	speaker := words.In(receipt.Case.Language)
	page := savedPage{
		Receipt: receipt, Lang: receipt.Case.Language, Script: script(speaker, receipt, zone), Faults: faults, Outcomes: models.Outcomes(),
		Zone: v.Speaker.Zone(c.Now().In(zone)),
	}
	if receipt.StatusToken != "" {
		page.StatusURL = c.PublicURL + "/t/" + receipt.StatusToken
	}
	if faults != nil {
		page.Form, page.Key = v.r.PostForm, v.r.PostForm.Get("key")
	}
	return v.showAs(code, "saved", page)
}

// script is what the clerk says to the customer, sentence by sentence.
func script(s *words.Speaker, r cases.Receipt, zone *time.Location) []string {
	says := []string{s.Say("script.thanks"), s.Say("script.number", "number", r.Number)}
	settled := r.Case.State != models.StateReceived && r.Case.FirstResolvedAt != nil
	if r.Case.FirstReplyAt == nil {
		says = append(says, s.Say("script.reply", "at", s.Instant(r.ResponseDue, zone)))
	}
	if !settled {
		says = append(says, s.Say("script.solution", "at", s.Instant(r.FeedbackDue, zone)))
	}
	switch {
	case r.Case.Anonymous:
		says = append(says, s.Say("script.anonymous"))
	case settled:
		says = append(says, s.Say("script.settled"))
	default:
		says = append(says, s.Say("script.link"))
	}
	return append(says, s.Say("script.bye"))
}

// receiptPage is what the customer takes home, in their language and time.
type receiptPage struct {
	cases.Letter

	Receipt   cases.Receipt
	StatusURL string
	Code      template.HTML // QR code of StatusURL
}

func (c *console) receipt(v *visit) error {
	receipt, err := c.Cases.Receipt(v.r.Context(), v.Actor, v.r.PathValue("number"))
	if err != nil {
		return err
	}
	letter, err := c.Cases.Letter(v.r.Context(), v.Actor, receipt.Number, cases.LetterReceipt)
	if err != nil {
		return err
	}
	page := receiptPage{Letter: letter, Receipt: receipt}
	if receipt.StatusToken != "" {
		page.StatusURL = c.PublicURL + "/t/" + receipt.StatusToken
	}
	v.Speaker, v.Zone = words.In(letter.Language), c.pages.zone(receipt.Case.Zone, c.Zone)
	if page.StatusURL != "" {
		if page.Code, err = qrCode(page.StatusURL, v.Say("receipt.code", "link", page.StatusURL)); err != nil {
			return err
		}
	}
	return v.write(http.StatusOK, "receipt", "sheet", page)
}
