package browser_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/browser"
	"recourse/models"
)

// naughtyFile lies beside the project where its makers work.
const naughtyFile = "../../../shared/data/naughty-strings/blns.json"

// written are the fields of the intake form that take any text.
var written = []string{
	"text", "contact.name", "product", "remedy", "contact.external_id", "contact.address", "contact.second.name", "model", "serial",
	"order_number", "symptom", "happened", "region",
}

var hiddenKey = regexp.MustCompile(`name="key" value="([^"]*)"`)

func TestNaughtyStringsAreInertInEveryFieldOfIntake(t *testing.T) {
	content, err := os.ReadFile(naughtyFile)
	if err != nil {
		t.Skipf("NOT TESTED: there are no naughty strings at %s", naughtyFile)
	}
	var naughty []string
	require.NoError(t, json.Unmarshal(content, &naughty))
	naughty = slices.DeleteFunc(naughty, func(s string) bool { return strings.TrimSpace(s) == "" })
	p := open(t)
	w := p.sit(t, models.RoleSupervisor, models.LanguageEN, browser.Phone)
	taken, refused, began := 0, 0, time.Now()
	for i, some := range slices.Collect(slices.Chunk(naughty, len(written))) {
		answers := url.Values{"channel": {"phone"}, "severity": {"general"}, "contact.phone": {fmt.Sprintf("1380000%04d", i)}}
		for j, s := range some {
			answers.Set(written[(i+j)%len(written)], s)
		}
		if answers.Get("text") == "" {
			answers.Set("text", "a short last form")
		}
		number := p.sends(t, answers, &refused)
		taken += len(some)
		w.at("/cases/" + number)
		w.inert(fmt.Sprintf("%s %q", number, some))
		var said string
		w.must(w.Ask(`[...document.querySelectorAll(".words")].map(e => e.textContent).join("\n")`, &said))
		require.Contains(t, plain(said), plain(answers.Get("text")), "%s is shown as it was written", number)
	}
	t.Logf("%d naughty strings in %d fields of intake, %d forms refused first, all inert and readable, in %s",
		taken, len(written), refused, time.Since(began).Round(time.Millisecond))
}

// sends sends the intake form without a browser. Fields that are refused are shown again as they were
// typed, and left out the second time.
func (p *program) sends(t *testing.T, answers url.Values, refused *int) (number string) {
	t.Helper()
	_, form := p.get(t, models.RoleIntake, "/intake")
	answers.Set("key", hiddenKey.FindStringSubmatch(form)[1])
	status, body := p.ask(t, models.RoleIntake, http.MethodPost, "/intake", answers)
	if status == http.StatusUnprocessableEntity {
		*refused++
		for name := range answers {
			if strings.Contains(body, `id="fault-`+name+`"`) {
				require.Contains(t, plain(html.UnescapeString(body)), plain(answers.Get(name)), "what was typed is not lost")
				answers.Set(name, map[bool]string{true: "refused before"}[name == "text"])
			}
		}
		answers.Set("key", hiddenKey.FindStringSubmatch(body)[1])
		status, body = p.ask(t, models.RoleIntake, http.MethodPost, "/intake", answers)
	}
	require.Equal(t, http.StatusSeeOther, status, "%v\n%s", answers, faultsIn(body))
	var page struct{ Items []standing }
	await(t, soon, "the case is on record", func() bool {
		p.call(t, models.RoleSupervisor, http.MethodGet, "/complaints?limit=1&q="+url.QueryEscape(answers.Get("contact.phone")), nil, &page)
		return len(page.Items) == 1
	})
	return page.Items[0].Number
}

var faultAt = regexp.MustCompile(`(?s)id="fault-[^<]*|alert-danger.*?</div></div>`)

func faultsIn(body string) []string { return faultAt.FindAllString(body, -1) }

// plain is a text as far as HTML keeps it: spaces are one, control characters none.
func plain(s string) string {
	s = strings.NewReplacer("\u202d", "", "\u202e", "").Replace(s) // turn what stands behind them
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f && r <= 0xa0 || r == 0xfffd }), " ")
}

