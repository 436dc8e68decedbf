package policy_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/policy"
	"recourse/models"
)

// firm has three departments, one team and a small tree; "closed" is switched off.
func firm() policy.Company {
	gone := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	return policy.CompanyOf(models.Company{
		Departments: []models.Department{
			{ID: "service", Supervising: "legal"},
			{ID: "repairs", Supervising: "legal"},
			{ID: "legal", Supervising: "legal"},
			{ID: "closed", DisabledAt: &gone},
		},
		Teams:      []models.Team{{ID: "north", Department: "repairs"}, {ID: "old", Department: "closed"}},
		Categories: []models.Category{{ID: "product"}, {ID: "product.safety", Parent: "product"}, {ID: "billing"}, {ID: "a", Parent: "b"}, {ID: "b", Parent: "a"}},
	})
}

const table = `{"rules":[
	{"name":"safety","match":{"category":"product.safety","severity":"urgent"},"department":"legal","auto":true,
	 "examples":[{"facts":{"category":"product.safety","severity":"urgent"}},{"facts":{"category":"product.safety"},"department":"repairs"}]},
	{"name":"kettles","match":{"category":"product","product":"Kettle*","region":"North"},"department":"repairs","team":"north","supervising":"service"},
	{"name":"products","match":{"category":"product"},"department":"repairs"},
	{"name":"posts","match":{"channel":"social"},"department":"service"}],
	"fallback":{"department":"service"}}`

func read(t *testing.T, document string) policy.DispatchTable {
	t.Helper()
	read, err := policy.ReadDispatchTable([]byte(document))
	require.NoError(t, err)
	return read
}

func TestTheFirstRuleThatMatchesDecides(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		facts policy.DispatchFacts
		want  models.Route
	}{
		"all of a rule must hold":       {policy.DispatchFacts{Category: "product.safety", Severity: models.SeverityUrgent}, models.Route{Rule: "safety", Department: "legal", Supervising: "legal", Auto: true}},
		"a category counts its parents": {policy.DispatchFacts{Category: "product.safety"}, models.Route{Rule: "products", Department: "repairs", Supervising: "legal"}},
		"capitals do not count":         {policy.DispatchFacts{Category: "product", Product: "KETTLE 3", Region: "NORTH"}, models.Route{Rule: "kettles", Department: "repairs", Supervising: "service"}},
		"another region":                {policy.DispatchFacts{Category: "product", Product: "kettle", Region: "south"}, models.Route{Rule: "products", Department: "repairs", Supervising: "legal"}},
		"by channel alone":              {policy.DispatchFacts{Channel: models.ChannelSocial}, models.Route{Rule: "posts", Department: "service", Supervising: "legal"}},
		"none: the fallback":            {policy.DispatchFacts{Category: "billing", Channel: models.ChannelPhone}, models.Route{Rule: "fallback", Department: "service", Supervising: "legal"}},
		"a loop in the tree ends":       {policy.DispatchFacts{Category: "a"}, models.Route{Rule: "fallback", Department: "service", Supervising: "legal"}},
	} {
		require.Equal(t, &tt.want, policy.Propose(read(t, table), tt.facts, firm()).Route(""), name)
	}
}

func TestAProposalSaysWhyEarlierRulesDidNotMatch(t *testing.T) {
	t.Parallel()
	p := policy.Propose(read(t, table), policy.DispatchFacts{Category: "product", Product: "kettle", Region: "south"}, firm())
	require.Equal(t, []policy.Miss{{Rule: "safety", Why: policy.MissCategory}, {Rule: "kettles", Why: policy.MissRegion}}, p.Passed)
	require.Equal(t, 2, p.At)
}

func TestNoRulePointsToADepartmentThatIsGone(t *testing.T) {
	t.Parallel()
	in := firm()
	delete(in.Departments, "repairs")
	p := policy.Propose(read(t, table), policy.DispatchFacts{Category: "product"}, in)
	require.Equal(t, "service", p.Department)
	require.Equal(t, policy.Miss{Rule: "products", Why: policy.MissDepartment}, p.Passed[2])

	delete(in.Departments, "service")
	p = policy.Propose(read(t, table), policy.DispatchFacts{}, policy.Company{Departments: in.Departments, First: "legal"})
	require.Equal(t, "legal", p.Department, "the fallback is gone too: the first department")
	require.Nil(t, policy.Propose(policy.DispatchTable{}, policy.DispatchFacts{}, policy.CompanyOf(models.Company{})).Route(""), "there is none at all")
	require.Equal(t, "legal", policy.Propose(policy.DispatchTable{}, policy.DispatchFacts{}, firm()).Department, "without a table")
}

