package models

import "time"

// Team is a group inside a department to which cases are given.
type Team struct {
	ID         string `gorm:"primaryKey"`
	Department string
	NameZH     string
	NameEN     string
	Sample     bool
	CreatedAt  time.Time
	DisabledAt *time.Time
}

// Absence is a time in which somebody is away and their deputy stands in: from an instant until, but
// not at, another.
type Absence struct {
	PersonID string    `gorm:"primaryKey"`
	FromAt   time.Time `gorm:"primaryKey"`
	UntilAt  time.Time
	Reason   string // for admin and hr only
}

// Roster is one version of who is on duty for a role, in turn. Versions are only added; the latest counts.
type Roster struct {
	Role       Role   `gorm:"primaryKey"`
	Department string `gorm:"primaryKey"` // empty: the whole company
	Version    int64  `gorm:"primaryKey;autoIncrement:false"`
	Document   []byte // canonical JSON of duty.Roster
	Author     string // id of a person
	Reason     string
	CreatedAt  time.Time
}

// Departure is kept of somebody who left: who takes over what is still theirs. The cases themselves
// are found anew each time (LeftBehind), so that nothing is forgotten that comes to them later.
type Departure struct {
	PersonID  string `gorm:"primaryKey"`
	Successor string // empty: the cases stay with their department, unassigned
	Author    string
	LeftAt    time.Time
}

// LeftBehind is an open case that still points at somebody who left.
type LeftBehind struct {
	CaseID     string
	Number     string
	Department string
	Assignee   string
	Successor  string // as the departure says; empty: nobody, the department decides
}

// DispatchTable is one version of the table by which cases are dispatched. Versions are only added.
type DispatchTable struct {
	Version   int64  `gorm:"primaryKey;autoIncrement:false"`
	Document  []byte // canonical JSON of policy.DispatchTable
	Author    string
	Reason    string
	CreatedAt time.Time
}

// Company is what makes up the organisation, or the part of it that changes together.
type Company struct {
	Departments []Department
	Teams       []Team
	People      []Person
	Categories  []Category
}

// Gap is a place where the organisation points to nobody.
type Gap struct {
	Kind GapKind
	ID   string // of the department, team, person or category; a role; the number of a case
	To   string // who or what it points to; for a role, who gets its messages meanwhile
}

// GapKind says what is missing.
type GapKind string

// The kinds of gap.
const (
	GapDepartmentWithoutHead    GapKind = "department_without_head"
	GapDepartmentWithoutHandler GapKind = "department_without_handler"
	GapDepartmentUnsupervised   GapKind = "department_unsupervised" // its supervising department is gone
	GapTeamWithoutHandler       GapKind = "team_without_handler"
	GapRoleWithoutPerson        GapKind = "role_without_person"
	GapDeputyGone               GapKind = "deputy_gone"
	GapCaseOfSomebodyGone       GapKind = "case_of_somebody_gone"
	GapCaseOfDepartmentGone     GapKind = "case_of_department_gone"
	GapNoDispatchTable          GapKind = "no_dispatch_table"
	GapRuleWithoutDepartment    GapKind = "rule_without_department" // the department or team it names is gone
	GapCategoryWithoutRule      GapKind = "category_without_rule"
	GapRosterNamesNobody        GapKind = "roster_names_nobody" // somebody whom a roster names left, or lost the role
)

// GapKinds lists the closed set.
func GapKinds() []GapKind {
	return []GapKind{
		GapDepartmentWithoutHead, GapDepartmentWithoutHandler, GapDepartmentUnsupervised, GapTeamWithoutHandler,
		GapRoleWithoutPerson, GapDeputyGone, GapCaseOfSomebodyGone, GapCaseOfDepartmentGone, GapNoDispatchTable,
		GapRuleWithoutDepartment, GapCategoryWithoutRule, GapRosterNamesNobody,
	}
}
