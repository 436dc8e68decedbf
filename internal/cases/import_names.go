package cases

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"recourse/models"
)

// ImportNames are the departments, people and categories that a log names, and which of them may be put on
// record when nobody knows them. A value says whether an open case names it.
type ImportNames struct {
	Departments, People, Categories map[string]bool
	Create                          []string // "departments", "people", "categories"
}

// Take notes what a history names.
func (n *ImportNames) Take(a models.Adopted, open bool) {
	note := func(names *map[string]bool, name string) {
		if name == "" {
			return
		}
		if *names == nil {
			*names = map[string]bool{}
		}
		(*names)[name] = (*names)[name] || open
	}
	note(&n.Categories, a.Opened.Category)
	note(&n.Departments, a.Opened.Concerned)
	for _, m := range a.Moves {
		note(&n.Departments, m.Department)
		note(&n.People, m.Person)
	}
}

// importNames are the ids by which a log's names are known here.
type importNames struct {
	departments, people, categories map[string]string // id by name
	made                            ImportNames       // ids that are new
	units                           map[string]string // the department of a person on record who is in one alone
	names                           map[string]string // by id that is new
}

// settle finds out who the names of a log are. CodeInvalid: some are on record nowhere, and may not be put there.
func (s *Service) settle(ctx context.Context, wish ImportNames) (*importNames, error) {
	n := &importNames{departments: map[string]string{}, people: map[string]string{}, categories: map[string]string{}, names: map[string]string{}}
	departments, err := s.Store.Departments(ctx)
	if err != nil {
		return nil, err
	}
	people, err := s.Store.People(ctx)
	if err != nil {
		return nil, err
	}
	categories, err := s.Store.Categories(ctx)
	if err != nil {
		return nil, err
	}
	n.units = unitsOf(people)
	var unknown []string
	one := func(kind string, wanted map[string]bool, into map[string]string, made *map[string]bool, known map[string]bool) {
		*made = map[string]bool{}
		for _, name := range slices.Sorted(maps.Keys(wanted)) {
			id := identifier(name)
			if into[name] = id; known[name] || known[id] {
				continue
			}
			if !slices.Contains(wish.Create, kind) {
				unknown = append(unknown, fmt.Sprintf("%s %q", kind, name))
				continue
			}
			(*made)[id] = (*made)[id] || wanted[name]
			n.names[id] = name
		}
	}
	one("departments", wish.Departments, n.departments, &n.made.Departments, idsOf(departments, func(d models.Department) string { return d.ID }))
	one("people", wish.People, n.people, &n.made.People, idsOf(people, func(p models.Person) string { return p.ID }))
	one("categories", wish.Categories, n.categories, &n.made.Categories, idsOf(categories, func(c models.Category) string { return c.ID }))
	if len(unknown) > 0 {
		shown := unknown[:min(len(unknown), 20)]
		return nil, models.Invalid("/create", fmt.Sprintf(
			"the log names %d that are not on record: %s … Let them be put on record by create in the mapping, or translate those of its fields by values; whom its by names cannot be translated", len(unknown), strings.Join(shown, ", ")))
	}
	return n, nil
}

// unitsOf are the departments of those who are in one alone.
func unitsOf(people []models.Person) map[string]string {
	units := map[string]string{}
	for _, p := range people {
		if len(p.Departments) == 1 {
			units[p.ID] = p.Departments[0]
		}
	}
	return units
}

func idsOf[T any](rows []T, id func(T) string) map[string]bool {
	all := make(map[string]bool, len(rows))
	for _, r := range rows {
		all[id(r)] = true
	}
	return all
}

// plainID is what an id may look like.
var (
	plainID  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$`)
	notPlain = regexp.MustCompile(`[^A-Za-z0-9._:]+`)
)

// identifier is the id of a name: the name itself where it can be one, else what is plain of it and a digest,
// so that two names never share an id.
func identifier(name string) string {
	if plainID.MatchString(name) {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	plain := strings.Trim(notPlain.ReplaceAllString(name, "-"), "-._:")
	return strings.TrimPrefix(plain[:min(len(plain), 60)]+"-"+hex.EncodeToString(sum[:4]), "-")
}

// rename puts ids into a history in the place of names. Where the log does not say whose a case was, but who had it, it
// was their department's: else nobody could work on it, or hand it on when they leave.
func (n *importNames) rename(a *models.Adopted) {
	a.Opened.Category, a.Opened.Concerned = n.categories[a.Opened.Category], n.departments[a.Opened.Concerned]
	a.Moves = slices.Clone(a.Moves)
	holder := ""
	for i := range a.Moves {
		m := &a.Moves[i]
		m.Department, m.Person = n.departments[m.Department], n.people[m.Person]
		if !slices.Contains(handsOver, m.Kind) {
			continue
		}
		if m.Department == "" && n.units[m.Person] != "" {
			m.Department = n.units[m.Person]
			switch m.Inferred = true; {
			case m.Kind != models.KindAssigned || m.Department == holder:
			case holder == "":
				m.Kind = models.KindDispatched
			default:
				m.Kind = models.KindTransferred
			}
		}
		holder = cmp.Or(m.Department, holder)
	}
}

// handsOver are the moves that give a case to somebody.
var handsOver = []models.Kind{models.KindDispatched, models.KindAssigned, models.KindTransferred, models.KindReturned}

// newcomers are the rows of those that are new. Nobody signs in as them. What only closed cases name is
// switched off: it is there to be read, not to be given work.
func (n *importNames) newcomers(now time.Time) (new models.Newcomers) {
	off := func(open bool) *time.Time {
		if open {
			return nil
		}
		return &now
	}
	for _, id := range slices.Sorted(maps.Keys(n.made.Departments)) {
		new.Departments = append(new.Departments, models.Department{
			ID: id, NameZH: n.names[id], NameEN: n.names[id], CreatedAt: now, DisabledAt: off(n.made.Departments[id]),
		})
	}
	for _, id := range slices.Sorted(maps.Keys(n.made.People)) {
		new.People = append(new.People, models.Person{
			ID: id, Name: n.names[id], Language: models.LanguageZH, Roles: []models.Role{}, Departments: []string{}, Teams: []string{},
			Languages: []models.Language{}, CreatedAt: now, DisabledAt: &now,
		})
	}
	for _, id := range slices.Sorted(maps.Keys(n.made.Categories)) {
		new.Categories = append(new.Categories, models.Category{ID: id, NameZH: n.names[id], NameEN: n.names[id]})
	}
	return new
}
