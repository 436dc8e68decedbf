package notify

import (
	"math"
	"strings"
	"time"

	"recourse/internal/words"
	"recourse/models"
)

// signalsTold is how many signals a mail tells one by one.
const signalsTold = 20

// AboutSignals words the mail about signals, which are at least one; category says how a category is called.
func AboutSignals(c Company, all []models.Signal, category func(id string) string, lang models.Language) (subject, body string) {
	s := words.In(lang)
	var lines []string
	for _, one := range all[:min(len(all), signalsTold)] {
		lines = append(lines, signalLine(s, c, one, category))
	}
	if more := len(all) - len(lines); more > 0 {
		lines = append(lines, s.Say("signals.mail_more", "n", more, "url", c.PublicURL+"/signals"))
	}
	first := all[0]
	subject = s.Say("signals.mail_subject", "n", len(all), "what", signalName(s, first, category))
	return oneLine(subject), s.Say("signals.mail_body", "lines", strings.Join(lines, "\n\n"), "company", c.Name)
}

func signalLine(s *words.Speaker, c Company, one models.Signal, category func(string) string) string {
	zone, err := time.LoadLocation(one.Zone)
	if err != nil {
		zone = c.Zone
	}
	line := s.Say("signals.mail_line",
		"kind", s.Say("signals.kind_"+one.Dimension), "what", signalName(s, one, category), "from", one.From.In(zone).Format(time.DateOnly),
		"until", one.Until.Add(-1).In(zone).Format(time.DateOnly), "n", one.Count, "expected", s.Number(math.Round(10*one.Expected())/10))
	if one.FirstSeen.Before(one.From) {
		line += s.Say("signals.mail_since", "day", one.FirstSeen.In(zone).Format(time.DateOnly))
	}
	return line + "\n" + c.PublicURL + "/signals/" + one.ID
}

// signalName is how people call what rose.
func signalName(s *words.Speaker, one models.Signal, category func(string) string) string {
	switch one.Dimension {
	case "category":
		return oneLine(category(one.Value))
	case "cause":
		return s.Name(models.Cause(one.Value))
	}
	return oneLine(one.Value)
}
