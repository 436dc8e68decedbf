package notify

import (
	"slices"
	"strconv"
	"time"

	"recourse/internal/words"
	"recourse/models"
)

// Company is who we are in what we send.
type Company struct {
	Name      string
	Language  models.Language
	Zone      *time.Location
	PublicURL string // begins every link, without a slash at its end
	CasePath  string // what stands before a case's number in a link for one of us; empty: no such page
}

// An occasion is everything a message is about: the case as it is now, its events up to the one that
// causes the message, and who reads it where.
type occasion struct {
	company Company
	token   func(parts ...string) string
	row     models.Case
	events  []models.Event
	lang    models.Language
	zone    *time.Location
	text    string    // of the event, opened
	told    time.Time // when people are told: with the event, or once quiet hours are over
}

// cause is the event that causes the message.
func (o occasion) cause() models.Event {
	if len(o.events) == 0 {
		return models.Event{}
	}
	return o.events[len(o.events)-1]
}

// last returns the latest data of type D among the events.
func last[D models.Data](events []models.Event) (d D, is bool) {
	for _, e := range slices.Backward(events) {
		if d, is = e.Data.(D); is {
			return d, true
		}
	}
	return d, false
}

// span returns the latest run of a clock, with its bounds as moved last.
func (o occasion) span(k models.Clock) models.ClockSpan {
	for _, e := range slices.Backward(o.events) {
		for _, s := range e.Clocks {
			if s.Clock == k {
				return s
			}
		}
	}
	return models.ClockSpan{}
}

// due is the earlier bound of a clock, in words.
func (o occasion) due(k models.Clock) string {
	_, at := o.span(k).FirstBound()
	return o.at(at)
}

func (o occasion) speaker() *words.Speaker { return words.In(o.lang) }

func (o occasion) at(t time.Time) string { return o.speaker().Instant(t, o.zone) }

// values says everything that can be said on the occasion.
func (o occasion) values() Values {
	v := Values{
		CompanyName: o.company.Name, Number: o.row.Number, Text: o.text,
		Severity: o.speaker().Name(o.row.Severity), State: o.speaker().Name(o.row.State),
		StatusURL:   o.company.PublicURL + "/t/" + o.token(models.StatusLink(o.row.ID)...),
		FeedbackDue: o.due(models.ClockFeedback), HandlingDue: o.due(models.ClockHandling),
	}
	if o.company.CasePath != "" {
		v.CaseURL = o.company.PublicURL + o.company.CasePath + o.row.Number
	}
	if o.row.FirstReplyAt == nil { // else it was given, in the intake call or since
		v.ResponseDue = o.due(models.ClockFirstResponse)
	}
	o.addLateness(&v)
	v.News = o.speaker().News(o.cause().Kind)
	switch d := o.cause().Data.(type) {
	case models.Dispatched:
		if !d.HandlingDue.IsZero() {
			v.HandlingDue = o.at(d.HandlingDue)
		}
	case models.Proposed:
		v.DueAt = o.due(models.ClockApproval)
	case models.Requested:
		v.Request, v.DueAt = o.speaker().Name(d.What), o.due(models.ClockApproval)
	case models.Decided:
		v.Request, v.Granted = o.speaker().Name(d.What), d.Granted
	case models.Messaged:
		v.DueAt = o.due(models.ClockNextReply)
	case models.InterimTold:
		v.DueAt = o.at(d.Until)
	case models.ContactPromised:
		v.DueAt = o.at(d.At)
	case models.Extended:
		v.DueAt = o.at(d.Until)
	case models.DeadlinesMoved:
		v.DueAt = o.due(models.ClockHandling)
	case models.TaskGiven:
		v.DueAt = o.at(d.Due)
	case models.Supervised:
		v.DueAt = o.at(d.ReportDue)
	case models.Merged:
		v.Other = d.Into.Number
	case models.Reworked:
		v.Reason = o.speaker().Name(d.Cause)
	case models.Reopened:
		v.Reason = o.speaker().Say("rework.reopened")
	case models.SurveyAnswered:
		if d.Scores.Result > 0 {
			v.Score = strconv.Itoa(d.Scores.Result)
		}
	case models.Escalated:
		o.addAlert(&v, d)
	case models.HandedOver:
		o.addHandOver(&v, d)
	}
	return v
}

// addLateness drops promises that had passed before the complaint was on record: nobody is told that
// we will have answered yesterday.
func (o occasion) addLateness(v *Values) {
	_, respond := o.span(models.ClockFirstResponse).FirstBound()
	if v.ResponseDue != "" && !respond.After(o.row.RecordedAt) {
		v.ResponseDue, v.Late = "", true
	}
	if _, tell := o.span(models.ClockFeedback).FirstBound(); !tell.After(o.row.RecordedAt) {
		v.FeedbackDue = ""
	}
}

func (o occasion) addAlert(v *Values, d models.Escalated) {
	due := o.span(d.Clock).At(d.Bound)
	v.Clock, v.Bound = o.speaker().Name(d.Clock), o.speaker().Name(d.Bound)
	v.DueAt, v.Overdue = o.at(due), !due.IsZero() && !o.told.Before(due)
	v.AckBy = o.at(d.AckBy)
	if d.LateBy > 0 {
		v.LateBy, v.LateReason = o.speaker().Span(d.LateBy), o.speaker().Name(d.LateReason)
	}
}

// addHandOver adds what the alert is about that somebody handed over, and until when it must be acknowledged.
func (o occasion) addHandOver(v *Values, d models.HandedOver) {
	for _, e := range slices.Backward(o.events) {
		if alert, is := e.Data.(models.Escalated); is && alert.Alert == d.Alert {
			o.addAlert(v, alert)
		}
	}
	v.AckBy, v.LateBy, v.LateReason = o.at(d.AcceptBy), "", ""
}

// addSurvey adds the link to the survey that was offered last, and until when it is open. It says
// whether the offer is on record yet.
func (o occasion) addSurvey(v *Values) bool {
	offer, is := last[models.SurveyOffered](o.events)
	if is {
		v.SurveyURL = o.company.PublicURL + "/s/" + o.token(models.SurveyLink(o.row.ID, offer.SurveyCycle)...)
		v.DueAt = o.at(offer.ExpiresAt)
	}
	return is
}

// addCallback adds when the call is to be made.
func (o occasion) addCallback(v *Values) bool {
	call, is := last[models.CallbackPlaced](o.events)
	if is {
		v.From, v.DueAt = o.at(call.NotBefore), o.at(call.Until)
	}
	return is
}

// zoneOf is the customer's time zone, ours when theirs is not known.
func (d *Dispatcher) zoneOf(row models.Case) *time.Location {
	if zone, err := time.LoadLocation(row.Zone); err == nil && row.Zone != "" {
		return zone
	}
	return d.o.Company.Zone
}
