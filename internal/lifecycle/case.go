package lifecycle

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// Case is a case as the kernel decides on it: the fold of its events, and the plan it runs by. It
// holds no personal data, so it may lie in workflow histories and in the row's snapshot. Field
// names outlive the process: they are added to, never renamed.
type Case struct {
	ID     string    `json:"id"`
	Seq    int64     `json:"seq"`     // of the last event
	Head   []byte    `json:"head"`    // hash of the last event
	LastAt time.Time `json:"last_at"` // when the last event was decided

	Opened     models.Opened `json:"opened"` // as put on record
	RecordedBy string        `json:"recorded_by"`
	RecordedAt time.Time     `json:"recorded_at"`
	Adopted    bool          `json:"adopted,omitempty"`   // it lived elsewhere before
	Source     string        `json:"source,omitempty"`    // where
	Reference  string        `json:"reference,omitempty"` // its number there

	State       models.State       `json:"state"`
	Cycle       int                `json:"cycle"`   // 1, and one more for each rework
	Reworks     int                `json:"reworks"` // a reopening counts as one
	Severity    models.Severity    `json:"severity"`
	SeverityAt  time.Time          `json:"severity_at"` // since when
	Nature      models.Nature      `json:"nature,omitempty"`
	Category    string             `json:"category,omitempty"`
	Attribution models.Attribution `json:"attribution,omitempty"`
	Cause       models.Cause       `json:"cause,omitempty"`
	Outcome     models.Outcome     `json:"outcome,omitempty"`
	Department  string             `json:"department,omitempty"`
	Supervising string             `json:"supervising,omitempty"`
	Assignee    string             `json:"assignee,omitempty"`
	CloseReason models.CloseReason `json:"close_reason,omitempty"`
	Ending      models.State       `json:"ending,omitempty"`     // how it ended; empty while it is open
	EndedFrom   models.State       `json:"ended_from,omitempty"` // where it was when it was withdrawn, merged or not accepted
	MergedInto  models.Other       `json:"merged_into,omitzero"` // the case that goes on for it

	Under string `json:"under,omitempty"` // version of the policy that it was moved to; empty: it runs under the one it came under
	Moved *Moved `json:"moved,omitempty"` // the adjustment that moved its deadlines last, while it can be taken back

	DispatchedBy string `json:"dispatched_by,omitempty"` // who issued the work order
	OrderedIn    int    `json:"ordered_in,omitempty"`    // cycle of the latest work order; a later one of the cycle moves no due
	DueSet       bool   `json:"due_set,omitempty"`       // the handling due was set for this case, not by its severity
	Returns      int    `json:"returns,omitempty"`       // work orders sent back
	Transfers    int    `json:"transfers,omitempty"`
	Urges        int    `json:"urges,omitempty"`
	Problem      bool   `json:"problem,omitempty"`
	Interim      bool   `json:"interim,omitempty"`  // cycle 1 told an interim answer before its solution
	Outbound     int64  `json:"outbound,omitempty"` // sequence of the latest contact with the customer that went out

	Pause  Pause           `json:"pause,omitzero"`
	Tasks  []Task          `json:"tasks,omitempty"` // joint tasks that are open
	Links  []models.Linked `json:"links,omitempty"` // to other cases, as they are now
	Circle []string        `json:"circle,omitempty"`
	Named  []string        `json:"named,omitempty"`
	Given  []models.Money  `json:"given,omitempty"` // to the customer
	Files  int             `json:"files,omitempty"` // attachments

	Milestones Milestones  `json:"milestones"`
	Runs       []Run       `json:"runs"`               // of all clocks, oldest first
	Alerts     []Alert     `json:"alerts,omitempty"`   // out, not acknowledged, their clock still running
	Requests   []Request   `json:"requests,omitempty"` // not yet decided
	Proposal   Proposal    `json:"proposal,omitzero"`
	Callback   Callback    `json:"callback,omitzero"` // of this cycle
	Surveys    []Survey    `json:"surveys,omitempty"`
	Answers    []Answer    `json:"answers,omitempty"` // the one that counts, per cycle
	AtOnce     bool        `json:"at_once,omitempty"` // the at-once alert went out
	EverLate   bool        `json:"ever_late,omitempty"`
	EverAlert  bool        `json:"ever_alert,omitempty"`
	Highest    models.Role `json:"highest,omitempty"` // of the escalation chain that was ever alerted
	Decided    []Decided   `json:"decided,omitempty"` // commands decided lately
	Trail      Trail       `json:"trail,omitzero"`    // what figures need of its past; see Facts

	// Plan is what the case runs by now. It is not part of the fold: the shell gives it.
	Plan models.Plan `json:"plan"`
}

