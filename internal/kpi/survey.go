package kpi

import (
	"math"
	"math/big"

	"recourse/models"
)

// Survey is what customers said in a period.
type Survey struct {
	Rate       Value // answers ÷ offers
	Answered   int64 // cycles answered, whether a survey was offered or not
	ByCallback int64
	Scores     []SurveyScore
	NPS        Value
	Recommend  [11]int64 // how many answered 0 to 10
}

// SurveyScore is what customers said of one thing, from 1 to 5.
type SurveyScore struct {
	Key          string // process, result, speed or attitude
	Title        Text
	N            int64
	Mean         *float64 // nil: nobody answered
	Weighted     *float64 // the same where scores of 1 and 5 weigh 0.8
	SD           *float64 // of a sample; nil with fewer than two
	Distribution [5]int64 // how many answered 1 to 5
}

// Survey answers what customers said of the cases of a query; its measures are of no account.
func (t *Table) Survey(q Query) (v Survey, err error) {
	t.read(func() { v, err = t.survey(q) })
	return v, err
}

// surveyed are the scores, in the order in which they are told.
var surveyed = []SurveyScore{
	{Key: "process", Title: Text{"Process", "处理过程"}},
	{Key: "result", Title: Text{"Result", "处理结果"}},
	{Key: "speed", Title: Text{"Speed", "处理速度"}},
	{Key: "attitude", Title: Text{"Attitude", "服务态度"}},
}

func (a *answer) score(i int) uint8 { return [4]uint8{a.process, a.result, a.speed, a.attitude}[i] }

// asked is what one worker counts of a survey.
type asked struct {
	answered, byCallback int64
	scores               [4][5]int64
	recommend            [11]int64
	look                 look
}

func (t *Table) survey(q Query) (Survey, error) {
	q.Measures = []string{"answer_rate", "nps"}
	s, err := t.ready(q)
	if err != nil {
		return Survey{}, err
	}
	values, err := t.values(q)
	if err != nil {
		return Survey{}, err
	}
	rate := &s.measures[0]
	counted := sweep(t, func() *asked { return &asked{look: look{t: t, cut: s.cut}} },
		func(a *asked, slot uint32, r *row) {
			if !r.flags.counts(rate.of) || !s.in(r) || !s.lets(slot, r) {
				return
			}
			a.look.r = r
			a.look.items(rate, func(o owner) {
				if s.mine(r, o) {
					a.add()
				}
			})
		}, (*asked).join)
	v := Survey{
		Rate: values[s.measures[0].ID()].all, NPS: values[s.measures[1].ID()].all,
		Answered: counted.answered, ByCallback: counted.byCallback, Recommend: counted.recommend,
	}
	for i, score := range surveyed {
		v.Scores = append(v.Scores, score.with(counted.scores[i]))
	}
	return v, nil
}

func (a *asked) add() {
	x := a.look.a
	if !a.look.done(x.answered) {
		return
	}
	a.answered++
	if x.byCallback {
		a.byCallback++
	}
	for i := range a.scores {
		if n := x.score(i); n >= 1 && n <= 5 {
			a.scores[i][n-1]++
		}
	}
	if x.recommend >= 0 {
		a.recommend[x.recommend]++
	}
}

func (a *asked) join(o *asked) {
	a.answered += o.answered
	a.byCallback += o.byCallback
	for i := range a.scores {
		for n := range a.scores[i] {
			a.scores[i][n] += o.scores[i][n]
		}
	}
	for n := range a.recommend {
		a.recommend[n] += o.recommend[n]
	}
}

// with says what a distribution comes to.
func (s SurveyScore) with(counts [5]int64) SurveyScore {
	s.Distribution = counts
	var sum, squares, weighed, weight int64
	for i, n := range counts {
		score := int64(i + 1)
		s.N += n
		sum, squares = sum+n*score, squares+n*score*score
		weighed, weight = weighed+n*score*reliability(uint8(score)), weight+n*reliability(uint8(score))
	}
	s.Mean, s.Weighted = share(sum, s.N), share(weighed, weight)
	if s.N > 1 {
		s.SD = new(math.Sqrt(ratio(big.NewInt(s.N*squares-sum*sum), big.NewInt(s.N*(s.N-1)))))
	}
	return s
}

// VolumesIn lists how much business there was in the period of a query, wholly in it: by kind, one sum for
// each product asked for.
func (t *Table) VolumesIn(q Query) ([]models.Volume, error) {
	all, err := t.Volumes(q)
	return summed(all, q.From, q.Until), err
}

// Volumes lists the same one by one, as they were counted.
func (t *Table) Volumes(q Query) (all []models.Volume, err error) {
	t.read(func() { all, err = t.wholly(q) })
	return all, err
}
