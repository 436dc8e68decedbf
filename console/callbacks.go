package console

import (
	"maps"
	"net/http"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// callbacksPage is whom the visitor is to call back.
type callbacksPage struct {
	Now, Later, Missed []callTask
	Here               string // number of the call that is shown
	Call               *callPage
}

// callTask is an attempt in the list.
type callTask struct {
	cases.CallToMake

	There string // what time it is at the customer's
}

// None says whether there is nobody to call.
func (p callbacksPage) None() bool { return len(p.Now)+len(p.Later)+len(p.Missed) == 0 }

// callPage is one call: whom, what to say, and what came of it in one form.
type callPage struct {
	*casePage

	There  string
	Form   actForm
	Unmask string // where contact data is asked for; empty: nothing is masked
}

func (c *console) callbacks(v *visit) error {
	page, err := c.callsToMake(v)
	if err != nil {
		return err
	}
	if v.r.Header.Get("HX-Request") == "true" {
		return v.part("callbacks", "calls", page)
	}
	return v.show("callbacks", page)
}

// callsToMake sorts the calls by whether their time has come.
func (c *console) callsToMake(v *visit) (page callbacksPage, err error) {
	calls, err := c.Cases.Calls(v.r.Context(), v.Actor)
	page.Here = v.r.PathValue("number")
	now := c.Now()
	for _, call := range calls {
		task := callTask{call, c.timeAt(v, call.Row, now)}
		switch {
		case now.After(call.Call.Until):
			page.Missed = append(page.Missed, task)
		case now.Before(call.Call.NotBefore):
			page.Later = append(page.Later, task)
		default:
			page.Now = append(page.Now, task)
		}
	}
	return page, err
}

// timeAt is an instant where a customer is.
func (c *console) timeAt(v *visit, row models.Case, at time.Time) string {
	return v.Instant(at, c.pages.zone(row.Zone, c.Zone))
}

func (c *console) callbackForm(v *visit) error { return c.showCall(v, http.StatusOK, nil, nil) }

// showCall shows one call beside the list of all. What is no call to make is the case's own page.
func (c *console) showCall(v *visit, code int, refused *refusedAct, change func(*callPage)) error {
	p, err := c.caseFor(v, nil)
	if err != nil {
		return err
	}
	f, _ := formOf(models.VerbRecordCallback)
	if !p.can(f) {
		if refused != nil {
			return models.Refuse(models.CodeConflict, "there is no callback to record any more")
		}
		return v.goTo("/cases/" + p.Case.Number)
	}
	page, err := c.callsToMake(v)
	if err != nil {
		return err
	}
	call := &callPage{casePage: p, There: c.timeAt(v, p.Case, c.Now()), Form: p.draw(f, refused.drawing(f.Verb, ""))}
	call.Form.Path, call.Form.Main = "/callbacks/"+p.Case.Number, true
	if p.CanUnmask {
		call.Unmask = "/callbacks/" + p.Case.Number + "/unmask"
	}
	if change != nil {
		change(call)
	}
	page.Call = call
	return v.showAs(code, "callbacks", page)
}

// recordCallback keeps what came of a call.
func (c *console) recordCallback(v *visit) error {
	if err := v.form(mostWords); err != nil {
		return err
	}
	number := v.r.PathValue("number")
	f, _ := formOf(models.VerbRecordCallback)
	if _, err := c.attempt(v, f, number); err != nil {
		faults := v.faults(err)
		if faults == nil || models.CodeOf(err) == models.CodeForbidden {
			return err
		}
		typed := maps.Clone(v.r.PostForm)
		typed.Set("key", v.keyAfter(err))
		return c.showCall(v, statusOf(err), &refusedAct{verb: f.Verb, typed: typed, faults: faults, unsure: unsure(err)}, nil)
	}
	v.tell("done.called", "number", number)
	return v.goTo("/callbacks")
}

// unmaskCallback shows how to reach the customer, for a reason that is kept.
func (c *console) unmaskCallback(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	why := v.field("unmask")
	if why == "" {
		missing := models.Invalid("/unmask", "say why you need it")
		return c.showCall(v, statusOf(missing), nil, func(p *callPage) { p.Fault = v.faults(missing) })
	}
	contact, err := c.Cases.Unmask(v.r.Context(), v.Actor, v.r.PathValue("number"), why)
	if err != nil {
		return err
	}
	return c.showCall(v, http.StatusOK, nil, func(p *callPage) { p.Shown, p.Unmask = &contact, "" })
}