// Milestones are the instants that figures are made of. First… is of the first time, the others are
// of the current cycle.
type Milestones struct {
	FirstReplyAt    time.Time `json:"first_reply_at,omitzero"`
	FirstDispatchAt time.Time `json:"first_dispatch_at,omitzero"`
	FirstAcceptAt   time.Time `json:"first_accept_at,omitzero"`
	FirstSolutionAt time.Time `json:"first_solution_at,omitzero"`
	FirstResolvedAt time.Time `json:"first_resolved_at,omitzero"`
	ResolvedAt      time.Time `json:"resolved_at,omitzero"`
	ResultToldAt    time.Time `json:"result_told_at,omitzero"`
	ClosedAt        time.Time `json:"closed_at,omitzero"`
	EndedAt         time.Time `json:"ended_at,omitzero"` // when it closed or ended otherwise
	ArchivedAt      time.Time `json:"archived_at,omitzero"`
}

// Run is one run of one clock.
type Run struct {
	models.ClockSpan
	Key          string          `json:"key"` // cycle/clock/sequence of the event that started it
	Cycle        int             `json:"cycle"`
	Seq          int64           `json:"seq"`               // of the event that started it
	MovedAt      time.Time       `json:"moved_at,omitzero"` // when its bounds were moved last
	Rung         int             `json:"rung,omitempty"`
	PausedAt     time.Time       `json:"paused_at,omitzero"` // zero: it is not paused
	Paused       time.Duration   `json:"paused,omitempty"`   // in all, before PausedAt
	TargetMissed bool            `json:"target_missed,omitempty"`
	LimitMissed  bool            `json:"limit_missed,omitempty"`
	LimitTold    bool            `json:"limit_told,omitempty"` // the executive was told that the limit passed after the target
	EndedAt      time.Time       `json:"ended_at,omitzero"`
	StoodAt      time.Time       `json:"stood_at,omitzero"` // when the pause began in which it ended; zero: it ran
	End          models.ClockEnd `json:"end,omitempty"`
}

// Policy names the version of the policy that the case runs under.
func (c Case) Policy() string { return cmp.Or(c.Under, c.Opened.Policy) }

// Running says that the run has not ended.
func (r Run) Running() bool { return r.End == models.ClockRunning }

// Missed says whether bound b was passed.
func (r Run) Missed(b models.Bound) bool {
	if b == models.BoundTarget {
		return r.TargetMissed
	}
	return r.LimitMissed
}

// Due returns the next bound not yet passed, and its instant; zero when there is none.
func (r Run) Due() (models.Bound, time.Time) {
	for _, b := range r.Bounds() {
		if !r.Missed(b) {
			return b, r.At(b)
		}
	}
	return "", time.Time{}
}

// Pause is what a case waits for.
type Pause struct {
	Seq    int64              `json:"seq"` // of the event that began it
	Reason models.PauseReason `json:"reason"`
	Until  time.Time          `json:"until"` // then it goes on by itself
}

// Task is a joint task that is open.
type Task struct {
	Seq        int64  `json:"seq"` // of the event that gave it; names the task
	Department string `json:"department"`
}

// Alert is an alert that nobody has acknowledged yet.
type Alert struct {
	Key    string        `json:"key"`
	Run    string        `json:"run"`
	Bound  models.Bound  `json:"bound"`
	Rung   int           `json:"rung"`
	Repeat int           `json:"repeat,omitempty"`
	Roles  []models.Role `json:"roles"`
	AckBy  time.Time     `json:"ack_by,omitzero"` // zero: nobody needs to

	Snoozed  bool   `json:"snoozed,omitempty"`   // it was put off
	HandedTo string `json:"handed_to,omitempty"` // id of the person who was given it
}

// Request is something asked for and not yet decided.
type Request struct {
	Seq     int64              `json:"seq"` // of the event that asks; names the request
	What    models.RequestKind `json:"what"`
	Asker   string             `json:"asker"`
	Decider models.Role        `json:"decider"`
	Asked   models.Requested   `json:"asked,omitzero"` // all of it
}

// Proposal is the latest solution proposed.
type Proposal struct {
	Seq int64  `json:"seq"`
	By  string `json:"by"`
}

// Callback is how far the callback of this cycle has come.
type Callback struct {
	Attempt   int       `json:"attempt,omitempty"`   // placed last; 0: none
	Open      bool      `json:"open,omitempty"`      // its outcome is not recorded yet
	NotBefore time.Time `json:"not_before,omitzero"` // start of its half-day, or the hour the customer chose
	Until     time.Time `json:"until,omitzero"`      // end of its half-day
	Missed    int       `json:"missed,omitempty"`    // attempts that did not reach the customer
}

