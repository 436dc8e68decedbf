package console

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"recourse/internal/cases"
	"recourse/models"
)

// sheet is all that forms are drawn from: the case, as the visitor sees it, and the company.
type sheet struct {
	v *visit

	View        cases.View
	Moments     []cases.Moment
	People      []models.Person
	Departments []models.Department
	Categories  []models.Category
	Route       *models.Route // what the dispatch table proposes; nil: nothing, or it is not asked
}

// among offers a closed set by the names of its members.
func among[T any](set []T) func(*sheet) []option {
	return func(s *sheet) []option {
		options := make([]option, len(set))
		for i, member := range set {
			options[i] = option{fmt.Sprint(member), capital(s.v.Name(member))}
		}
		return options
	}
}

func yesOrNo(s *sheet) []option {
	return []option{{"yes", s.v.Say("case.grant")}, {"no", s.v.Say("case.refuse")}}
}

func numbers(least, most int) []option {
	var options []option
	for n := least; n <= most; n++ {
		options = append(options, option{strconv.Itoa(n), strconv.Itoa(n)})
	}
	return options
}

func (s *sheet) departmentName(id string) string {
	i := slices.IndexFunc(s.Departments, func(d models.Department) bool { return d.ID == id })
	if i < 0 {
		return id
	}
	return nameIn(s.v.Language, s.Departments[i].NameZH, s.Departments[i].NameEN, id)
}

func (s *sheet) categoryName(id string) string {
	i := slices.IndexFunc(s.Categories, func(c models.Category) bool { return c.ID == id })
	if i < 0 {
		return id
	}
	return nameIn(s.v.Language, s.Categories[i].NameZH, s.Categories[i].NameEN, id)
}

// nameIn is a name in the reader's language, or in the other where there is none.
func nameIn(lang models.Language, zh, en, id string) string {
	if lang == models.LanguageZH {
		return cmp.Or(zh, en, id)
	}
	return cmp.Or(en, zh, id)
}

// personName is what somebody is called; their id where nobody knows them any more.
func (s *sheet) personName(id string) string {
	i := slices.IndexFunc(s.People, func(p models.Person) bool { return p.ID == id })
	if i < 0 {
		return id
	}
	return cmp.Or(s.People[i].Name, id)
}

// ownerName is a person or a department.
func (s *sheet) ownerName(id string) string {
	if slices.ContainsFunc(s.Departments, func(d models.Department) bool { return d.ID == id }) {
		return s.departmentName(id)
	}
	return s.personName(id)
}

func departmentsToChoose(s *sheet) []option {
	var options []option
	for _, d := range s.Departments {
		if d.DisabledAt == nil {
			options = append(options, option{d.ID, s.departmentName(d.ID)})
		}
	}
	return options
}

func ownDepartments(s *sheet) []option {
	options := slices.DeleteFunc(departmentsToChoose(s), func(o option) bool { return !s.v.Actor.In(o.Value) })
	return options
}

func categoriesToChoose(s *sheet) []option {
	options := make([]option, len(s.Categories))
	for i, c := range s.Categories {
		options[i] = option{c.ID, s.categoryName(c.ID)}
		if c.Parent != "" {
			options[i].Says = s.categoryName(c.Parent) + " / " + options[i].Says
		}
	}
	return options
}

// people offers those of whom this holds, with the departments they belong to.
func (s *sheet) people(who func(models.Person) bool) []option {
	var options []option
	for _, p := range s.People {
		if p.DisabledAt != nil || p.Service || slices.Contains(s.View.Case.Named, p.ID) || !who(p) {
			continue
		}
		says := cmp.Or(p.Name, p.ID)
		if len(p.Departments) > 0 {
			says += " · " + s.departmentName(p.Departments[0])
		}
		options = append(options, option{p.ID, says})
	}
	return options
}

func handles(p models.Person) bool {
	return slices.Contains(p.Roles, models.RoleHandler) || slices.Contains(p.Roles, models.RoleDepartmentHead)
}

func handlersToChoose(s *sheet) []option { return s.people(handles) }

func colleaguesToChoose(s *sheet) []option {
	return s.people(func(p models.Person) bool {
		return handles(p) && slices.Contains(p.Departments, s.View.Case.Department)
	})
}

