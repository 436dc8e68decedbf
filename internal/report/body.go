package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"recourse/internal/kpi"
)

// Format is that of the bodies made today. Whoever shows reports reads every one there ever was.
const Format = 1

// Body is all that a report says, as it is kept. Fields are never renamed.
type Body struct {
	Format       int          `json:"format"`
	Step         Step         `json:"step"`
	From         time.Time    `json:"from"`
	Until        time.Time    `json:"until"`
	PreviousFrom time.Time    `json:"previous_from"`
	Zone         string       `json:"zone"`
	Scope        []string     `json:"scope"`
	Cut          time.Time    `json:"cut"`
	Counts       Counts       `json:"counts"`
	Definitions  []Definition `json:"definitions"` // of every figure, as it was
	Figures      []Figure     `json:"figures"`     // the headline first
	Trend        Trend        `json:"trend"`
	Breakdowns   []Breakdown  `json:"breakdowns"`
	Twin         *Twin        `json:"twin,omitempty"` // nil: it restates nothing
}

// Counts is how many complaints there were.
type Counts struct {
	Samples     bool  `json:"samples"` // no real case was on record: these are the samples'
	Received    int64 `json:"received"`
	Withdrawn   int64 `json:"withdrawn"`
	NotAccepted int64 `json:"not_accepted"`
	Merged      int64 `json:"merged"`
	Anonymous   int64 `json:"anonymous"`
	Open        int64 `json:"open"`
	Resolved    int64 `json:"resolved"`
}

// Text is a text in both languages.
type Text struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// Definition is what a figure meant when it was counted.
type Definition struct {
	ID          string  `json:"id"` // key@version
	Key         string  `json:"key"`
	Title       Text    `json:"title"`
	Question    Text    `json:"question"`
	Population  Text    `json:"population"`
	Numerator   Text    `json:"numerator"`
	Denominator Text    `json:"denominator"`
	Unit        string  `json:"unit"`
	Better      string  `json:"better,omitempty"`
	Target      float64 `json:"target,omitempty"`
	Alarm       bool    `json:"alarm,omitempty"` // the target is a ceiling
	Headline    bool    `json:"headline,omitempty"`
}

// Value is what came out; without a value there was nothing to divide by.
type Value struct {
	N     int64    `json:"n"`
	Hits  int64    `json:"hits"`
	Value *float64 `json:"value,omitempty"`
	Low   *float64 `json:"low,omitempty"` // of the 95 % interval
	High  *float64 `json:"high,omitempty"`
}

// Figure is what a definition said of the period and of the one before.
type Figure struct {
	ID       string `json:"id"`
	Now      Value  `json:"now"`
	Previous Value  `json:"previous"`
}

// Trend is how the headline figures went within the period.
type Trend struct {
	Step   string   `json:"step"`
	Labels []string `json:"labels"`
	Series []Series `json:"series"`
}

// Series is one figure of a trend.
type Series struct {
	ID     string  `json:"id"`
	Values []Value `json:"values"`
}

// Breakdown is the headline figures by a dimension, the parts with most complaints first.
type Breakdown struct {
	By      string   `json:"by"`
	Title   Text     `json:"title"`
	IDs     []string `json:"ids"` // of the figures, in the order of each row
	Rows    []Row    `json:"rows"`
	LeftOut int      `json:"left_out,omitempty"` // parts that are not listed
}

// Row is the figures of one part; without a key it is what has none.
type Row struct {
	Key    string  `json:"key"`
	Name   Text    `json:"name"`
	Values []Value `json:"values"`
}

// Find returns what a figure meant and said.
func (b Body) Find(id string) (d Definition, f Figure, found bool) {
	for _, one := range b.Figures {
		if one.ID == id {
			f, found = one, true
		}
	}
	return b.Definition(id), f, found
}

// Definition returns what a figure meant; an empty one if the report does not have it.
func (b Body) Definition(id string) Definition {
	for _, d := range b.Definitions {
		if d.ID == id {
			return d
		}
	}
	return Definition{}
}

// write makes the bytes that are kept, and their digest.
func write(b Body) (body []byte, digest string, err error) {
	body, err = json.Marshal(b)
	return body, digestOf(body), err
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Read reads what is kept, whichever release wrote it.
func Read(body []byte) (b Body, err error) {
	if err := json.Unmarshal(body, &b); err != nil {
		return b, fmt.Errorf("read a report: %w", err)
	}
	if b.Format != Format {
		return b, fmt.Errorf("read a report: format %d is newer than this release knows (%d)", b.Format, Format)
	}
	return b, nil
}

func textOf(t kpi.Text) Text { return Text{t.EN, t.ZH} }

func definitionOf(m kpi.Measure) Definition {
	return Definition{
		ID: m.ID(), Key: m.Key, Title: textOf(m.Title), Question: textOf(m.Question), Population: textOf(m.Population),
		Numerator: textOf(m.Numerator), Denominator: textOf(m.Denominator), Unit: string(m.Unit), Better: string(m.Better),
		Target: m.Target, Alarm: m.Alarm, Headline: m.Headline,
	}
}

func valueOf(v kpi.Value) Value {
	out := Value{N: v.N, Hits: v.Hits, Value: v.Value}
	if v.Interval != nil {
		out.Low, out.High = &v.Interval.Low, &v.Interval.High
	}
	return out
}

func valuesOf(all []kpi.Value) []Value {
	out := make([]Value, len(all))
	for i, v := range all {
		out[i] = valueOf(v)
	}
	return out
}
