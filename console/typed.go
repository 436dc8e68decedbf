package console

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// typed lists what somebody wrote into a form that cannot be shown again, because its case or their
// session is gone: nothing typed is ever lost. Passwords and keys are no words.
func (v *visit) typed() (all []spokenText) {
	if v.Foreign || v.r.Method != http.MethodPost || strings.Contains(v.r.URL.Path, "password") || v.r.URL.Path == "/sign-in" {
		return nil
	}
	if v.r.PostForm == nil {
		most := room{words: mostWords}
		if v.Person == nil {
			most.words = largeForm
		}
		_, _ = v.formWithFiles(most) // what could be read of it
	}
	var names []string
	for name := range v.r.PostForm {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range v.r.PostForm[name] {
			if said := strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(value, "\x00", ""), "")); isTyped(name, said) {
				all = append(all, spokenText{v.called(name), said})
			}
		}
	}
	return all
}

// unspoken are the fields that a page fills in, or that nobody should see again.
var unspoken = regexp.MustCompile(`(?i)^(key|if_seq|attachment|back|cursor)$|password|secret|token`)

// isTyped says whether a value was written by somebody, rather than chosen or filled in by the page: the
// fields for words, and whatever no choice is.
func isTyped(name, value string) bool {
	if value == "" || unspoken.MatchString(name) {
		return false
	}
	bare := counted.ReplaceAllString(name, "")
	return longer[name] > 0 || strings.HasPrefix(name, "contact.") || slices.Contains(written, bare) ||
		strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r > unicode.MaxASCII })
}

// written are the names of all fields that somebody writes into: of the verbs' forms, and of the others.
var written = func() (names []string) {
	names = []string{
		"product", "model", "serial", "order_number", "purchase_date", "region", "zone", "unmask",
		"id", "name", "name_zh", "name_en", "email", "phone", "days", "reason", "table", "policy_document", "list", "known_until",
		"grace", "later", "filter.regions", "filter.products", "start", "hand_over", "turn_days", "why", "subject", "body",
		"url", "per_minute", "keep_hours", "to",
	}
	for _, f := range forms {
		for _, one := range f.Fields {
			for _, field := range append([]field{one}, one.Parts...) {
				if field.Kind == fieldWords || field.Kind == fieldLine {
					names = append(names, counted.ReplaceAllString(field.Name, ""))
				}
			}
		}
	}
	return names
}()

// ownWords are where the words of a page's fields stand, by the beginning of its address.
var ownWords = map[string]string{"complain": "complain", "organisation": "org", "s": "survey", "queue": "queue", "sign-in": "sign_in", "account": "account", "system": "outbox"}

// calledElse are the fields whose words stand elsewhere, by the beginning of the address.
var calledElse = map[string]string{
	"cases unmask": "case.unmask_why", "callbacks unmask": "callbacks.unmask_why", "intake receipt_evidence": "intake.evidence",
	"queue q": "queue.by_q", "organisation table": "org.document", "organisation list": "cal.list", "organisation known_until": "cal.known_until", "organisation amount": "cal.amount", "account password": "account.new",
	"t text": "status.message_text",
}

// called is what a field is called on its page, or on another that has it; empty where that is not known.
func (v *visit) called(name string) string {
	at := ""
	if digits := counted.FindString(name); digits != "" {
		n, _ := strconv.Atoi(digits[1:])
		at = strconv.Itoa(n + 1)
	}
	name = counted.ReplaceAllString(name, "")
	plain, last := strings.ReplaceAll(name, ".", "_"), name[strings.LastIndex(name, ".")+1:]
	page, _, _ := strings.Cut(strings.TrimPrefix(v.r.URL.Path, "/"), "/")
	own := ownWords[page] + "."
	for _, key := range []string{
		calledElse[page+" "+name], "field." + v.r.PathValue("verb") + "." + name, own + plain, own + last, "field." + name, "intake." + plain, "intake." + last,
	} {
		if v.Has(key) {
			return v.Say(key, "at", at)
		}
	}
	return ""
}
