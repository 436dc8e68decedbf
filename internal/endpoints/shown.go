package endpoints

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// shown is a body as it may be kept and shown: one line of at most 500 characters, in which nothing
// stands of what the target keeps secret. Receivers like to repeat what they were called by.
func shown(to Target, body []byte) string {
	text := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r): // such as what turns the direction of writing
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(body), "\ufffd"))
	text = veil(to).Replace(strings.Join(strings.Fields(text), " ")) // last: what was taken out may have parted a secret
	if runes := []rune(text); len(runes) > mostShown {
		return string(runes[:mostShown-1]) + more
	}
	return text
}

// What is long enough to be a secret, in bytes: shorter parts of an address are words.
const (
	longValue   = 6
	longSegment = 8
)

// veil hides what a target keeps secret, in each form in which it may come back.
func veil(to Target) *strings.Replacer {
	var hidden []string
	for _, s := range secretsOf(to) {
		quoted, _ := json.Marshal(s)
		inJSON := strings.Trim(string(quoted), `"`)
		hidden = append(hidden, s, url.QueryEscape(s), url.PathEscape(s), inJSON, strings.ReplaceAll(s, "/", `\/`))
	}
	slices.SortFunc(hidden, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) }) // the whole before its parts
	var pairs []string
	for _, s := range slices.Compact(hidden) {
		pairs = append(pairs, s, "***")
	}
	return strings.NewReplacer(pairs...)
}

// secretsOf lists what is never repeated: the address, the parts of it that can be a key, and the secrets.
func secretsOf(to Target) []string {
	secrets := []string{to.URL}
	if u, err := url.Parse(to.URL); err == nil {
		if len(u.RawQuery) >= longValue {
			secrets = append(secrets, u.RawQuery)
		}
		for segment := range strings.SplitSeq(u.Path, "/") {
			if len(segment) >= longSegment {
				secrets = append(secrets, segment)
			}
		}
		for _, values := range u.Query() {
			for _, value := range values {
				if len(value) >= longValue {
					secrets = append(secrets, value)
				}
			}
		}
	}
	for _, secret := range []string{to.Secret, to.Previous} {
		secrets = append(secrets, secret, strings.TrimPrefix(secret, prefix))
	}
	return slices.DeleteFunc(secrets, func(s string) bool { return s == "" })
}
