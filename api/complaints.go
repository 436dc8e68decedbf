package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/internal/figures"
	"recourse/models"
)

// OpenComplaint puts a complaint on record.
func (d *door) OpenComplaint(ctx context.Context, r openapi.OpenComplaintRequestObject) (openapi.OpenComplaintResponseObject, error) {
	ctx, in := enter(ctx)
	if err := knownZone(r.Body.Zone); err != nil {
		return nil, err
	}
	a, err := d.Cases.Open(ctx, in.call(), complaintOf(*r.Body))
	if err != nil {
		return nil, err
	}
	return openapi.OpenComplaint201JSONResponse{
		Body: openapi.AcceptedComplaint{
			ID: a.ID, Number: a.Number, WorkflowID: a.WorkflowID,
			Orchestration: openapi.AcceptedComplaintOrchestration(a.Orchestration),
			StatusURL:     d.statusURL(a.StatusToken), ReceivedAt: a.ReceivedAt, RecordedAt: a.RecordedAt,
			ResponseDue: a.ResponseDue, ResponseBy: a.ResponseBy, FeedbackDue: a.FeedbackDue, HandlingDue: a.HandlingDue,
		},
		Headers: openapi.OpenComplaint201ResponseHeaders{
			Location: "/api/v1/complaints/" + a.Number, IdempotentReplayed: replayed(a.Replayed),
		},
	}, nil
}

// statusURL is the customer's link; a repeated answer may come without one.
func (d *door) statusURL(token string) string {
	if token == "" {
		return ""
	}
	return d.PublicURL + "/t/" + token
}

// knownZone refuses a time zone that nobody knows, and those that mean another on every machine.
func knownZone(zone string) error {
	if _, err := figures.ZoneOf(zone, time.UTC); err != nil {
		return models.Invalid("/zone", "is not a time zone of the IANA list, such as Asia/Shanghai")
	}
	return nil
}

func complaintOf(b openapi.NewComplaint) cases.NewComplaint {
	return cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.Channel(b.Channel), Language: models.Language(b.Language), Zone: b.Zone,
			ReceivedAt: b.ReceivedAt.UTC(), Severity: models.Severity(b.Severity), Nature: models.Nature(b.Nature),
			Category: b.Category, Region: b.Region, Concerned: b.DepartmentConcerned, Product: b.Product, Model: b.Model,
			Anonymous: b.Anonymous, Confidential: b.Confidential, MysteryShopper: b.MysteryShopper,
			Answered: b.Answer != "",
		},
		Text:    b.Text,
		Contact: contactOf(b.Contact),
		Particulars: models.Particulars{
			Happened: b.Particulars.Happened, Serial: b.Particulars.Serial, OrderNumber: b.Particulars.OrderNumber,
			PurchaseDate: b.Particulars.PurchaseDate, Symptom: b.Particulars.Symptom, Remedy: b.Particulars.Remedy,
		},
		Answer:          b.Answer,
		Attachments:     b.Attachments,
		ReceiptEvidence: b.ReceiptEvidence,
	}
}

func contactOf(b openapi.Contact) models.Contact {
	c := models.Contact{Name: b.Name, Phone: b.Phone, Email: b.Email, ExternalID: b.ExternalID, Address: b.Address}
	if s := (models.SecondContact{Name: b.Second.Name, Phone: b.Second.Phone, Email: b.Second.Email, ActsFor: b.Second.ActsFor}); s != (models.SecondContact{}) {
		c.Second = &s
	}
	return c
}

