package templates

import (
	"slices"

	"recourse/models"
)

// Key says which message a text words, for whom and how.
type Key struct {
	Name     string // of the message, as internal/lifecycle calls it
	Language models.Language
	Medium   models.Medium
}

// kind is what a message is about: who reads it, and what it says.
type kind struct {
	customer bool     // the customer reads it; else one of us
	must     []string // it says these wherever there is something to say
	either   []string // it says at least one of these
	may      []string // beyond those, and beyond what all of its readers may be told
}

// ordered are all messages, those to customers first, as they come in the life of a case. A value that no
// message of a kind ever has, or that its reader must not be told, is not offered: a customer's own link
// stands in no message to one of us.
var ordered = []struct {
	name string
	kind
}{
	{"receipt", kind{customer: true, must: []string{"ResponseDue", "FeedbackDue", "StatusURL"}, may: []string{"Late"}}},
	{"reply", kind{customer: true, must: []string{"Text", "StatusURL"}}},
	{"progress", kind{customer: true, must: []string{"Text", "StatusURL"}}},
	{"interim", kind{customer: true, must: []string{"Text", "DueAt", "StatusURL"}}},
	{"solution", kind{customer: true, must: []string{"Text", "StatusURL"}}},
	{"result", kind{customer: true, must: []string{"Text", "StatusURL"}}},
	{"survey", kind{customer: true, must: []string{"SurveyURL"}, may: []string{"DueAt"}}},
	{"survey_reminder", kind{customer: true, must: []string{"SurveyURL"}, may: []string{"DueAt"}}},
	{"apology", kind{customer: true, must: []string{"DueAt", "StatusURL"}}},
	{"extended", kind{customer: true, must: []string{"DueAt", "StatusURL"}}},
	{"not_accepted", kind{customer: true, must: []string{"Text", "StatusURL"}}},
	{"withdrawn", kind{customer: true, must: []string{"StatusURL"}}},
	{"merged", kind{customer: true, must: []string{"Other", "StatusURL"}}},
	{"alert", kind{must: []string{"Clock"}, either: []string{"CaseURL", "AckBy"}, may: []string{"AckURL", "Bound", "DueAt", "Overdue", "LateBy", "LateReason"}}},
	{"handed_over", kind{must: []string{"Clock", "AckBy"}, may: []string{"AckURL", "Bound", "DueAt", "Overdue"}}},
	{"work_order", kind{must: []string{"HandlingDue"}}},
	{"message", kind{may: []string{"DueAt"}}},
	{"task", kind{must: []string{"DueAt"}}},
	{"request", kind{must: []string{"Request"}, may: []string{"DueAt"}}},
	{"approval", kind{may: []string{"DueAt"}}},
	{"approved", kind{}},
	{"rejected", kind{}},
	{"decided", kind{must: []string{"Request"}, may: []string{"Granted"}}},
	{"rework", kind{must: []string{"Reason"}}},
	{"callback", kind{must: []string{"DueAt"}, may: []string{"From"}}},
	{"answer", kind{may: []string{"Score"}}},
	{"news", kind{must: []string{"News"}, may: []string{"DueAt"}}},
}

// kinds are the same by their names.
var kinds = func() map[string]kind {
	all := make(map[string]kind, len(ordered))
	for _, s := range ordered {
		all[s.name] = s.kind
	}
	return all
}()

// What all messages may say, to customers and to us.
var (
	toAll      = []string{"CompanyName", "Number"}
	toCustomer = []string{"StatusURL"}
	toUs       = []string{"Severity", "State", "CaseURL", "ResponseDue", "FeedbackDue", "HandlingDue"}
)

// apart are the values that a medium has no place for: a chat has its link beside the words, and many
// readers, of whom none acts by another's link; nobody can press a link that is spoken, and what was written at length stands behind the link of an SMS.
var apart = map[models.Medium][]string{
	models.MediumChat:  {"AckURL", "CaseURL", "StatusURL", "SurveyURL", "Text"},
	models.MediumSMS:   {"Text"},
	models.MediumVoice: {"AckURL", "CaseURL", "StatusURL", "SurveyURL", "Text"},
}

// ForCustomer says whether the customer reads a message.
func (k Key) ForCustomer() bool { return kinds[k.Name].customer }

// HasSubject says whether the medium knows one.
func (k Key) HasSubject() bool { return k.Medium == models.MediumMail || k.Medium == models.MediumChat }

// Must lists the values that a message says wherever there is something to say, and those of which it
// says at least one.
func (k Key) Must() (all, either []string) {
	is := kinds[k.Name]
	all = k.without(append([]string{"Number"}, is.must...))
	if k.Medium != models.MediumChat { // whose link leads there
		either = k.without(is.either)
	}
	return all, either
}

// May lists every value that a message may say, those that it must first.
func (k Key) May() []string {
	is, shared := kinds[k.Name], toUs
	if is.customer {
		shared = toCustomer
	}
	var may []string
	for _, name := range k.without(slices.Concat([]string{"Number"}, is.must, is.either, is.may, toAll, shared)) {
		if !slices.Contains(may, name) {
			may = append(may, name)
		}
	}
	return may
}

func (k Key) without(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(name string) bool { return slices.Contains(apart[k.Medium], name) })
}

// Keys lists every text there is: by message, those to customers first, then by language and medium.
func Keys() []Key {
	var all []Key
	for _, name := range Names() {
		for _, lang := range models.Languages() {
			for _, m := range models.Media() {
				if k := (Key{name, lang, m}); Has(k) {
					all = append(all, k)
				}
			}
		}
	}
	return all
}

// Names lists every message, those to customers first, as they come in the life of a case.
func Names() []string {
	all := make([]string, len(ordered))
	for i, s := range ordered {
		all[i] = s.name
	}
	return all
}
