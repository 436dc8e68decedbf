package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Record is the record, as reports need it; internal/store has it.
type Record interface {
	// PutReport adds a report and says whether it was added: of a period and scope there is one original.
	PutReport(ctx context.Context, r models.Report) (bool, error)
	// Report returns a report with its body; CodeNotFound when there is none.
	Report(ctx context.Context, id string) (models.Report, error)
	// OriginalReport returns the original of the same period and scope; CodeNotFound when there is none.
	OriginalReport(ctx context.Context, like models.Report) (models.Report, error)
	// Reports returns one page of reports without bodies, the latest made first, and the next cursor.
	Reports(ctx context.Context, cursor string, limit int) ([]models.Report, string, error)
	// Twins returns what restates a report, the latest made first, without bodies.
	Twins(ctx context.Context, original string) ([]models.Report, error)

	Departments(ctx context.Context) ([]models.Department, error)
	Categories(ctx context.Context) ([]models.Category, error)
	// SubscribersOf returns who is still here and wants to be told of a topic.
	SubscribersOf(ctx context.Context, topic models.Topic) ([]models.Person, error)
	// PutMessages adds messages; one whose id is on record stays as it is.
	PutMessages(ctx context.Context, messages []models.Message) error
}

// Service makes, restates, shows and announces reports.
type Service struct {
	Record Record
	Table  func(ctx context.Context) (*kpi.Table, error)
	Zone   *time.Location // the company's
	Now    func() time.Time
	NewID  func() string

	Measures []string // of originals; empty: the headline figures and all other rates
}

// Shown is a report as it is shown.
type Shown struct {
	models.Report

	Says   Body
	Intact bool            // its digest is that of its body
	First  *models.Report  // the report that it restates
	Twins  []models.Report // what restates it, the latest first
}

// settled is how far behind now data is cut: what is written then is on record and in the table.
const settled = 10 * time.Second

// Template is the message that tells of a report.
const Template = "report"

// longestReason is how long the reason of a restatement may be, in characters.
const longestReason = 500

// MayRead says who may read reports, which are of the whole company: whoever sees all of its cases.
func MayRead(a models.Actor) error {
	if models.SeesCompany(a) {
		return nil
	}
	return models.Refuse(models.CodeForbidden, "reports are of the whole company, for those who see all its cases")
}

// MayMake says who may make and restate reports: supervisors, administrators, and whoever sits at the machine.
func MayMake(a models.Actor) error {
	if a.Kind == models.ActorSystem || a.Is(models.RoleSupervisor) || a.Is(models.RoleAdmin) {
		return nil
	}
	return models.Refuse(models.CodeForbidden, "only supervisors and administrators make and restate reports")
}

// Make makes the report of the last period that is over at an instant, unless there is one: then that one is
// returned, and made is false. CodeInvalid at /at: the period is not over yet.
func (s *Service) Make(ctx context.Context, a models.Actor, step Step, at time.Time) (r models.Report, made bool, err error) {
	if err := MayMake(a); err != nil {
		return r, false, err
	}
	from, until := step.Before(at, s.Zone)
	return s.make(ctx, a, step, from, until)
}

// Scheduled makes the report of the last period that is over at an instant, for the schedule; otherwise as Make.
func (s *Service) Scheduled(ctx context.Context, step string, at time.Time) (r models.Report, made bool, err error) {
	is, err := ParseStep(step)
	if err != nil {
		return r, false, err
	}
	return s.Make(ctx, models.Actor{Kind: models.ActorSystem}, is, at)
}

// MakeOf makes the report of the period that contains a day, in the company's zone; otherwise as Make.
func (s *Service) MakeOf(ctx context.Context, a models.Actor, step Step, day string) (r models.Report, made bool, err error) {
	if err := MayMake(a); err != nil {
		return r, false, err
	}
	at, err := time.ParseInLocation(time.DateOnly, day, s.Zone)
	if err != nil || at.Year() < 1990 || at.Year() > 9000 {
		return r, false, models.Invalid("/day", "write a day of the period as 2026-10-01")
	}
	from, until := step.Containing(at.Add(12*time.Hour), s.Zone)
	return s.make(ctx, a, step, from, until)
}

