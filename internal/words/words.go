package words

import (
	"embed"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"recourse/models"
)

// One file per language and part of the product; a key is said the same way in all of them.
//
//go:embed locales
var locales embed.FS

// A Speaker says things in one language. It is safe for many to use at once.
type Speaker struct {
	Language  models.Language
	localizer *i18n.Localizer
	plain     map[string]string // what needs neither a number nor a value
	numbers   *message.Printer
}

// speakers are made once. A file that cannot be read ends the program at its start, not at the first
// page.
var speakers = func() map[models.Language]*Speaker {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	plain := map[models.Language]map[string]string{}
	for _, name := range must(fs.Glob(locales, "locales/*.json")) {
		file := must(bundle.LoadMessageFileFS(locales, name))
		lang := models.Language(file.Tag.String())
		if plain[lang] == nil {
			plain[lang] = map[string]string{}
		}
		for _, m := range file.Messages {
			if m.One == "" && !strings.Contains(m.Other, "{{") {
				plain[lang][m.ID] = m.Other
			}
		}
	}
	made := map[models.Language]*Speaker{}
	for _, lang := range models.Languages() {
		made[lang] = &Speaker{
			Language: lang, localizer: i18n.NewLocalizer(bundle, string(lang)), plain: plain[lang],
			numbers: message.NewPrinter(language.MustParse(string(lang))),
		}
	}
	return made
}()

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// In returns who speaks lang; English where we do not speak it.
func In(lang models.Language) *Speaker {
	if s, is := speakers[lang]; is {
		return s
	}
	return speakers[models.LanguageEN]
}

// matcher knows the languages we speak, in the order of models.Languages.
var matcher = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English})

// Wanted returns the language that an Accept-Language header asks for; false when it asks for none
// that we speak.
func Wanted(accept string) (models.Language, bool) {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return "", false
	}
	_, i, sure := matcher.Match(tags...)
	return models.Languages()[i], sure > language.No
}

// Say says what stands under a key. Values come as name, value, name, value; one called n also
// chooses between one and many. A key without words comes back as it is: a test finds it before a
// reader does.
func (s *Speaker) Say(key string, values ...any) string {
	if says, is := s.plain[key]; is {
		return says
	}
	config := i18n.LocalizeConfig{MessageID: key}
	data := map[string]any{}
	for pair := range slices.Chunk(values, 2) {
		name, is := pair[0].(string)
		if !is || len(pair) < 2 {
			continue
		}
		data[name] = pair[1]
		if name == "n" {
			config.PluralCount = pair[1]
			data[name] = s.Number(pair[1])
		}
	}
	config.TemplateData = data
	says, err := s.localizer.Localize(&config)
	if err != nil && config.PluralCount != nil { // said the same way for one and for many
		config.PluralCount = nil
		says, err = s.localizer.Localize(&config)
	}
	if err != nil {
		return key
	}
	return says
}

// Has says whether a key has words in this language.
func (s *Speaker) Has(key string) bool {
	if _, is := s.plain[key]; is {
		return true
	}
	_, tag, err := s.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, PluralCount: 2})
	if err != nil {
		_, tag, err = s.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key})
	}
	return err == nil && tag.String() == string(s.Language)
}

// Keys lists every key of a language, sorted.
func Keys(lang models.Language) []string {
	keys := map[string]bool{}
	for _, name := range must(fs.Glob(locales, "locales/*."+string(lang)+".json")) {
		file := map[string]any{}
		if err := json.Unmarshal(must(locales.ReadFile(name)), &file); err != nil {
			panic(err)
		}
		for key := range file {
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}
