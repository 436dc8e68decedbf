package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"recourse/internal/endpoints"
	"recourse/models"
)

// An eventBody is what a webhook is told of an event: nothing of whom it is about, and no words of people.
type eventBody struct {
	Number     string         `json:"number"`
	Seq        int64          `json:"seq"`
	Kind       models.Kind    `json:"kind"`
	Version    int            `json:"version,omitempty"` // of the kind's data
	Cycle      int            `json:"cycle,omitempty"`
	DecidedAt  *time.Time     `json:"decided_at,omitempty"`
	HappenedAt *time.Time     `json:"happened_at,omitempty"`
	Actor      *actorBody     `json:"actor,omitempty"`
	Data       map[string]any `json:"data,omitempty"`
	Case       *caseBody      `json:"case,omitempty"`
	Alert      *alertBody     `json:"alert,omitempty"` // of an alert, in the endpoint's language
	URL        string         `json:"url,omitempty"`   // of the case, for one of us
}

// actorBody says in which part somebody acted, not who it was.
type actorBody struct {
	Kind  models.ActorKind `json:"kind"`
	Roles []models.Role    `json:"roles,omitempty"`
}

// caseBody is how the case stands when the message leaves; Seq is of its last event then.
type caseBody struct {
	Seq        int64           `json:"seq"`
	State      models.State    `json:"state"`
	Severity   models.Severity `json:"severity"`
	Channel    models.Channel  `json:"channel"`
	Department string          `json:"department,omitempty"`
	Cycle      int             `json:"cycle"`
	Breached   bool            `json:"breached"`
	ReceivedAt time.Time       `json:"received_at"`
	Due        dueBody         `json:"due"`
}

type dueBody struct {
	ResponseTarget *time.Time   `json:"response_target,omitempty"`
	ResponseLimit  time.Time    `json:"response_limit"`
	FeedbackLimit  time.Time    `json:"feedback_limit"`
	Handling       time.Time    `json:"handling"`
	Next           *time.Time   `json:"next,omitempty"`  // the next bound of any clock
	Clock          models.Clock `json:"clock,omitempty"` // that presses most
}

type alertBody struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// eventParcel is an event as a webhook gets it. Nothing of it is kept: the event itself is on record.
func (d *Dispatcher) eventParcel(ctx context.Context, e models.Endpoint, m models.Message, row models.Case, p endpoints.Parcel) (endpoints.Parcel, end) {
	entries, err := d.o.Outbox.Entries(ctx, m.CaseID, m.Seq-1, 1)
	if err != nil {
		return p, again{err: err}
	}
	if len(entries) == 0 {
		return p, again{err: fmt.Errorf("event %d of case %s is not on record", m.Seq, m.CaseID)}
	}
	event, err := entries[0].Event()
	if err != nil {
		return p, again{err: err}
	}
	body := eventBody{Number: row.Number, Seq: event.Seq, Kind: event.Kind}
	if !row.Guarded() {
		body.fill(event, row)
		body.URL = d.caseURL(row)
		if event.Kind == models.KindEscalated {
			title, text, err := d.write(ctx, alertOf(m), row, e.Language)
			if err != nil {
				return p, again{err: err}
			}
			body.Alert = &alertBody{Title: title, Text: text}
		}
	}
	p.Type = "case." + string(event.Kind)
	if p.Data, err = json.Marshal(body); err != nil {
		return p, again{err: err}
	}
	return p, sent{}
}

// alertOf is the message that says an alert in words, for a chat.
func alertOf(m models.Message) models.Message {
	m.Template, m.Channel = templateAlert, models.MessageFeishu
	return m
}

func (b *eventBody) fill(e models.Event, row models.Case) {
	decided, happened := e.DecidedAt.UTC(), e.HappenedAt.UTC()
	b.Version, b.Cycle, b.DecidedAt, b.HappenedAt = e.Version, e.Cycle, &decided, &happened
	b.Actor = &actorBody{Kind: e.Actor.Kind, Roles: e.Actor.Roles}
	b.Data, _ = told(reflect.ValueOf(e.Data)).(map[string]any)
	b.Case = &caseBody{
		Seq: row.Seq, State: row.State, Severity: row.Severity, Channel: row.Channel, Department: row.Department, Cycle: row.Cycle,
		Breached: row.Breached, ReceivedAt: row.ReceivedAt.UTC(),
		Due: dueBody{
			ResponseTarget: row.ResponseTargetAt, ResponseLimit: row.ResponseLimitAt.UTC(), FeedbackLimit: row.FeedbackLimitAt.UTC(),
			Handling: row.HandlingDueAt.UTC(), Next: row.NextDue, Clock: row.DueClock,
		},
	}
}

// plainly are the fields of events that hold plain text and nothing of a person's. Members of closed sets,
// numbers and instants are always told; any other text is not, also what a later event may bring.
var plainly = []string{
	"number", "department", "supervising", "concerned", "category", "region", "product", "model", "policy", "was", "is", "field",
	"alert", "run", "follows", "rule", "calendar", "currency", "media_type", "adjustment",
}

// told is of a value what may be told outside; nil: nothing.
func told(v reflect.Value) any {
	switch {
	case !v.IsValid():
		return nil
	case v.Type() == reflect.TypeFor[models.TextRef]():
		return nil
	case v.Type() == reflect.TypeFor[time.Time]():
		return v.Interface().(time.Time).UTC() //nolint:forcetypeassert // just asked
	}
	switch v.Kind() { //nolint:exhaustive // events are made of these
	case reflect.Pointer, reflect.Interface:
		return told(v.Elem())
	case reflect.Struct:
		return toldFields(v)
	case reflect.Slice:
		return toldList(v)
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			return nil // a plain text; see plainly
		}
		return v.String()
	case reflect.Bool, reflect.Int, reflect.Int64:
		return v.Interface()
	}
	return nil
}

func toldFields(v reflect.Value) map[string]any {
	fields := map[string]any{}
	for i := range v.NumField() {
		name, omit, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		value := v.Field(i)
		switch {
		case omit != "" && value.IsZero():
		case v.Type().Field(i).Anonymous:
			maps.Copy(fields, toldFields(value))
		case value.Type() == reflect.TypeFor[string]():
			if slices.Contains(plainly, name) {
				fields[name] = value.String()
			}
		default:
			if said := told(value); said != nil {
				fields[name] = said
			}
		}
	}
	return fields
}

func toldList(v reflect.Value) any {
	list := []any{}
	for i := range v.Len() {
		if said := told(v.Index(i)); said != nil {
			list = append(list, said)
		}
	}
	if len(list) < v.Len() {
		return nil // of people, or of texts
	}
	return list
}

func (d *Dispatcher) caseURL(row models.Case) string {
	if d.o.Company.CasePath == "" {
		return ""
	}
	return d.o.Company.PublicURL + d.o.Company.CasePath + row.Number
}
