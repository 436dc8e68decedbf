package words

import (
	"embed"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"recourse/models"
)

// Refusals are written in English where the rule stands, because the API answers so. This file says
// them in Chinese: each sentence as it stands in the code, with its %s, to the Chinese one, in which
// %[2]s is the second value where the order is another one. A test reads the code and finds what is
// missing.
//
//go:embed refusals.zh-CN.json
var refusals embed.FS

// rule is a refusal as it is written in the code, and as it is said in Chinese.
type rule struct {
	says    *regexp.Regexp
	weight  int // of its fixed words: the more, the surer the match
	chinese string
}

var (
	verbs  = regexp.MustCompile(`%[-+# 0]*\d*(?:\.\d+)?[a-zA-Z]`)
	places = regexp.MustCompile(`%(?:\[(\d)\])?[sqdv]`)
)

var rules = sync.OnceValue(func() []rule {
	sentences := map[string]string{}
	if err := json.Unmarshal(must(refusals.ReadFile("refusals.zh-CN.json")), &sentences); err != nil {
		panic(err)
	}
	made := make([]rule, 0, len(sentences))
	for english, chinese := range sentences {
		var pattern strings.Builder
		weight, at := 0, 0
		for _, verb := range verbs.FindAllStringIndex(english, -1) {
			pattern.WriteString(regexp.QuoteMeta(english[at:verb[0]]) + `(.*?)`)
			weight, at = weight+verb[0]-at, verb[1]
		}
		pattern.WriteString(regexp.QuoteMeta(english[at:]))
		made = append(made, rule{regexp.MustCompile(`(?s)^` + pattern.String() + `$`), weight + len(english) - at, chinese})
	}
	slices.SortFunc(made, func(a, b rule) int { return b.weight - a.weight })
	return made
})

// Refusal says why something was refused: the rule where there are words for it, else what kind of
// refusal it is. Instants that it names are told in a time zone.
func (s *Speaker) Refusal(r *models.Error, zone *time.Location) string {
	switch {
	case r.Message == "":
		return s.Name(r.Code)
	case s.Language != models.LanguageZH:
		return sentence(instants.ReplaceAllStringFunc(s.lawful(r.Message), func(at string) string { return s.instant(at, zone) }))
	}
	if says, is := s.inChinese(pointer.ReplaceAllString(r.Message, ""), zone); is {
		return says
	}
	return s.Name(r.Code)
}

// unlawful is how the law refuses a verb, with the names that programs have for it, the state and what is possible.
var unlawful = regexp.MustCompile(`^(\w+) is not possible while the case is ([^;]+); (?:possible now: ([\w, ]+)|.+)$`)

// lawful says such a refusal in English with the names that people know.
func (s *Speaker) lawful(message string) string {
	at := unlawful.FindStringSubmatchIndex(message)
	if at == nil {
		return message
	}
	var said strings.Builder
	rest := 0
	for i := 2; i < len(at); i += 2 {
		if at[i] < 0 {
			continue
		}
		codes := strings.Split(message[at[i]:at[i+1]], ", ")
		for n, code := range codes {
			if name, is := s.named(code); is {
				codes[n] = name
			}
		}
		said.WriteString(message[rest:at[i]] + strings.Join(codes, ", "))
		rest = at[i+1]
	}
	return said.String() + message[rest:]
}

func (s *Speaker) inChinese(message string, zone *time.Location) (string, bool) {
	for _, r := range rules() {
		found := r.says.FindStringSubmatch(message)
		if found == nil {
			continue
		}
		next := 0
		return places.ReplaceAllStringFunc(r.chinese, func(place string) string {
			next++
			at := next
			if named := places.FindStringSubmatch(place)[1]; named != "" {
				at, _ = strconv.Atoi(named)
			}
			return s.value(found[at], zone)
		}), true
	}
	return "", false
}

// pointer names the field that a sentence is about, where there are many.
var pointer = regexp.MustCompile(`^/\S*: `)

var (
	instants = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`)
	lengths  = regexp.MustCompile(`^(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?[smh]$`)
	lists    = regexp.MustCompile(`^\[.*\]$|^[a-z0-9_]+(?:, [a-z0-9_]+)+$`)
)

// value says what was put into a sentence: members of closed sets by their names, instants and lengths
// of time as people tell them, a sentence inside the sentence, all else as it is.
func (s *Speaker) value(v string, zone *time.Location) string {
	if says, is := s.named(v); is {
		return says
	}
	if says, is := s.inChinese(v, zone); is {
		return strings.TrimSuffix(says, "。")
	}
	switch quoted, err := strconv.Unquote(v); {
	case err == nil:
		return "“" + s.value(quoted, zone) + "”"
	case instants.MatchString(v):
		return s.instant(v, zone)
	case lengths.MatchString(v):
		if length, err := time.ParseDuration(v); err == nil {
			return s.Span(length)
		}
	case lists.MatchString(v):
		items := strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("[, ]", r) })
		for i, item := range items {
			if says, is := s.named(item); is {
				items[i] = says
			}
		}
		return strings.Join(items, "、")
	}
	return v
}

// named says what people call a code, whatever closed set it is of.
func (s *Speaker) named(code string) (string, bool) {
	for _, set := range []string{"state.", "verb.", "severity.", "clock.", "channel.", "nature.", "role.", "request.", "language."} {
		if says, is := s.plain[set+code]; is {
			return says, true
		}
	}
	return "", false
}

// instant tells an instant as it stands in a refusal.
func (s *Speaker) instant(written string, zone *time.Location) string {
	at, err := time.Parse(time.RFC3339Nano, written)
	if err != nil {
		return written
	}
	return s.Instant(at, zone)
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	words = strings.ToUpper(words[:1]) + words[1:]
	if !strings.HasSuffix(words, ".") && !strings.HasSuffix(words, "?") {
		words += "."
	}
	return words
}
