package signals

import (
	"fmt"
	"math"
	"time"

	"recourse/internal/stats"
	"recourse/models"
)

// explained is how likely chance may make what a rule saw, at least, for it to be no signal. There are four
// rules, so of a series in which nothing changes fewer than 4 in 1,000 periods stand out.
const explained = 0.001

// Judge finds the newest periods of a series that stand out, oldest first; at is when it was looked for. A
// history of fewer than 13 periods says nothing: limits would be guesses, and whatever is new would stand out.
func Judge(s Series, at time.Time) []models.Signal {
	var found []models.Signal
	for end := max(0, len(s.Periods)-judged) + 1; end <= len(s.Periods); end++ {
		if signal, is := s.judge(end); is {
			signal.FirstSeen, signal.DetectedAt = s.since(end), at
			found = append(found, signal)
		}
	}
	return found
}

// since is when the first of the periods began that stood out without a gap, the last of which is before end.
func (s Series) since(end int) time.Time {
	for end > 1 {
		if _, is := s.judge(end - 1); !is {
			break
		}
		end--
	}
	return s.Periods[end-1].From
}

// judge says whether the period before end stands out, by what was known until then.
func (s Series) judge(end int) (models.Signal, bool) {
	if s.Periods[end-1].Size == 0 {
		return models.Signal{}, false
	}
	periods := measured(s.Periods[:end])
	periods = periods[max(0, len(periods)-base-recent):]
	if len(periods) <= least {
		return models.Signal{}, false
	}
	first := max(least, len(periods)-recent)
	chart, widened := s.chart(periods, first)
	chances := s.unexplained(chart, periods, first)
	if len(chances) == 0 {
		return models.Signal{}, false
	}
	return s.signal(chart, periods, models.Evidence{
		Format: models.EvidenceFormat, Volume: s.Volume, Base: first, Widened: widened, Chances: chances, Points: points(chart, periods),
	}), true
}

// unexplained are the rules that the last point breaks upwards, and by which chance does not explain it: an exact
// test of all that the rule looks at. Limits of charts are those of the normal distribution, which small counts
// are not: that test is what keeps a product with a complaint a month quiet.
func (s Series) unexplained(chart stats.Chart, periods []Period, first int) []models.RuleChance {
	var found []models.RuleChance
	for _, rule := range broken(chart, first) {
		from := len(periods) - rule.Points()
		if from < first {
			continue // it looks at periods that limits are made of
		}
		if chance := s.chance(periods[from:], periods[:first]); chance < explained {
			found = append(found, models.RuleChance{Rule: string(rule), Chance: chance})
		}
	}
	return found
}

// broken are the rules that the last point breaks upwards. Where the base never varied there are no limits:
// whatever is above it is beyond them.
func broken(chart stats.Chart, first int) []stats.Rule {
	last := chart.Points[len(chart.Points)-1]
	switch {
	case !last.Up():
		return nil
	case last.Sigma == 0 && first > 0:
		return []stats.Rule{stats.RuleBeyond}
	}
	return last.Rules
}

func points(chart stats.Chart, periods []Period) []models.EvidencePoint {
	all := make([]models.EvidencePoint, len(periods))
	for i, p := range periods {
		c := chart.Points[i]
		all[i] = models.EvidencePoint{From: p.From, Until: p.Until, Label: p.Label, Count: p.Count, Size: p.Size, Lower: max(0, c.Lower), Upper: c.Upper}
		if c.Sigma == 0 {
			all[i].Lower, all[i].Upper = c.Center, c.Center
		}
		if c.Up() {
			for _, r := range c.Rules {
				all[i].Rules = append(all[i].Rules, string(r))
			}
		}
	}
	return all
}

func (s Series) signal(chart stats.Chart, periods []Period, e models.Evidence) models.Signal {
	last := periods[len(periods)-1]
	signal := models.Signal{
		Dimension: string(s.Dimension), Value: s.Value, Step: string(s.Step), From: last.From, Until: last.Until, Zone: s.Zone,
		Chart: string(s.Chart), Count: last.Count, Size: last.Size, Center: chart.Center, Upper: e.Points[len(e.Points)-1].Upper,
		Chance: math.Inf(1), Evidence: e,
	}
	for _, c := range e.Chances {
		signal.Rules = append(signal.Rules, c.Rule)
		signal.Chance = min(signal.Chance, c.Chance)
	}
	signal.ID = models.EventID("signal", 0, fmt.Sprintf("%s\n%s\n%s\n%s", signal.Dimension, signal.Value, signal.Step, signal.From.UTC().Format(time.RFC3339)))
	return signal
}
