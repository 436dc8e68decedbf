package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// statusPage is what the customer finds behind their link.
type statusPage struct {
	outside
	cases.StatusView

	Token  string
	Stands string // key of where it stands, in plain words
	Talk   []spoken
	Form   url.Values
	Key    string
	Faults map[string]string
	Opened string // the form that was refused
	CallAt callTimes
}

// spoken is something that we or the customer said.
type spoken struct {
	At   time.Time
	Ours bool
	Kind models.Kind
	Text string
}

// callTimes are between which instants a call can be wished for.
type callTimes struct{ From, Until time.Time }

func (c *console) status(v *visit) error {
	return c.showStatus(v, http.StatusOK, statusPage{Key: c.NewID()})
}

func (c *console) showStatus(v *visit, code int, page statusPage) (err error) {
	page.Token = v.r.PathValue("token")
	if page.StatusView, err = c.Cases.Status(v.r.Context(), page.Token); err != nil {
		return err
	}
	v.speakTo(page.Language, page.Zone)
	page.Stands = "stands." + string(page.State)
	if page.State == models.StateArchived && page.Ended != "" {
		page.Stands = "stands." + string(page.Ended)
	}
	for _, p := range page.Posts {
		page.Talk = append(page.Talk, spoken{p.At, true, p.Kind, p.Text})
	}
	for _, p := range page.Said {
		page.Talk = append(page.Talk, spoken{p.At, false, p.Kind, p.Text})
	}
	slices.SortStableFunc(page.Talk, func(a, b spoken) int { return b.At.Compare(a.At) })
	if slices.Contains(page.Waiting, models.VerbConfirm) || slices.Contains(page.Waiting, models.VerbNotSolved) || slices.Contains(page.Waiting, models.VerbWithdraw) {
		page.CanConfirm, page.CanNotSolved, page.CanWithdraw, page.CanReschedule = false, false, false, false
	}
	page.CallAt = callTimes{c.Now().Add(time.Hour), c.Now().Add(14 * 24 * time.Hour)}
	return v.showAs(code, "status", page)
}

// says takes one verb that the customer says by their link.
func (c *console) says(verb models.Verb) handler {
	return func(v *visit) error {
		if err := v.form(1 << 18); err != nil {
			return err
		}
		faults := map[string]string{}
		v.checkWritten(faults)
		if verb != models.VerbConfirm && v.field("text") == "" {
			faults["text"] = v.Say("form.needed")
		}
		if len(faults) > 0 {
			return c.statusAgain(v, http.StatusUnprocessableEntity, verb, faults)
		}
		err := c.Cases.Say(v.r.Context(), v.customerCall("POST /t/{token}/"+string(verb)), v.r.PathValue("token"), verb, v.field("text"))
		return c.heard(v, verb, err)
	}
}

// reschedule takes another time for the callback, as the customer's clock shows it.
func (c *console) reschedule(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	token := v.r.PathValue("token")
	stands, err := c.Cases.Status(v.r.Context(), token)
	if err != nil {
		return err
	}
	v.speakTo(stands.Language, stands.Zone)
	faults := map[string]string{}
	to := v.localInstant("to", faults)
	if to.IsZero() && faults["to"] == "" {
		faults["to"] = v.Say("form.needed")
	}
	if len(faults) > 0 {
		return c.statusAgain(v, http.StatusUnprocessableEntity, models.VerbReschedule, faults)
	}
	err = c.Cases.Reschedule(v.r.Context(), v.customerCall("POST /t/{token}/reschedule"), token, to)
	return c.heard(v, models.VerbReschedule, err)
}

// heard thanks the customer, or says what was wrong.
func (c *console) heard(v *visit, verb models.Verb, err error) error {
	if said := v.faults(err); err != nil && said != nil {
		v.r.PostForm.Set("key", v.keyAfter(err))
		return c.statusAgain(v, statusOf(err), verb, said)
	}
	if err != nil {
		return err
	}
	v.tell("done.said." + string(verb))
	return v.goTo("/t/" + v.r.PathValue("token"))
}

func (c *console) statusAgain(v *visit, code int, verb models.Verb, faults map[string]string) error {
	key := v.r.PostForm.Get("key")
	if key != "" && strings.HasSuffix(key, string(verb)[:1]) { // the page tells its forms' keys apart by it
		key = key[:len(key)-1]
	}
	return c.showStatus(v, code, statusPage{Form: v.r.PostForm, Key: key, Faults: faults, Opened: string(verb)})
}