// ListComplaints lists the cases that the caller may see.
func (d *door) ListComplaints(ctx context.Context, r openapi.ListComplaintsRequestObject) (openapi.ListComplaintsResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	q := filters(openapi.CountComplaintsParams{
		Q: p.Q, State: p.State, Severity: p.Severity, Nature: p.Nature, Channel: p.Channel, Department: p.Department, Assignee: p.Assignee,
		Category: p.Category, Breached: p.Breached, Sample: p.Sample, Number: p.Number, ReceivedFrom: p.ReceivedFrom, ReceivedTo: p.ReceivedTo,
	})
	q.Cursor, q.Limit = p.Cursor, p.Limit
	page, err := d.Cases.List(ctx, in.actor(), q)
	if err != nil {
		return nil, inQuery(err)
	}
	return openapi.ListComplaints200JSONResponse{
		Body:    openapi.ComplaintList{Items: each(page.Items, rowOf)},
		Headers: openapi.ListComplaints200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

// ShowComplaint shows one case.
func (d *door) ShowComplaint(ctx context.Context, r openapi.ShowComplaintRequestObject) (openapi.ShowComplaintResponseObject, error) {
	ctx, in := enter(ctx)
	v, err := d.Cases.Case(ctx, in.actor(), r.Number)
	if err != nil {
		return nil, err
	}
	tag := etag(v.Case.Seq)
	if unchanged(r.Params.IfNoneMatch, tag) {
		return openapi.ShowComplaint304Response{Headers: openapi.ShowComplaint304ResponseHeaders{ETag: tag}}, nil
	}
	return openapi.ShowComplaint200JSONResponse{
		Body: viewOf(v), Headers: openapi.ShowComplaint200ResponseHeaders{ETag: tag},
	}, nil
}

// viewOf is a case as one actor may see it. What the service left out stays out.
func viewOf(v cases.View) openapi.Complaint {
	c := rowOf(v.Case)
	c.Sight, c.CustomerID = sights[v.Sight], v.Case.CustomerID
	c.Text, c.Solution, c.Result, c.Erased = v.Text, v.Solution, v.Result, v.Erased
	c.Contact, c.Namesakes = contactView(v.Contact), v.Namesakes
	c.Particulars = openapi.ParticularsView{
		Happened: v.Particulars.Happened, Serial: v.Particulars.Serial, OrderNumber: v.Particulars.OrderNumber,
		PurchaseDate: v.Particulars.PurchaseDate, Symptom: v.Particulars.Symptom, Remedy: v.Particulars.Remedy,
	}
	c.Possible = names(v.Possible)
	c.Requests = each(v.Requests, func(q cases.RequestView) openapi.RequestView {
		return openapi.RequestView{Request: q.Seq, What: string(q.What), Asker: q.Asker, Decider: openapi.Role(q.Decider)}
	})
	c.PausedUntil, c.Given = v.PausedUntil, each(v.Given, moneyView)
	c.OpenTasks = each(v.Tasks, func(t cases.TaskView) openapi.TaskView {
		return openapi.TaskView{Task: t.Seq, Department: t.Department, Due: t.Due}
	})
	c.Links = each(v.Links, func(l models.Linked) openapi.LinkView {
		return openapi.LinkView{Number: l.Other.Number, Relation: openapi.LinkViewRelation(l.Relation)}
	})
	return c
}

// sights names how much is seen; who sees nothing gets no view.
var sights = map[models.Sight]openapi.ComplaintSight{
	models.SightNoTexts: openapi.ComplaintSightNoTexts,
	models.SightMasked:  openapi.ComplaintSightMasked,
	models.SightFull:    openapi.ComplaintSightFull,
}

func contactView(c *models.Contact) openapi.ContactView {
	if c == nil {
		return openapi.ContactView{}
	}
	v := openapi.ContactView{Name: c.Name, Phone: c.Phone, Email: c.Email, ExternalID: c.ExternalID, Address: c.Address}
	if s := c.Second; s != nil {
		v.Second.Name, v.Second.Phone, v.Second.Email, v.Second.ActsFor = s.Name, s.Phone, s.Email, s.ActsFor
	}
	return v
}

// rowOf is a case without words, as lists show it.
func rowOf(c models.Case) openapi.Complaint {
	row := openapi.Complaint{
		ID: c.ID, Number: c.Number, Seq: c.Seq, State: openapi.State(c.State), Severity: openapi.Severity(c.Severity),
		Nature: openapi.Nature(c.Nature), Attribution: openapi.Attribution(c.Attribution), Cause: openapi.Cause(c.Cause),
		Outcome: openapi.Outcome(c.Outcome), Channel: openapi.Channel(c.Channel), Category: c.Category, Region: c.Region,
		Product: c.Product, Model: c.Model, Language: openapi.Language(c.Language), Zone: c.Zone,
		Department: c.Department, Supervising: c.Supervising, Assignee: c.Assignee, RecordedBy: c.RecordedBy,
		Anonymous: c.Anonymous, Confidential: c.Confidential, MysteryShopper: c.MysteryShopper, Sample: c.Sample,
		Policy: c.Policy, Cycle: c.Cycle, Reworks: c.Reworks, Breached: c.Breached, Escalated: c.Escalated,
		CloseReason: string(c.CloseReason), ResultScore: c.ResultScore, Ending: openapi.State(c.Ending), Returns: c.Returns,
		Transfers: c.Transfers, Urges: c.Urges, Problem: c.Problem, WaitingFor: openapi.WaitingFor(c.PauseReason),
		Interim: c.Interim, Tasks: c.Tasks,
	}
	instants(&row, c)
	return row
}

func instants(row *openapi.Complaint, c models.Case) {
	row.ReceivedAt, row.RecordedAt, row.NextDue = c.ReceivedAt, c.RecordedAt, at(c.NextDue)
	row.ResponseDue, row.ResponseBy = c.ResponseLimitAt, at(c.ResponseTargetAt)
	if row.ResponseBy.IsZero() {
		row.ResponseBy = c.ResponseLimitAt
	}
	row.FeedbackDue, row.HandlingDue = c.FeedbackLimitAt, c.HandlingDueAt
	row.FirstReplyAt, row.FirstDispatchedAt = at(c.FirstReplyAt), at(c.FirstDispatchedAt)
	row.FirstAcceptedAt, row.FirstSolutionAt = at(c.FirstAcceptedAt), at(c.FirstSolutionAt)
	row.FirstResolvedAt, row.ResolvedAt = at(c.FirstResolvedAt), at(c.ResolvedAt)
	row.ResultToldAt, row.ClosedAt, row.ArchivedAt = at(c.ResultToldAt), at(c.ClosedAt), at(c.ArchivedAt)
}