// Survey is the survey of one cycle.
type Survey struct {
	Cycle    int       `json:"cycle"`
	Expires  time.Time `json:"expires"`
	Answered bool      `json:"answered,omitempty"`
	Expired  bool      `json:"expired,omitempty"`
	Reminded bool      `json:"reminded,omitempty"`
}

// Answer is the score that counts for one cycle: the callback's, until a survey replaces it.
type Answer struct {
	Cycle  int `json:"cycle"`
	Result int `json:"result"` // 1–5; 0: not asked
}

// Decided is a command that was decided, so that the same command again gets the same answer.
type Decided struct {
	Command string `json:"command"`
	Seq     int64  `json:"seq"` // of its last event
}

// keepDecided bounds the commands remembered in the case; older ones are answered from the table of
// idempotency keys, which keeps them for a day.
const keepDecided = 256

// DecidedAs returns how the command with this id was decided, if it was.
func (c Case) DecidedAs(command string) (Decided, bool) {
	i := slices.IndexFunc(c.Decided, func(d Decided) bool { return d.Command == command })
	if i < 0 {
		return Decided{}, false
	}
	return c.Decided[i], true
}

// Standing is all that access depends on.
func (c Case) Standing() models.Standing {
	return models.Standing{
		State: c.State, Nature: c.Nature, Department: c.Department, Assignee: c.Assignee, RecordedBy: c.RecordedBy,
		Tasks: c.taskDepartments(), Circle: c.Circle, Named: c.Named,
	}
}

// taskDepartments lists the departments with an open joint task.
func (c Case) taskDepartments() []string {
	var departments []string
	for _, t := range c.Tasks {
		if !slices.Contains(departments, t.Department) {
			departments = append(departments, t.Department)
		}
	}
	return departments
}

// Lead returns the case that leads this one's group; false when it belongs to none.
func (c Case) Lead() (models.Other, bool) {
	i := slices.IndexFunc(c.Links, func(l models.Linked) bool { return l.Relation == models.RelationLead })
	if i < 0 {
		return models.Other{}, false
	}
	return c.Links[i].Other, true
}

// Members lists the cases of the group that this one leads.
func (c Case) Members() []models.Other {
	var members []models.Other
	for _, l := range c.Links {
		if l.Relation == models.RelationMember {
			members = append(members, l.Other)
		}
	}
	return members
}

// Run returns the run with this key.
func (c Case) Run(key string) (Run, bool) {
	i := slices.IndexFunc(c.Runs, func(r Run) bool { return r.Key == key })
	if i < 0 {
		return Run{}, false
	}
	return c.Runs[i], true
}

// Latest returns the latest run of clock k.
func (c Case) Latest(k models.Clock) (Run, bool) {
	for _, r := range slices.Backward(c.Runs) {
		if r.Clock == k {
			return r, true
		}
	}
	return Run{}, false
}

// First returns the first run of clock k, the one that figures of cycle 1 read.
func (c Case) First(k models.Clock) (Run, bool) {
	i := slices.IndexFunc(c.Runs, func(r Run) bool { return r.Clock == k })
	if i < 0 {
		return Run{}, false
	}
	return c.Runs[i], true
}

// Overdue says that a clock that still runs is past one of its bounds.
func (c Case) Overdue() bool {
	return slices.ContainsFunc(c.Runs, func(r Run) bool { return r.Running() && (r.TargetMissed || r.LimitMissed) })
}

// Unacknowledged counts the alerts that are out and wait for an acknowledgement.
func (c Case) Unacknowledged() int {
	n := 0
	for _, a := range c.Alerts {
		if !a.AckBy.IsZero() {
			n++
		}
	}
	return n
}

// survey returns the position of the survey of a cycle, -1 when there is none.
func (c Case) survey(cycle int) int {
	return slices.IndexFunc(c.Surveys, func(s Survey) bool { return s.Cycle == cycle })
}

// clone copies what Evolve changes in place, so that a case once seen never changes.
func (c Case) clone() Case {
	c.Runs = slices.Clone(c.Runs)
	c.Alerts = slices.Clone(c.Alerts)
	c.Requests = slices.Clone(c.Requests)
	c.Surveys = slices.Clone(c.Surveys)
	c.Answers = slices.Clone(c.Answers)
	c.Decided = slices.Clone(c.Decided)
	c.Tasks = slices.Clone(c.Tasks)
	c.Links = slices.Clone(c.Links)
	c.Given = slices.Clone(c.Given)
	c.Trail = c.Trail.clone()
	if c.Moved != nil {
		moved := *c.Moved
		moved.Runs = slices.Clone(moved.Runs)
		c.Moved = &moved
	}
	return c
}
