package console

import (
	"errors"
	"net/http"
	"net/url"

	"recourse/internal/cases"
	"recourse/models"
)

// policyPage is a version of the policy: its clocks and ladders, its document to change, what a change
// would come to, and all versions.
type policyPage struct {
	orgPage

	Policy    cases.Policy
	Versions  []cases.Policy
	MayEdit   bool
	Document  string // as shown or typed
	Reason    string
	Effective string // as typed
	After     string // the version published last when the form was drawn
	Key       string // of the form
	Faults    map[string]string
	Lines     []lineFault
	Open      bool
	Trial     *cases.PolicyTrial // nil: nothing was tried
}

// policy shows the version that the address names, by itself the one in force.
func (c *console) policy(v *visit) error {
	page, err := c.policyPage(v, v.r.URL.Query().Get("version"))
	if err != nil {
		return err
	}
	return v.show("organisation_policy", page)
}

func (c *console) policyPage(v *visit, version string) (page policyPage, err error) {
	if page.orgPage, err = c.orgPage(v, "policy"); err != nil {
		return page, err
	}
	page.Key, page.MayEdit = v.c.NewID(), page.Admin || v.Actor.Is(models.RoleOps)
	if page.Policy, err = c.Cases.Policy(v.r.Context(), version); err != nil {
		return page, err
	}
	page.Document = page.Policy.Document
	page.Lines = v.lineFaults(page.Document, page.Policy.Warnings, true)
	page.Versions, err = c.Cases.Policies(v.r.Context())
	if len(page.Versions) > 0 {
		page.After = page.Versions[0].Version
	}
	return page, err
}

// lineFaults says what is wrong with a document, each at its line.
func (v *visit) lineFaults(document string, faults []cases.Fault, warnings bool) (lines []lineFault) {
	for _, f := range faults {
		lines = append(lines, lineFault{
			Line: f.Line, Text: lineText(document, f.Line), Warning: warnings,
			Says: v.Refusal(&models.Error{Code: models.CodeInvalid, Message: f.Says}),
		})
	}
	return lines
}

// tried is the button that publishes nothing yet.
const tried = "try"

// publishPolicy puts a new version on record, or says first what it would change; what is wrong with it
// stands at its lines.
func (c *console) publishPolicy(v *visit) error {
	if err := v.form(1 << 20); err != nil {
		return err
	}
	a := &answers{form: v.r.PostForm, zone: v.Zone}
	wish := cases.PolicyWish{
		Document: []byte(v.r.PostForm.Get("policy_document")), Reason: v.field("reason"), EffectiveAt: a.instant("effective_at"), After: v.field("after"),
	}
	if v.field("act") == tried {
		trial, err := c.Cases.TryPolicy(v.r.Context(), wish.Document)
		if err != nil {
			return err
		}
		return c.policyAgain(v, wish, nil, &trial)
	}
	err := a.fault()
	if err == nil {
		err = v.once(func() error {
			_, err := c.Cases.PublishPolicy(v.r.Context(), v.Actor, wish)
			return err
		})
	}
	if err != nil {
		return c.policyAgain(v, wish, err, nil)
	}
	v.tell("done.policy")
	return v.goTo("/organisation/policy")
}

// policyAgain shows the form as it was filled in, with what is wrong or what would change.
func (c *console) policyAgain(v *visit, wish cases.PolicyWish, err error, trial *cases.PolicyTrial) error {
	faults := v.faults(err)
	if err != nil && (faults == nil || models.CodeOf(err) == models.CodeForbidden) {
		return err
	}
	page, failed := c.policyPage(v, "")
	if failed != nil {
		return failed
	}
	page.Document, page.Reason, page.Effective = string(wish.Document), v.field("reason"), v.field("effective_at")
	page.Faults, page.Open, page.Lines, page.Trial = faults, true, nil, trial
	page.Key = v.keyAfter(err)
	wrong := cases.PolicyTrial{}
	if refused, many := errors.AsType[*cases.Refused](err); many {
		wrong.Faults = ofDocument(refused.Faults)
	}
	if trial != nil {
		wrong = *trial
	}
	page.Lines = append(v.lineFaults(page.Document, wrong.Faults, false), v.lineFaults(page.Document, wrong.Warnings, true)...)
	if len(wrong.Faults) > 0 {
		page.Faults = map[string]string{"policy_document": v.Say("org.policy_faults", "n", len(wrong.Faults))}
	}
	status := http.StatusOK
	if err != nil {
		status = statusOf(err)
	}
	return v.showAs(status, "organisation_policy", page)
}

// ofDocument are the faults that stand in the document, not in the form around it.
func ofDocument(faults []cases.Fault) (found []cases.Fault) {
	for _, f := range faults {
		if f.Pointer == "/document" || f.Line > 0 {
			found = append(found, f)
		}
	}
	return found
}

// Severities are the columns of the clocks.
func (policyPage) Severities() []models.Severity { return models.Severities() }

// Path is where a version is shown.
func (policyPage) Path(version string) string {
	return "/organisation/policy?version=" + url.QueryEscape(version)
}