func TestPatternsOfProducts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, product string
		matches          bool
	}{
		{"*", "", true},
		{"*", "冰箱", true},
		{"冰箱*", "冰箱 300L", true},
		{"冰箱*", "电冰箱", false},
		{"*冰箱*", "电冰箱 3", true},
		{"K-?", "k-1", true},
		{"K-?", "K-12", false},
		{"a*b*c", "aXbYbZc", true},
		{"a*b*c", "ac", false},
		{strings.Repeat("*a", 50), strings.Repeat("a", 5000) + "b", false},
	} {
		one := policy.DispatchTable{Rules: []policy.DispatchRule{{Name: "r", Match: policy.DispatchMatch{Product: tt.pattern}, Destination: policy.Destination{Department: "x"}}}}
		require.Equal(t, tt.matches, policy.Propose(one, policy.DispatchFacts{Product: tt.product}, policy.Company{}).At == 0, "%s %s", tt.pattern, tt.product)
	}
}

func TestASoundTableHasNoFaults(t *testing.T) {
	t.Parallel()
	require.Empty(t, policy.CheckDispatch(read(t, table), firm()))
	require.Empty(t, policy.CheckDispatch(policy.DispatchTable{}, firm()))
}

func TestFaultsNameTheirPath(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		document, path, says string
		warning              bool
	}{
		"no name":              {`{"rules":[{"department":"service"}]}`, "/rules/0/name", "name", false},
		"the fallback's name":  {`{"rules":[{"name":"fallback","department":"service"}]}`, "/rules/0/name", "fallback", false},
		"a name twice":         {`{"rules":[{"name":"a","match":{"region":"x"},"department":"service"},{"name":"a","department":"service"}]}`, "/rules/1/name", "rule 0", false},
		"no department":        {`{"rules":[{"name":"a"}]}`, "/rules/0/department", "which department", false},
		"unknown department":   {`{"rules":[{"name":"a","department":"moon"}]}`, "/rules/0/department", `"moon"`, false},
		"switched off":         {`{"rules":[{"name":"a","department":"closed"}]}`, "/rules/0/department", "switched off", false},
		"another's team":       {`{"rules":[{"name":"a","department":"service","team":"north"}]}`, "/rules/0/team", `"north"`, false},
		"unknown supervisor":   {`{"rules":[{"name":"a","department":"service","supervising":"moon"}]}`, "/rules/0/supervising", `"moon"`, false},
		"unknown category":     {`{"rules":[{"name":"a","match":{"category":"moon"},"department":"service"}]}`, "/rules/0/match/category", `"moon"`, false},
		"unknown channel":      {`{"rules":[{"name":"a","match":{"channel":"pigeon"},"department":"service"}]}`, "/rules/0/match/channel", "phone", false},
		"unknown severity":     {`{"rules":[{"name":"a","match":{"severity":"dire"},"department":"service"}]}`, "/rules/0/match/severity", "urgent", false},
		"unknown fallback":     {`{"rules":[],"fallback":{"department":"moon"}}`, "/fallback/department", `"moon"`, false},
		"half a fallback":      {`{"rules":[],"fallback":{"team":"north"}}`, "/fallback/department", "which", false},
		"an example elsewhere": {`{"rules":[{"name":"a","match":{"category":"product"},"department":"repairs","examples":[{"facts":{"category":"billing"}}]}],"fallback":{"department":"service"}}`, "/rules/0/examples/0", `goes to "service" by the fallback, and should go to "repairs"`, false},
		"an unknown example":   {`{"rules":[{"name":"a","department":"repairs","examples":[{"facts":{"category":"moon"}}]}]}`, "/rules/0/examples/0/facts/category", "moon", false},
		"behind a wider rule":  {`{"rules":[{"name":"a","match":{"category":"product"},"department":"repairs"},{"name":"b","match":{"category":"product.safety","region":"x"},"department":"legal"}]}`, "/rules/1", "rule 0 (a)", true},
		"behind a wider glob":  {`{"rules":[{"name":"a","match":{"product":"k*"},"department":"repairs"},{"name":"b","match":{"product":"K-1*"},"department":"legal"}]}`, "/rules/1", "rule 0 (a)", true},
	} {
		faults := policy.CheckDispatch(read(t, tt.document), firm())
		require.Len(t, faults, 1, name)
		require.Equal(t, tt.path, faults[0].Path, name)
		require.Contains(t, faults[0].Says, tt.says, name)
		require.Equal(t, tt.warning, faults[0].Warning, name)
		require.Equal(t, !tt.warning, policy.Grave(faults), name)
	}
}