func everybodyToChoose(s *sheet) []option { return s.people(func(models.Person) bool { return true }) }

func ownersToChoose(s *sheet) []option { return append(handlersToChoose(s), departmentsToChoose(s)...) }

// entriesToVoid are the entries that people made, latest first; the first one stays.
func entriesToVoid(s *sheet) []option {
	var options []option
	for _, m := range slices.Backward(s.Moments) {
		if m.Event.Seq > 1 && m.Event.Actor.Kind != models.ActorSystem {
			options = append(options, option{
				strconv.FormatInt(m.Event.Seq, 10),
				fmt.Sprintf("%d · %s · %s", m.Event.Seq, capital(s.v.Name(m.Event.Kind)), s.v.Short(m.Event.DecidedAt, s.v.c.Now(), s.v.Zone)),
			})
		}
	}
	return options
}

func usualChannel(s *sheet) string {
	if same := s.View.Case.Channel.AnsweredBy(); len(same) > 0 {
		return string(same[0])
	}
	return ""
}

func ofCustomer(s *sheet) string { return string(cmp.Or(s.View.Case.Nature, models.NatureCustomer)) }

func proposed(part func(models.Route) string) func(*sheet) string {
	return func(s *sheet) string {
		if s.Route == nil {
			return ""
		}
		return part(*s.Route)
	}
}

func attemptNow(s *sheet) string {
	if s.View.Call == nil {
		return ""
	}
	return strconv.Itoa(s.View.Call.Attempt)
}

// measure asks for one measure of a solution; the first one is needed.
func measure(i int) field {
	at := fmt.Sprintf("measures.%d", i)
	return field{Name: at, Kind: fieldSet, Folded: i > 0, Parts: []field{
		{Name: at + ".text", Kind: fieldWords, Required: i == 0},
		{Name: at + ".owner", Kind: fieldChoice, Required: i == 0, Options: ownersToChoose},
		{Name: at + ".due", Kind: fieldInstant, Required: i == 0},
	}}
}

// What follows says of a verb whether it can come to anything on this case, by this visitor, beyond
// what law and roles say. The kernel decides all the same.

func isHead(s *sheet) bool {
	return s.v.Actor.Is(models.RoleDepartmentHead) && s.v.Actor.In(s.View.Case.Department)
}

func fitsSettle(s *sheet) bool {
	c := s.View.Case
	return c.Severity == models.SeverityGeneral && !c.Nature.Guarded() && c.FirstDispatchedAt == nil && len(ownDepartments(s)) > 0
}

func fitsCallback(s *sheet) bool {
	return s.View.Call != nil && (!s.v.Actor.In(s.View.Case.Department) || s.v.Actor.Is(models.RoleSupervisor))
}

func decidesSolution(s *sheet) bool { return s.View.ProposedBy != s.v.Actor.ID }

func decidesSomething(s *sheet) bool { return slices.ContainsFunc(s.View.Requests, s.decides) }

// decides says whether the visitor decides on a request.
func (s *sheet) decides(r cases.RequestView) bool {
	return r.What != models.RequestApproveSolution && r.Asker != s.v.Actor.ID && s.v.Actor.Is(r.Decider)
}

func askedSomething(s *sheet) bool {
	return slices.ContainsFunc(s.View.Requests, func(r cases.RequestView) bool { return r.Asker == s.v.Actor.ID })
}

func notAsked(what models.RequestKind) func(*sheet) bool {
	return func(s *sheet) bool {
		return !slices.ContainsFunc(s.View.Requests, func(r cases.RequestView) bool { return r.What == what })
	}
}

func both(one, other func(*sheet) bool) func(*sheet) bool {
	return func(s *sheet) bool { return one(s) && other(s) }
}

func notPaused(s *sheet) bool { return s.View.Case.PauseReason == "" }

func canBeLower(s *sheet) bool { return s.View.Case.Severity != models.SeverityGeneral }

func hasTask(s *sheet) bool { return len(s.View.Tasks) > 0 }

func hasOwnTask(s *sheet) bool {
	return slices.ContainsFunc(s.View.Tasks, func(t cases.TaskView) bool { return s.v.Actor.In(t.Department) })
}
