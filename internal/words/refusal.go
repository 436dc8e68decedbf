package words

import (
	"embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"

	"recourse/models"
)

// Refusals are written in English where the rule stands, because the API answers so. This file says
// them in Chinese: each sentence as it stands in the code, with its %s, to the Chinese one.
//
//go:embed refusals.zh-CN.json
var refusals embed.FS

// rule is a refusal as it is written in the code, and as it is said in Chinese.
type rule struct {
	says    *regexp.Regexp
	weight  int // of its fixed words: the more, the surer the match
	chinese string
}

var verbs = regexp.MustCompile(`%[-+# 0]*\d*(?:\.\d+)?[a-zA-Z]`)

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
// refusal it is.
func (s *Speaker) Refusal(r *models.Error) string {
	if r.Message == "" {
		return s.Name(r.Code)
	}
	if s.Language != models.LanguageZH {
		return sentence(r.Message)
	}
	if says, is := s.inChinese(r.Message); is {
		return says
	}
	return s.Name(r.Code)
}

func (s *Speaker) inChinese(message string) (string, bool) {
	for _, r := range rules() {
		found := r.says.FindStringSubmatch(message)
		if found == nil {
			continue
		}
		says := r.chinese
		for _, value := range found[1:] {
			says = strings.Replace(says, "%s", s.value(value), 1)
		}
		return says, true
	}
	return "", false
}

// value says what was put into a sentence: a state or a verb by its name, all else as it is.
func (s *Speaker) value(v string) string {
	for _, prefix := range []string{"state.", "verb.", "severity.", "clock.", "channel.", "nature.", "role.", "request."} {
		if says, is := s.plain[prefix+v]; is {
			return says
		}
	}
	return v
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
