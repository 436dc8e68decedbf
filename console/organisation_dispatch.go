package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// dispatchPage is the table by which cases are dispatched: its rules, a box to try it, its document to
// change, and its versions.
type dispatchPage struct {
	orgPage

	Table    cases.DispatchTable
	Rules    []dispatchRule
	Versions []cases.DispatchTable
	MayEdit  bool
	Document string // as shown or typed
	Reason   string
	Key      string // of the form
	Faults   map[string]string
	Lines    []lineFault
	Open     bool
	Try      []drawn
	Tried    *cases.Routing
	TryFault map[string]string
}

// dispatchRule is a rule as the table shows it; the names are those of the document.
type dispatchRule struct {
	Name  string `json:"name"`
	Match struct {
		Category string          `json:"category"`
		Product  string          `json:"product"`
		Region   string          `json:"region"`
		Channel  models.Channel  `json:"channel"`
		Severity models.Severity `json:"severity"`
	} `json:"match"`
	Department  string `json:"department"`
	Team        string `json:"team"`
	Supervising string `json:"supervising"`
	Auto        bool   `json:"auto"`
}

// lineFault is what is wrong with a document, at a line of it.
type lineFault struct {
	Line    int // from 1; 0: it stands at none
	Text    string
	Says    string
	Warning bool
}

func (c *console) dispatchTable(v *visit) error {
	page, err := c.dispatchPage(v)
	if err != nil {
		return err
	}
	return v.show("organisation_dispatch", page)
}

func (c *console) dispatchPage(v *visit) (page dispatchPage, err error) {
	ctx := v.r.Context()
	if page.orgPage, err = c.orgPage(v, "dispatch"); err != nil {
		return page, err
	}
	page.Key = v.c.NewID()
	page.MayEdit = page.Admin || v.Actor.Is(models.RoleOps)
	page.Table, err = c.Cases.DispatchTable(ctx)
	switch {
	case models.CodeOf(err) == models.CodeNotFound: // none was put yet
		page.Document = "{\n  \"rules\": []\n}"
	case err != nil:
		return page, err
	default:
		var kept struct {
			Rules    []dispatchRule `json:"rules"`
			Fallback dispatchRule   `json:"fallback"`
		}
		if err := json.Unmarshal(page.Table.Document, &kept); err != nil {
			return page, err
		}
		page.Rules = append(kept.Rules, kept.Fallback)
		page.Document = indented(page.Table.Document)
		for _, w := range page.Table.Warnings {
			page.Lines = append(page.Lines, atLine(page.Document, w, v.Refusal(&models.Error{Code: models.CodeInvalid, Message: w.Says}), true))
		}
	}
	versions, err := c.Cases.DispatchTables(ctx, "", 20)
	if err != nil {
		return page, err
	}
	page.Versions = versions.Items
	return page, c.tryDispatch(v, &page)
}

func indented(document []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, document, "", "  ") != nil {
		return string(document)
	}
	return out.String()
}

// tryDispatch says where a complaint would go that is as the address says.
func (c *console) tryDispatch(v *visit, page *dispatchPage) error {
	asked := v.r.URL.Query()
	var choose []option
	for id := range page.categories {
		choose = append(choose, option{id, page.Category(id)})
	}
	slices.SortFunc(choose, func(a, b option) int { return strings.Compare(a.Value, b.Value) })
	for _, f := range []drawn{
		{Name: "category", Kind: fieldChoice, Options: choose},
		{Name: "product", Kind: fieldLine},
		{Name: "region", Kind: fieldLine},
		{Name: "channel", Kind: fieldChoice, Options: closedSet(v, models.Channels())},
		{Name: "severity", Kind: fieldChoice, Options: closedSet(v, models.Severities())},
	} {
		f.ID, f.Label, f.Value = "try-"+f.Name, v.Say("org.try_"+f.Name), asked.Get(f.Name)
		page.Try = append(page.Try, f)
	}
	if asked.Get("try") == "" {
		return nil
	}
	tried, err := c.Cases.TryDispatch(v.r.Context(), cases.Facts{
		Category: asked.Get("category"), Product: asked.Get("product"), Region: asked.Get("region"), Channel: models.Channel(asked.Get("channel")),
		Severity: models.Severity(asked.Get("severity")),
	})
	if page.TryFault = v.faults(err); page.TryFault != nil {
		return nil
	}
	page.Tried = &tried
	return err
}

