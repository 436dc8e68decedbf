package roster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"recourse/models"
)

// Fault is what is wrong with a wish, and in which field of which row.
type Fault struct {
	Row   int    // among the rows of its kind, from 0
	Field string // as API and CSV name it
	Item  int    // of a field that holds a list; -1: the field itself
	Says  string
}

// Pointer is the field as a JSON pointer into one row.
func (f Fault) Pointer() string {
	if f.Item < 0 {
		return "/" + f.Field
	}
	return fmt.Sprintf("/%s/%d", f.Field, f.Item)
}

// identifier is the form of an id, as the contract has it.
var identifier = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$`)

// maxName is how long a name may be.
const maxName = 200

// checker holds what there will be once the wish is granted.
type checker struct {
	departments map[string]models.Department
	teams       map[string]models.Team
	people      map[string]models.Person
	categories  map[string]models.Category
	faults      []Fault
}

// Check says everything that is wrong with the rows of wish, put over what is on record. What stood
// before and is not touched is nobody's fault now.
func Check(record, wish models.Company) []Fault {
	c := &checker{
		departments: byID(func(d models.Department) string { return d.ID }, record.Departments, wish.Departments),
		teams:       byID(func(t models.Team) string { return t.ID }, record.Teams, wish.Teams),
		people:      byID(func(p models.Person) string { return p.ID }, record.People, wish.People),
		categories:  byID(func(k models.Category) string { return k.ID }, record.Categories, wish.Categories),
	}
	for i, d := range wish.Departments {
		c.department(i, d)
	}
	for i, t := range wish.Teams {
		c.team(i, t)
	}
	for i, p := range wish.People {
		c.person(i, p)
	}
	for i, k := range wish.Categories {
		c.category(i, k)
	}
	c.lastAdmin(record.People, wish.People)
	return c.faults
}

func byID[T any](id func(T) string, parts ...[]T) map[string]T {
	all := map[string]T{}
	for _, part := range parts {
		for _, row := range part {
			all[id(row)] = row
		}
	}
	return all
}

func (c *checker) fault(row int, field string, item int, says string, args ...any) {
	c.faults = append(c.faults, Fault{Row: row, Field: field, Item: item, Says: fmt.Sprintf(says, args...)})
}

func (c *checker) id(row int, id string) {
	if !identifier.MatchString(id) {
		c.fault(row, "id", -1, "must be an id: letters, digits, dot, colon, hyphen and underscore, at most 100")
	}
}

func (c *checker) named(row int, field, name string) {
	switch {
	case strings.TrimSpace(name) == "":
		c.fault(row, field, -1, "must not be blank")
	case len([]rune(name)) > maxName:
		c.fault(row, field, -1, "has at most %d characters", maxName)
	}
}

// here says whether a department is on record and not switched off.
func (c *checker) here(id string) bool {
	d, is := c.departments[id]
	return is && d.DisabledAt == nil
}

func (c *checker) department(row int, d models.Department) {
	c.id(row, d.ID)
	c.named(row, "name_zh", d.NameZH)
	c.named(row, "name_en", d.NameEN)
	if d.Supervising != "" && d.Supervising != d.ID && !c.here(d.Supervising) {
		c.fault(row, "supervising", -1, "%q is not on record", d.Supervising)
	}
}

func (c *checker) team(row int, t models.Team) {
	c.id(row, t.ID)
	c.named(row, "name_zh", t.NameZH)
	c.named(row, "name_en", t.NameEN)
	if _, is := c.departments[t.Department]; !is || t.DisabledAt == nil && !c.here(t.Department) {
		c.fault(row, "department", -1, "%q is not on record", t.Department)
	}
}

func (c *checker) person(row int, p models.Person) {
	c.id(row, p.ID)
	c.named(row, "name", p.Name)
	if p.Phone != "" && !callable(p.Phone) {
		c.fault(row, "phone", -1, "%q is not a phone number", p.Phone)
	}
	if p.Language != "" && !slices.Contains(models.Languages(), p.Language) {
		c.fault(row, "language", -1, "%q is none of %v", p.Language, models.Languages())
	}
	for i, l := range p.Languages {
		if !slices.Contains(models.Languages(), l) {
			c.fault(row, "languages", i, "%q is none of %v", l, models.Languages())
		}
	}
	for i, r := range p.Roles {
		if !slices.Contains(models.Roles(), r) {
			c.fault(row, "roles", i, "%q is none of %v", r, models.Roles())
		}
	}
	if p.DisabledAt == nil { // who left may belong to what is gone too
		c.belongs(row, p)
	}
}

// lastAdmin refuses to leave nobody who can change the organisation.
func (c *checker) lastAdmin(record, wish []models.Person) {
	for _, p := range c.people {
		if p.Admin() {
			return
		}
	}
	for i, p := range wish {
		if !slices.ContainsFunc(record, func(was models.Person) bool { return was.ID == p.ID && was.Admin() }) {
			continue
		}
		field := "roles"
		if p.DisabledAt != nil {
			field = "disabled"
		}
		c.fault(i, field, -1, "%s", models.ErrLastAdmin.Message)
	}
}

// belongs says whether what somebody points to is there.
func (c *checker) belongs(row int, p models.Person) {
	for i, d := range p.Departments {
		if !c.here(d) {
			c.fault(row, "departments", i, "%q is not on record", d)
		}
	}
	for i, id := range p.Teams {
		switch t, is := c.teams[id]; {
		case !is || t.DisabledAt != nil:
			c.fault(row, "teams", i, "%q is not on record", id)
		case !slices.Contains(p.Departments, t.Department):
			c.fault(row, "teams", i, "%q is a team of %q, where this person is not", id, t.Department)
		}
	}
	deputy, is := c.people[p.Deputy]
	switch {
	case p.Deputy == "":
	case p.Deputy == p.ID:
		c.fault(row, "deputy", -1, "nobody stands in for themselves")
	case !is || deputy.DisabledAt != nil || deputy.Service:
		c.fault(row, "deputy", -1, "%q is nobody who can stand in", p.Deputy)
	}
}

func (c *checker) category(row int, k models.Category) {
	c.id(row, k.ID)
	c.named(row, "name_zh", k.NameZH)
	c.named(row, "name_en", k.NameEN)
	if k.Parent == "" {
		return
	}
	if _, is := c.categories[k.Parent]; !is {
		c.fault(row, "parent", -1, "%q is not on record", k.Parent)
		return
	}
	above := k.Parent
	for range len(c.categories) {
		if above == k.ID {
			c.fault(row, "parent", -1, "a loop: %q lies below %q itself", k.Parent, k.ID)
			return
		}
		above = c.categories[above].Parent
	}
}

// callable says whether something can be a phone number: digits, at least three, with what people write
// between them.
func callable(number string) bool {
	digits := 0
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-() ", r):
			return false
		}
	}
	return digits >= 3 && len(number) <= 50
}
