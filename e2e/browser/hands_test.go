package browser_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/browser"
	"recourse/models"
)

// soon is how long news of an open window is waited for before it is called missing. How quick it came is
// logged, not judged: the machine does other things, too, such as thousands of pages of the other tests.
const soon = 30 * time.Second

// hands are somebody's at a window.
type hands struct {
	*browser.Window

	t *testing.T
	p *program
}

// sit puts somebody before a window, in their language.
func (p *program) sit(t *testing.T, as models.Role, lang models.Language, look browser.Look) hands {
	t.Helper()
	look.Language = string(lang)
	if as != "" {
		p.speak(t, as, lang)
	}
	h := hands{p.window(t, as, look), t, p}
	t.Cleanup(func() {
		for _, fault := range h.Faults() {
			t.Errorf("the browser of %s complained: %s", cmpOr(string(as), "the customer"), fault)
		}
	})
	return h
}

func (h hands) must(err error) {
	h.t.Helper()
	require.NoError(h.t, err)
}

func (h hands) at(path string) {
	h.t.Helper()
	h.must(h.p.enter(h.Window, path))
}

// enter opens a page in a window. Who comes without a name may come twenty times and then once a second:
// being told so is no answer, and is asked again.
func (p *program) enter(w *browser.Window, path string) error {
	for range 60 {
		var status int
		if err := w.Go(p.url + path); err != nil {
			return err
		}
		if err := w.Ask(`performance.getEntriesByType("navigation")[0].responseStatus`, &status); err != nil {
			return err
		}
		if status != http.StatusTooManyRequests {
			return nil
		}
		w.Faults() // the browser complains of the status
		time.Sleep(time.Second)
	}
	return fmt.Errorf("%s: too often for a minute", path)
}

// fields are what somebody fills in: by name, with what is written, chosen or, when it is "yes",
// ticked.
type fields []struct{ name, value string }

// fill fills in fields of the form that a selector names.
func (h hands) fill(form string, answers fields) {
	h.t.Helper()
	for _, a := range answers {
		at := fmt.Sprintf("%s [name=%q]", form, a.name)
		var kind string
		h.must(h.See(at))
		h.must(h.Ask(fmt.Sprintf(`(e => e.tagName === "SELECT" ? "choice" : e.type)(document.querySelector(%q))`, at), &kind))
		switch kind {
		case "choice", "datetime-local", "date":
			h.must(h.Choose(at, a.value))
		case "radio":
			h.must(h.Tap(at + fmt.Sprintf(`[value=%q]`, a.value)))
		case "checkbox":
			h.must(h.Tap(at))
		default:
			h.must(h.Fill(at, a.value))
		}
	}
}

// act uses a verb on a case by its form on the case's page.
func (h hands) act(number string, verb models.Verb, answers fields) {
	h.t.Helper()
	h.at("/cases/" + number)
	form := fmt.Sprintf("form[action=%q]", "/cases/"+number+"/"+string(verb))
	h.open(form)
	h.fill(form, answers)
	h.must(h.Send(form + " button.btn:not([type=button])"))
	address, err := h.Address()
	h.must(err)
	var refused string
	h.must(h.Ask(`[...document.querySelectorAll(".alert-danger, .invalid-feedback")].map(e => e.innerText).join("; ")`, &refused))
	require.Empty(h.t, refused, "%s on %s", verb, address)
}

// open unfolds what a form is folded into.
func (h hands) open(form string) {
	h.t.Helper()
	var folded bool
	h.must(h.Ask(fmt.Sprintf(`!!document.querySelector(%q)?.closest("details:not([open])")`, form), &folded))
	if folded {
		h.must(h.Tap(fmt.Sprintf("details:has(%s) > summary", form)))
	}
}

// sees waits until a text is to be read in an element; what is hidden is not.
func (h hands) sees(selector, text string) time.Duration {
	h.t.Helper()
	began := time.Now()
	defer func() {
		if h.t.Failed() {
			var page string
			if h.Ask(`location.href + "\n" + document.body.innerText`, &page) == nil {
				h.t.Logf("the page says:\n%s", page)
			}
		}
	}()
	await(h.t, soon, fmt.Sprintf("%s says %q", selector, text), func() bool {
		var says string
		h.must(h.Ask(fmt.Sprintf(`(e => e?.checkVisibility() ? e.innerText : "")(document.querySelector(%q))`, selector), &says))
		return strings.Contains(says, text)
	})
	return time.Since(began)
}

// complaint opens one by the programs' door and returns it.
func (p *program) complaint(t *testing.T, severity models.Severity, text string) standing {
	t.Helper()
	var made standing
	p.call(t, models.RoleIntake, http.MethodPost, "/complaints", map[string]any{
		"channel": "phone", "text": text, "severity": severity, "contact": map[string]any{"name": "Wang Wu", "phone": "13800138000"},
	}, &made)
	return made
}

// do uses a verb by the programs' door.
func (p *program) do(t *testing.T, as models.Role, number string, verb models.Verb, body map[string]any) {
	t.Helper()
	p.call(t, as, http.MethodPost, "/complaints/"+number+"/"+string(verb), body, nil)
}

// handled takes a case to where its handler proposes a solution, by the programs' door.
func (p *program) handled(t *testing.T, number string) {
	t.Helper()
	p.do(t, models.RoleSupervisor, number, models.VerbDispatch, map[string]any{
		"department": care, "person": p.people[models.RoleHandler].id, "nature": "customer", "objective": "find out",
	})
	p.do(t, models.RoleHandler, number, models.VerbAccept, map[string]any{})
}

// care is the department of the sample handler.
const care = "customer-service"
