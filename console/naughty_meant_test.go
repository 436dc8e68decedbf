package console_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// send sends the form. The field that is called name holds text; "" changes none.
func (s *seat) send(name, kind, text string) answer {
	s.t.Helper()
	form := s.filled()
	if form.Has("key") {
		form.Set("key", uuid.NewString()) // each is a wish of its own
	}
	if name != "" && kind != "file" {
		form.Set(name, text)
	}
	target := s.form.action
	if s.form.method == http.MethodGet {
		return s.w.get(s.t, target+"?"+form.Encode())
	}
	if !s.form.takesFiles() {
		return s.w.post(s.t, target, form)
	}
	file := "note.txt"
	if kind == "file" {
		file = text
	}
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			require.NoError(s.t, parts.WriteField(name, value))
		}
	}
	part, err := parts.CreateFormFile("file", file)
	require.NoError(s.t, err)
	content := "It dripped all night."
	if strings.HasSuffix(target, "/calendars/import") {
		content = "date,name\n2027-03-09,Stocktaking\n"
	}
	_, err = part.Write([]byte(content))
	require.NoError(s.t, err)
	require.NoError(s.t, parts.Close())
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, target, &body)
	r.Header.Set("Content-Type", parts.FormDataContentType())
	return s.w.send(s.t, r)
}

// mark is what stands in each other field for words, to be found again where the form is refused.
func mark(name string) string { return "kept of " + name }

// filled is the form as somebody fills it in who means well.
func (s *seat) filled() url.Values {
	form := url.Values{}
	for _, c := range s.form.controls {
		value, given := s.meant(c)
		switch {
		case c.kind == "date" && c.value != "": // a day, as the page has it
			value = c.value
		case given:
		case c.value != "":
			value = c.value
		case c.kind == "textarea", c.needed && c.typed():
			value = mark(c.name)
		case c.needed && c.kind == "datetime-local":
			value = s.d.now().Add(80 * time.Hour).Format("2006-01-02T15:04")
		case c.needed && len(c.options) > 0 && c.kind != "button":
			value = c.options[0]
		}
		if c.kind == "button" && value == "" && len(c.options) > 0 && c.name != "look" {
			value = c.options[0]
		}
		if value != "" {
			form.Set(c.name, value)
		}
	}
	return form
}

// meant is what a field needs that not any words will do for.
func (s *seat) meant(c control) (value string, is bool) {
	verb := s.form.action[strings.LastIndex(s.form.action, "/")+1:]
	in := func(hours time.Duration) string { return s.d.now().Add(hours * time.Hour).Format("2006-01-02T15:04") }
	if strings.HasPrefix(c.name, "measures.") {
		return map[string]string{"text": mark(c.name), "owner": "handler", "due": in(80)}[c.name[len("measures.0."):]], true
	}
	switch c.name + " of " + verb {
	case "department of transfer", "department of give_task":
		return "works", true
	case "person of transfer", "person of dispatch", "look of intake", "severity of reclassify", "list of import":
		return "", true
	case "category of reclassify":
		return "leak", true
	case "reason of transfer":
		return mark("reason"), true
	case "until of extend", "report_due of supervise":
		return in(400), true
	case "later of later":
		return "1d", true
	case "grace of policy":
		return "4h", true
	case "role of roster", "turn.0 of roster":
		return "executive", c.kind != "hidden"
	case "department of roster":
		return "", true
	case "turn_days of roster": // the same roster once more is no new version
		s.serial++
		return strconv.Itoa(1 + s.serial%28), true
	case "channel of endpoints":
		return "webhook", true
	case "url of endpoints":
		return "https://hooks.example.com/in", true
	case "to of test":
		return "+8613800138000", true
	case "person of swap":
		return "second-executive", true
	case "from of swap":
		return in(40 * 24), true
	case "until of swap":
		return in(41 * 24), true
	case "until of pause":
		return in(60), true
	case "table of dispatch":
		return fmt.Sprintf(`{"rules":[{"name":%q,"match":{"channel":"phone"},"department":"sales"}],"fallback":{"department":"sales"}}`, uuid.NewString()), true
	case "name of sign-in":
		return "handler", true
	case "password of sign-in":
		return s.passwords["handler"], true
	case "result of " + s.form.action[strings.LastIndex(s.form.action, "/")+1:]:
		return "4", c.kind == "radio"
	}
	switch c.name {
	case "id":
		s.serial++
		return "new-" + numeral(int64(s.serial)) + uuid.NewString()[:4], c.kind != "hidden"
	case "person":
		return first(slices.DeleteFunc(slices.Clone(c.options), func(id string) bool { return id == "handler" })), len(c.options) > 1
	case "case":
		return s.numbers[0], true
	case "old":
		return s.passwords[s.form.as], true
	}
	value, is = map[string]string{
		"password": "a word that is new", "contact.phone": "13800138000", "other": s.numbers[0], "into": s.numbers[0], "roles": "auditor",
		"money.minor": "12.50",
		"severity":    "general", "from": in(80), "until": in(100),
		"waiting_for": "waiting_for_others", "settle": "yes", "settle.department": "sales", "settle.outcome": "upheld",
	}[c.name]
	return value, is && (c.kind != "select" || slices.Contains(c.options, value))
}

func first(of []string) string {
	if len(of) == 0 {
		return ""
	}
	return of[0]
}