// inert fails when a text on the page has become more than text, or has spread its page.
func (h hands) inert(what string) {
	h.t.Helper()
	var foreign []string
	h.must(h.Ask(`[...document.querySelectorAll("main :is(script:not([src^='/static/']), iframe, img, object, embed, link, style, svg:not([class]), base, meta, marquee)")].map(e => e.outerHTML.slice(0, 200))`, &foreign))
	require.Empty(h.t, foreign, what)
	wide, err := h.Overflow()
	h.must(err)
	if wide > 0 {
		var spread []string
		h.must(h.Ask(`(out => out.filter(e => ![...e.children].some(c => out.includes(c))).map(e => getComputedStyle(e).position + e.getBoundingClientRect().width + " " + e.parentElement.outerHTML.slice(0, 300)).slice(0, 4))(
			[...document.querySelectorAll("body *:not(.table-responsive *)")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1))`, &spread))
		h.t.Fatalf("%s is %d px wider than its window: %s", what, wide, strings.Join(spread, "\n"))
	}
	require.Empty(h.t, h.Faults(), what)
}

func TestNineThousandCharactersFitIntoEveryPage(t *testing.T) {
	p := open(t)
	long := strings.Repeat("电饭煲的内胆涂层大面积脱落而且客服一直没有给出明确答复", 346)[:3*9000]
	clerk := p.sit(t, models.RoleIntake, models.LanguageZH, browser.Phone)
	clerk.at("/intake")
	var names []string
	clerk.must(clerk.Ask(`[...document.querySelectorAll("#intake details")].forEach(d => d.open = true),
		[...document.querySelectorAll("#intake :is(textarea, input[type=text])")].filter(e => e.checkVisibility()).map(e => e.name)`, &names))
	filled := 0
	for _, name := range names {
		if name == "zone" || strings.HasSuffix(name, "email") || name == "receipt_evidence" || strings.HasPrefix(name, "settle.") {
			continue
		}
		at := fmt.Sprintf("#intake [name=%q]", name)
		var most int
		clerk.must(clerk.Ask(fmt.Sprintf(`document.querySelector(%q).maxLength`, at), &most))
		clerk.must(clerk.Fill(at, string([]rune(long)[:min(most, 9000)])))
		filled++
	}
	clerk.fill("#intake", fields{{"contact.phone", "13700137000"}})
	clerk.inert("the filled form")
	clerk.must(clerk.Send("#intake [data-save]"))
	title, err := clerk.Read("h1")
	require.NoError(t, err)
	number := caseNumber.FindString(title)
	var refused []string
	clerk.must(clerk.Ask(`[...document.querySelectorAll(".alert-danger, .invalid-feedback")].map(e => e.id + " " + e.innerText)`, &refused))
	require.NotEmpty(t, number, refused)
	clerk.inert("what is said after saving")

	var made standing
	p.call(t, models.RoleSupervisor, http.MethodGet, "/complaints/"+number, nil, &made)
	looked := 2
	for _, look := range []browser.Look{browser.Desk, browser.Phone} {
		reader := p.sit(t, models.RoleSupervisor, models.LanguageZH, look)
		for _, path := range []string{
			"/cases/" + number, "/cases/" + number + "/receipt", "/cases/" + number + "/letters/receipt", "/queue?who=all", "/intake", p.statusLink(made.ID),
		} {
			if status, _ := p.get(t, models.RoleSupervisor, path); status != http.StatusOK {
				continue
			}
			reader.at(path)
			reader.inert(path)
			looked++
		}
		reader.at("/cases/" + number)
		var whole bool
		reader.must(reader.Ask(fmt.Sprintf(`[...document.querySelectorAll(".said")].map(e => e.textContent).join("").includes(%q)`, long), &whole))
		require.True(t, whole, "the complaint is shown whole")
	}
	require.Greater(t, looked, 8)
	t.Logf("9,000 characters without a space in %d fields of intake, %d pages hold them", filled, looked)
}
