package console

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"recourse/models"
)

// typed lists what somebody wrote into a form that cannot be shown again, because its case or their
// session is gone: nothing typed is ever lost. Passwords and keys are no words.
func (v *visit) typed() (all []spokenText) {
	if v.Foreign || v.r.Method != http.MethodPost || strings.Contains(v.r.URL.Path, "password") || v.r.URL.Path == "/sign-in" {
		return nil
	}
	if v.r.PostForm == nil {
		most := int64(mostWords)
		if v.Person == nil {
			most = largeForm
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

// written are the names of all fields of the verbs' forms that somebody writes into.
var written = func() (names []string) {
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

// called is what a field is called, where that is known.
func (v *visit) called(name string) string {
	at := ""
	if digits := counted.FindString(name); digits != "" {
		n, _ := strconv.Atoi(digits[1:])
		at = strconv.Itoa(n + 1)
	}
	name = counted.ReplaceAllString(name, "")
	verb := models.Verb(v.r.PathValue("verb"))
	for _, key := range []string{"field." + string(verb) + "." + name, "field." + name, "intake." + strings.ReplaceAll(name, ".", "_")} {
		if v.Has(key) {
			return v.Say(key, "at", at)
		}
	}
	return ""
}