// putDispatchTable puts a new version in force, or shows what is wrong with it, at its lines.
func (c *console) putDispatchTable(v *visit) error {
	if err := v.form(4 << 20); err != nil {
		return err
	}
	document := v.r.PostForm.Get("table")
	version, _ := strconv.ParseInt(v.field("version"), 10, 64)
	wish := cases.TableWish{Document: []byte(document), Reason: v.field("reason"), IfVersion: version}
	made := version + 1 // what it became when it was sent before
	err := v.once(func() error {
		put, err := c.Cases.PutDispatchTable(v.r.Context(), v.Actor, wish)
		made = put.Version
		return err
	})
	if err == nil {
		v.tell("done.dispatch_table", "version", strconv.FormatInt(made, 10))
		return v.goTo("/organisation/dispatch")
	}
	faults := v.faults(err)
	if faults == nil || models.CodeOf(err) == models.CodeForbidden {
		return err
	}
	page, failed := c.dispatchPage(v)
	if failed != nil {
		return failed
	}
	page.Document, page.Reason, page.Faults, page.Open, page.Lines = document, v.field("reason"), faults, true, nil
	page.Key = v.keyAfter(err)
	refused, many := errors.AsType[*cases.Refused](err)
	switch {
	case many:
		for _, f := range refused.Faults {
			page.Lines = append(page.Lines, atLine(document, f, v.Refusal(&models.Error{Code: models.CodeInvalid, Message: f.Says}), false))
		}
		page.Faults = map[string]string{"table": v.Say("org.table_faults", "n", len(refused.Faults))}
	case faults["table"] != "":
		page.Lines = []lineFault{unreadableAt(document, faults["table"])}
	}
	return v.showAs(statusOf(err), "organisation_dispatch", page)
}

// atLine finds the line of a document that a pointer such as /table/rules/0/name names.
func atLine(document string, f cases.Fault, says string, warning bool) lineFault {
	at := lineOf(document, strings.TrimPrefix(f.Pointer, "/table"))
	return lineFault{Line: at, Text: lineText(document, at), Says: says, Warning: warning}
}

func lineText(document string, n int) string {
	lines := strings.Split(document, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

var unknownField = regexp.MustCompile(`unknown field ("[^"]*")`)

// unreadableAt finds where a document cannot be read at all.
func unreadableAt(document, says string) lineFault {
	offset := -1
	var anything any
	err := json.Unmarshal([]byte(document), &anything)
	if broken := new(json.SyntaxError); errors.As(err, &broken) {
		offset = int(min(broken.Offset, int64(len(document))))
	} else if name := unknownField.FindStringSubmatch(says); name != nil {
		offset = strings.Index(document, name[1])
	}
	if offset < 0 {
		return lineFault{Says: says}
	}
	at := 1 + strings.Count(document[:offset], "\n")
	return lineFault{Line: at, Text: lineText(document, at), Says: says}
}

// lineOf is the line at which the value of a pointer begins, or the nearest one around it; 0 for what
// cannot be read.
func lineOf(document, pointer string) int {
	in := json.NewDecoder(strings.NewReader(document))
	best, depth := 0, -1
	var walk func(path string) error
	note := func(path string) {
		if n := len(path); (pointer == path || strings.HasPrefix(pointer, path+"/")) && n > depth {
			rest := document[in.InputOffset():]
			skip := len(rest) - len(strings.TrimLeft(rest, " \t\r\n,:"))
			best, depth = 1+strings.Count(document[:int(in.InputOffset())+skip], "\n"), n
		}
	}
	walk = func(path string) error {
		note(path)
		token, err := in.Token()
		if err != nil {
			return err
		}
		open, is := token.(json.Delim)
		for i := 0; is && in.More(); i++ {
			name := strconv.Itoa(i)
			if open == '{' {
				key, err := in.Token()
				if err != nil {
					return err
				}
				name, _ = key.(string)
			}
			if err := walk(path + "/" + name); err != nil {
				return err
			}
		}
		if is {
			_, err = in.Token()
		}
		return err
	}
	if err := walk(""); err != nil && !errors.Is(err, io.EOF) && depth < 0 {
		return 0
	}
	return best
}

// Place is a rule's place in the order, as people count.
func (p dispatchPage) Place(i int) int { return i + 1 }

// Hit says whether the rule at i took what was tried.
func (p dispatchPage) Hit(i int) bool {
	return p.Tried.At == i || p.Tried.At < 0 && i == len(p.Rules)-1
}