func TestARuleBehindANarrowerOneIsReached(t *testing.T) {
	t.Parallel()
	for _, rules := range []string{
		`{"name":"a","match":{"category":"product.safety"},"department":"legal"},{"name":"b","match":{"category":"product"},"department":"repairs"}`,
		`{"name":"a","match":{"product":"k?"},"department":"legal"},{"name":"b","match":{"product":"k*"},"department":"repairs"}`,
		`{"name":"a","match":{"product":"k*"},"department":"legal"},{"name":"b","department":"repairs"}`,
		`{"name":"a","match":{"channel":"phone"},"department":"legal"},{"name":"b","match":{"region":"x"},"department":"repairs"}`,
	} {
		require.Empty(t, policy.CheckDispatch(read(t, `{"rules":[`+rules+`]}`), firm()), rules)
	}
}

func TestATableWithAFieldThatNobodyKnowsIsRefused(t *testing.T) {
	t.Parallel()
	for _, document := range []string{`{"rulez":[]}`, `{"rules":[{"match":{"catgory":"x"}}]}`, `[]`, ``, `{"rules":[]}{}`} {
		_, err := policy.ReadDispatchTable([]byte(document))
		require.Error(t, err, document)
	}
}

func TestATableSurvivesTheJourneyThroughJSON(t *testing.T) {
	t.Parallel()
	first := read(t, table)
	body, err := json.Marshal(first)
	require.NoError(t, err)
	require.Equal(t, first, read(t, string(body)))
}

func TestAPersonIsChosenByLanguageThenLoadThenID(t *testing.T) {
	t.Parallel()
	gone := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	handler := func(id string, l models.Language, change ...func(*models.Person)) models.Person {
		p := models.Person{ID: id, Language: l, Roles: []models.Role{models.RoleHandler}, Departments: []string{"repairs"}}
		for _, c := range change {
			c(&p)
		}
		return p
	}
	people := []models.Person{
		handler("dee", models.LanguageZH, func(p *models.Person) { p.Teams = []string{"north"} }),
		handler("cid", models.LanguageZH),
		handler("ann", models.LanguageEN, func(p *models.Person) { p.Languages = []models.Language{models.LanguageZH} }),
		handler("off", models.LanguageZH, func(p *models.Person) { p.DisabledAt = &gone }),
		handler("bot", models.LanguageZH, func(p *models.Person) { p.Service = true }),
		handler("sam", models.LanguageZH, func(p *models.Person) { p.Departments = []string{"service"} }),
		handler("boss", models.LanguageZH, func(p *models.Person) { p.Roles = []models.Role{models.RoleDepartmentHead} }),
	}
	repairs, north := policy.Destination{Department: "repairs"}, policy.Destination{Department: "repairs", Team: "north"}
	load := policy.Load{Open: map[string]int{"ann": 2, "cid": 1, "dee": 1}}
	require.Equal(t, "cid", policy.PersonFor(people, repairs, models.LanguageZH, load), "as few as dee, and first by id")
	require.Equal(t, "ann", policy.PersonFor(people, repairs, models.LanguageEN, load), "the only one who speaks it")
	require.Equal(t, "dee", policy.PersonFor(people, north, models.LanguageEN, load), "nobody of the team does: anybody")
	load.Absent = map[string]bool{"cid": true, "ann": true}
	require.Equal(t, "dee", policy.PersonFor(people, repairs, models.LanguageEN, load))
	load.Absent["dee"] = true
	require.Empty(t, policy.PersonFor(people, repairs, models.LanguageZH, load))
}