func (s *Service) make(ctx context.Context, a models.Actor, step Step, from, until time.Time) (models.Report, bool, error) {
	now := s.now()
	cut := now.Add(-settled)
	if cut.Before(until) {
		return models.Report{}, false, models.Invalid("/day", "this period is not over yet; a report of it can be made once it is")
	}
	row := models.Report{
		ID: s.NewID(), Step: string(step), FromAt: from, UntilAt: until, Zone: s.Zone.String(), CutAt: cut, MadeAt: now, MadeBy: idOf(a), Format: Format,
	}
	if known, err := s.Record.OriginalReport(ctx, row); models.CodeOf(err) != models.CodeNotFound {
		return known, false, err
	}
	table, err := s.Table(ctx)
	if err != nil {
		return row, false, err
	}
	ask, err := s.ask(ctx, step, from, until, cut)
	if err != nil {
		return row, false, err
	}
	ask.Measures = s.Measures
	body, err := Make(table, ask)
	if err != nil {
		return row, false, err
	}
	if row.Body, row.Digest, err = write(body); err != nil {
		return row, false, err
	}
	added, err := s.Record.PutReport(ctx, row)
	if err != nil || added {
		return row, added, err
	}
	row, err = s.Record.OriginalReport(ctx, row) // somebody else made it meanwhile
	return row, false, err
}

// Restate makes a twin of a report: the same period, counted as it stands now and by today's definitions,
// with the difference told per cause. What restates a report restates its original. The same key makes one
// twin. CodeInvalid at /reason; CodeNotFound: no such report; CodeKeyReused: the key restated with another reason.
func (s *Service) Restate(ctx context.Context, a models.Actor, id, reason, key string) (r models.Report, made bool, err error) {
	if err := MayMake(a); err != nil {
		return r, false, err
	}
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n == 0 || n > longestReason {
		return r, false, models.Invalid("/reason", fmt.Sprintf("say in 1 to %d characters why the report is restated", longestReason))
	}
	first, err := s.first(ctx, id)
	if err != nil {
		return r, false, err
	}
	now := s.now()
	row := models.Report{
		ID: twinID(first.ID, a.ID, key), Step: first.Step, FromAt: first.FromAt, UntilAt: first.UntilAt, Zone: first.Zone, Scope: first.Scope,
		CutAt: now.Add(-settled), MadeAt: now, MadeBy: idOf(a), Original: first.ID, Reason: reason, Format: Format,
	}
	if known, err := s.Record.Report(ctx, row.ID); models.CodeOf(err) != models.CodeNotFound {
		if err == nil && known.Reason != reason {
			err = models.Refuse(models.CodeKeyReused, "this Idempotency-Key restated the report with another reason")
		}
		return known, false, err
	}
	if row.Body, row.Digest, err = s.restated(ctx, first, row); err != nil {
		return row, false, err
	}
	made, err = s.Record.PutReport(ctx, row)
	if err == nil && !made {
		row, err = s.Record.Report(ctx, row.ID)
	}
	return row, made, err
}

func (s *Service) restated(ctx context.Context, first, twin models.Report) (body []byte, digest string, err error) {
	original, err := Read(first.Body)
	if err != nil {
		return nil, "", err
	}
	zone, err := time.LoadLocation(first.Zone)
	if err != nil {
		return nil, "", fmt.Errorf("zone of report %s: %w", first.ID, err)
	}
	table, err := s.Table(ctx)
	if err != nil {
		return nil, "", err
	}
	ask, err := s.ask(ctx, Step(first.Step), first.FromAt, first.UntilAt, twin.CutAt)
	if err != nil {
		return nil, "", err
	}
	ask.Zone = zone
	b, changes, err := Restate(table, original, ask)
	if err != nil {
		return nil, "", err
	}
	b.Twin = &Twin{Original: first.ID, Digest: first.Digest, Cut: original.Cut, Reason: twin.Reason, Changes: changes}
	return write(b)
}

// first is the original of a report: itself, or the one that it restates.
func (s *Service) first(ctx context.Context, id string) (models.Report, error) {
	r, err := s.one(ctx, id)
	if err == nil && r.Twin() {
		return s.Record.Report(ctx, r.Original)
	}
	return r, err
}

