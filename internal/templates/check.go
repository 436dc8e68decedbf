package templates

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"recourse/models"
)

// Reading is what a draft comes to with a sample.
type Reading struct {
	Sample  string
	Subject string
	Body    string
	SMS     Length // of an SMS
}

// mostSubject bounds a subject as it is written, mostBody a body, in characters; mostLines its lines.
const (
	mostSubject = 300
	mostLines   = 300
)

var mostBody = map[models.Medium]int{models.MediumMail: 8000, models.MediumChat: 2000, models.MediumSMS: 600, models.MediumVoice: 600}

// Tidy is a draft without the line ends of browsers, and without the space around it.
func (d Draft) Tidy() Draft {
	ends := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	return Draft{Subject: strings.TrimSpace(ends.Replace(d.Subject)), Body: strings.TrimRight(strings.Trim(ends.Replace(d.Body), "\n"), " \t\n")}
}

// Check says all that is wrong with a draft, and how it reads with each sample. A draft that cannot be
// read, or says what this message does not have, is tried with none.
func Check(k Key, d Draft, c Company) (readings []Reading, found []Fault) {
	found = slices.Concat(k.written(fieldSubject, d.Subject), k.written(fieldBody, d.Body))
	if len(found) == 0 {
		found = slices.Concat(read(k, fieldSubject, d.Subject), read(k, fieldBody, d.Body))
	}
	if len(found) > 0 {
		return nil, found
	}
	l, err := parsed(d)
	if err != nil { // a function that is called wrongly
		line, says := misread(err)
		return nil, []Fault{{Field: fieldBody, Line: line, Says: "cannot be read: " + says}}
	}
	return k.tried(l, k.Samples(c))
}

// written says what is wrong with a field as it is written.
func (k Key) written(field, source string) (found []Fault) {
	most := mostBody[k.Medium]
	if field == fieldSubject {
		most = mostSubject
	}
	switch {
	case field == fieldSubject && !k.HasSubject():
		if source != "" {
			found = append(found, wrong(field, 0, "an SMS has no subject, nor has what is spoken"))
		}
		return found
	case strings.TrimSpace(source) == "":
		found = append(found, wrong(field, 0, "must not be blank"))
	case field == fieldSubject && strings.Contains(source, "\n"):
		found = append(found, wrong(field, 2, "is one line"))
	case utf8.RuneCountInString(source) > most:
		found = append(found, wrong(field, 0, fmt.Sprintf("has %d characters, and may have %d", utf8.RuneCountInString(source), most)))
	}
	lines := strings.Split(source, "\n")
	if len(lines) > mostLines {
		found = append(found, wrong(field, mostLines+1, fmt.Sprintf("has %d lines, and may have %d", len(lines), mostLines)))
	}
	for i, line := range lines {
		if !utf8.ValidString(line) || strings.ContainsFunc(line, unseen) {
			found = append(found, wrong(field, i+1, "holds a sign that nobody can see"))
		}
	}
	return found
}

func wrong(field string, line int, says string) Fault {
	return Fault{Field: field, Line: line, Says: says}
}

// unseen says whether a sign controls what shows text, instead of being text.
func unseen(r rune) bool {
	return r != '\t' && unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u2028' || r == '\u2029'
}

// tried writes a message with every sample and says what is wrong with what comes out.
func (k Key) tried(l letter, samples []Sample) (readings []Reading, found []Fault) {
	said := map[string]*told{}
	for _, s := range samples {
		subject, body, err := l.render(k, s.Values, MostBytes)
		switch {
		case errors.Is(err, errTooLong):
			found = append(found, Fault{Field: fieldBody, Says: fmt.Sprintf("comes to more than %d KB when its values are long", MostBytes>>10)})
			continue
		case err != nil:
			line, says := misread(err)
			found = append(found, Fault{Field: fieldBody, Line: line, Says: "cannot be read: " + says})
			continue
		}
		if k.HasSubject() && subject == "" {
			found = append(found, Fault{Field: fieldSubject, Says: "comes to nothing with some values"})
		}
		if strings.TrimSpace(body) == "" {
			found = append(found, Fault{Field: fieldBody, Says: "comes to nothing with some values"})
		}
		k.count(said, s.Values, subject+" "+body)
		readings = append(readings, Reading{Sample: s.Name, Subject: subject, Body: body, SMS: LengthOf(body)})
	}
	found = append(found, k.missing(said)...)
	return readings, append(slices.Compact(found), k.long(readings)...)
}

// told is in how many samples there was something to say, and in how many it was said.
type told struct{ could, did int }

// count counts which values a message says.
func (k Key) count(said map[string]*told, v Values, message string) {
	message = OneLine(message)
	bare := message // without links: they hold the number as well
	for _, link := range []string{v.CaseURL, v.StatusURL, v.SurveyURL} {
		if link != "" {
			bare = strings.ReplaceAll(bare, link, " ")
		}
	}
	all, either := k.Must()
	for _, name := range slices.Concat(all, either) {
		value := OneLine(v.of(name))
		if value == "" {
			continue
		}
		if said[name] == nil {
			said[name] = &told{}
		}
		said[name].could++
		in := bare
		if strings.HasSuffix(name, "URL") {
			in = message
		}
		if strings.Contains(in, value) {
			said[name].did++
		}
	}
}

// missing names the values that a message must say and does not, or not always.
func (k Key) missing(said map[string]*told) (found []Fault) {
	all, either := k.Must()
	for _, name := range all {
		switch t := said[name]; {
		case t == nil || t.did == t.could:
		case t.did == 0:
			found = append(found, Fault{Field: fieldBody, Says: fmt.Sprintf("this message must say {{.%s}}", name)})
		default:
			found = append(found, Fault{Field: fieldBody, Says: fmt.Sprintf("this message must say {{.%s}} whenever there is one", name)})
		}
	}
	always := func(name string) bool { return said[name] != nil && said[name].did == said[name].could }
	if len(either) > 0 && !slices.ContainsFunc(either, always) {
		found = append(found, Fault{Field: fieldBody, Says: fmt.Sprintf("this message must say one of {{.%s}}", strings.Join(either, "}}, {{."))})
	}
	return found
}

// long warns of an SMS that goes out as more than one, as it usually reads.
func (k Key) long(readings []Reading) []Fault {
	if k.Medium != models.MediumSMS || len(readings) == 0 || readings[0].SMS.Parts < 2 {
		return nil
	}
	is := readings[0].SMS
	return []Fault{{Field: fieldBody, Warning: true, Says: fmt.Sprintf("usually comes to %d characters, and goes out as %d SMS", is.Characters, is.Parts)}}
}
