package browser

import (
	"fmt"
	"os"
	"strings"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Violation is a rule of WCAG that a page breaks, and where.
type Violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v Violation) String() string {
	var says strings.Builder
	says.WriteString(v.ID + ": " + v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&says, "\n    %s\n      %s", n.HTML, n.Summary)
	}
	return says.String()
}

// Axe checks the page against WCAG 2.2 AA with axe-core, whose script lies at a path.
func (w *Window) Axe(path string) ([]Violation, error) {
	script, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("axe-core (make assets puts it there): %w", err)
	}
	var found []Violation
	const run = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations)`
	wait := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	err = w.do("check with axe", chromedp.Evaluate(string(script), nil), chromedp.Evaluate(run, &found, wait))
	return found, err
}