// twinID follows from what is restated, by whom and under which key, so that trying again makes no other twin.
func twinID(original, by, key string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"twin", original, by, key}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// idOf is who made a report; empty: the schedule, or whoever sits at the machine.
func idOf(a models.Actor) string {
	if a.Kind == models.ActorSystem {
		return ""
	}
	return a.ID
}

// List shows one page of reports, the latest made first.
func (s *Service) List(ctx context.Context, a models.Actor, cursor string, limit int) (page []models.Report, next string, err error) {
	if err := MayRead(a); err != nil {
		return nil, "", err
	}
	return s.Record.Reports(ctx, cursor, limit)
}

// Show shows a report with what it restates and what restates it.
func (s *Service) Show(ctx context.Context, a models.Actor, id string) (Shown, error) {
	if err := MayRead(a); err != nil {
		return Shown{}, err
	}
	row, err := s.one(ctx, id)
	if err != nil {
		return Shown{}, err
	}
	out := Shown{Report: row, Intact: digestOf(row.Body) == row.Digest}
	if out.Says, err = Read(row.Body); err != nil {
		return out, err
	}
	if row.Twin() {
		first, err := s.Record.Report(ctx, row.Original)
		if err != nil {
			return out, err
		}
		out.First = &first
	}
	out.Twins, err = s.Record.Twins(ctx, row.ID)
	return out, err
}

// one is a report that somebody asked for.
func (s *Service) one(ctx context.Context, id string) (models.Report, error) {
	row, err := s.Record.Report(ctx, id)
	if models.CodeOf(err) == models.CodeNotFound {
		return row, models.Refuse(models.CodeNotFound, "there is no such report")
	}
	return row, err
}

// Tell queues a mail about a report to everybody who subscribed and may read it, and says to how many. Done
// again, it queues none twice.
func (s *Service) Tell(ctx context.Context, id string) (int, error) {
	people, err := s.Record.SubscribersOf(ctx, models.TopicReport)
	if err != nil {
		return 0, err
	}
	now := s.now()
	var mails []models.Message
	for _, p := range people {
		if MayRead(p.Actor()) != nil {
			continue
		}
		mails = append(mails, models.Message{
			ID: models.EventID(Template, 0, id+"\n"+p.ID), About: id, Template: Template, Channel: models.MessageEmail, Person: p.ID, Language: p.Language,
			State: models.MessagePending, CreatedAt: now, NextAt: now,
		})
	}
	if len(mails) == 0 {
		return 0, nil
	}
	return len(mails), s.Record.PutMessages(ctx, mails)
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// ask is what a report of a period is made of.
func (s *Service) ask(ctx context.Context, step Step, from, until, cut time.Time) (Ask, error) {
	names, err := s.names(ctx)
	return Ask{Step: step, From: from, Until: until, Zone: s.Zone, Cut: cut, Names: names}, err
}

// names say how departments and categories are called today; products are called what they are.
func (s *Service) names(ctx context.Context) (func(kpi.Dimension, string) Text, error) {
	departments, err := s.Record.Departments(ctx)
	if err != nil {
		return nil, err
	}
	categories, err := s.Record.Categories(ctx)
	if err != nil {
		return nil, err
	}
	called := map[kpi.Dimension]map[string]Text{kpi.ByDepartment: {}, kpi.ByCategory: {}}
	for _, d := range departments {
		called[kpi.ByDepartment][d.ID] = either(d.NameEN, d.NameZH, d.ID)
	}
	for _, c := range categories {
		called[kpi.ByCategory][c.ID] = either(c.NameEN, c.NameZH, c.ID)
	}
	return func(by kpi.Dimension, key string) Text {
		if name, is := called[by][key]; is {
			return name
		}
		return Text{key, key}
	}, nil
}

// either is a name in both languages, in the other one where it has none.
func either(en, zh, id string) Text {
	if en == "" && zh == "" {
		return Text{id, id}
	}
	if en == "" {
		en = zh
	}
	if zh == "" {
		zh = en
	}
	return Text{en, zh}
}
