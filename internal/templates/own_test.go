package templates_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/internal/templates"
	"recourse/internal/words"
	"recourse/models"
)

var company = templates.Company{Name: "某某公司客服中心", Zone: time.FixedZone("Asia/Shanghai", 8*3600)}

var fieldIn = regexp.MustCompile(`\.([A-Z]\w*)`)

// fields lists the values that words read, in all their branches.
func fields(t *testing.T, k templates.Key) []string {
	t.Helper()
	d, err := templates.Own(k)
	require.NoError(t, err)
	var names []string
	for _, found := range fieldIn.FindAllStringSubmatch(d.Subject+"\n"+d.Body, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestBothLanguagesHaveEveryMessageAndSayTheSame(t *testing.T) {
	t.Parallel()
	require.ElementsMatch(t, lifecycle.Templates(), templates.Names(), "the kernel's messages, no other")
	used := map[string]bool{}
	for _, name := range templates.Names() {
		require.True(t, templates.Has(templates.Key{Name: name, Language: models.LanguageEN, Medium: models.MediumMail}), name)
		for _, m := range models.Media() {
			en, zh := templates.Key{Name: name, Language: models.LanguageEN, Medium: m}, templates.Key{Name: name, Language: models.LanguageZH, Medium: m}
			require.Equal(t, templates.Has(en), templates.Has(zh), "%s by %s", name, m)
			if !templates.Has(en) {
				continue
			}
			require.Equal(t, fields(t, zh), fields(t, en), "%s by %s", name, m)
			for _, f := range fields(t, en) {
				used[f] = true
			}
		}
	}
	for f := range reflect.TypeFor[templates.Values]().Fields() {
		require.True(t, used[f.Name], "nobody says %s", f.Name)
	}
}

func TestAlertsAndWhatCustomersAreToldHaveWordsWhereverTheyMayGo(t *testing.T) {
	t.Parallel()
	has := func(name string, m models.Medium) bool {
		return templates.Has(templates.Key{Name: name, Language: models.LanguageZH, Medium: m})
	}
	for _, name := range templates.Names() {
		alert := name == lifecycle.TellAlert || name == lifecycle.TellHandedOver
		require.Equal(t, alert, has(name, models.MediumChat), name)
		require.Equal(t, alert, has(name, models.MediumVoice), name)
		require.Equal(t, alert || templates.Key{Name: name}.ForCustomer(), has(name, models.MediumSMS), name)
	}
}

func TestEveryFileIsReadOnce(t *testing.T) {
	t.Parallel()
	for _, lang := range models.Languages() {
		files := 0
		require.NoError(t, filepath.WalkDir(filepath.Join("own", string(lang)), func(_ string, f os.DirEntry, err error) error {
			if !f.IsDir() {
				files++
			}
			return err
		}))
		read := 0
		for _, k := range templates.Keys() {
			if k.Language == lang {
				read++
			}
		}
		require.Equal(t, files, read, "a file in a folder that nobody reads")
	}
}

func TestTheProductsOwnWordsPassWhatOthersMust(t *testing.T) {
	t.Parallel()
	for _, k := range templates.Keys() {
		own, err := templates.Own(k)
		require.NoError(t, err)
		readings, found := templates.Check(k, own.Tidy(), company)
		require.False(t, templates.Grave(found), "%v: %v", k, found)
		require.Len(t, readings, len(k.Samples(company)))
		for _, r := range readings {
			require.NotContains(t, r.Body, "\n\n\n", "%v has a hole", k)
			require.NotContains(t, r.Body, "<no value>")
			han := strings.ContainsFunc(strings.NewReplacer(company.Name, "", "请", "").Replace(r.Subject+r.Body), func(r rune) bool { return unicode.Is(unicode.Han, r) })
			require.Equal(t, k.Language == models.LanguageZH, han, "%v speaks one language: %s", k, r.Body)
		}
	}
}

func TestAnAlertIsOneSMSAndItsLinkMakesItTwo(t *testing.T) {
	t.Parallel()
	for _, lang := range models.Languages() {
		for _, name := range []string{lifecycle.TellAlert, lifecycle.TellHandedOver} {
			k := templates.Key{Name: name, Language: lang, Medium: models.MediumSMS}
			for _, sample := range k.Samples(company) {
				for _, link := range []string{"", sample.Values.AckURL} {
					sample.Values.AckURL = link
					_, text, err := templates.Render(k, sample.Values)
					require.NoError(t, err)
					most := 1
					if link != "" {
						most = 2
					}
					require.LessOrEqual(t, templates.LengthOf(text).Parts, most, "%v, %s: %s", k, sample.Name, text)
				}
			}
		}
	}
}

func TestEveryValueAndSampleIsExplainedInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range models.Languages() {
		s := words.In(lang)
		for f := range reflect.TypeFor[templates.Values]().Fields() {
			require.True(t, s.Has("template.value_"+f.Name), f.Name)
		}
		for _, name := range templates.Names() {
			require.True(t, s.Has("template.name_"+name), name)
		}
		for _, one := range (templates.Key{Name: "alert", Language: lang, Medium: models.MediumMail}).Samples(company) {
			require.True(t, s.Has("template.sample_"+one.Name), one.Name)
		}
	}
}

func TestNobodyOfUsIsOfferedTheCustomersLink(t *testing.T) {
	t.Parallel()
	for _, k := range templates.Keys() {
		require.False(t, slices.Contains(k.May(), "AckURL") && (k.Medium == models.MediumChat || k.Medium == models.MediumVoice), "%v: it is for one reader, who presses it", k)
		customers := slices.Contains(k.May(), "StatusURL") || slices.Contains(k.May(), "SurveyURL") || slices.Contains(k.May(), "Text")
		require.True(t, !customers || k.ForCustomer(), "%v", k)
		require.False(t, k.ForCustomer() && slices.Contains(k.May(), "CaseURL"), "%v: nor the customer ours", k)
	}
}
