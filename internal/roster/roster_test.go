package roster_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/roster"
	"recourse/models"
)

var (
	monday = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	before = monday.AddDate(-1, 0, 0)
)

// company is what is on record before a file comes.
func company() models.Company {
	return models.Company{
		Departments: []models.Department{
			{ID: "legal", NameZH: "法务", NameEN: "Legal", CreatedAt: before},
			{ID: "repairs", NameZH: "维修", NameEN: "Repairs", Supervising: "legal", CreatedAt: before},
			{ID: "closed", NameZH: "旧", NameEN: "Old", CreatedAt: before, DisabledAt: &before},
		},
		Teams: []models.Team{{ID: "north", Department: "repairs", NameZH: "北", NameEN: "North", CreatedAt: before}},
		People: []models.Person{
			{ID: "ann", Name: "Ann", Email: "ann@x", Language: models.LanguageEN, Roles: []models.Role{models.RoleHandler}, Departments: []string{"repairs"}, CreatedAt: before},
			{ID: "off", Name: "Off", DisabledAt: &before},
		},
		Categories: []models.Category{{ID: "a", NameZH: "甲", NameEN: "A"}, {ID: "a.b", Parent: "a", NameZH: "乙", NameEN: "B"}},
	}
}

func read(t *testing.T, kind, file string) roster.Import {
	t.Helper()
	got, err := roster.Read(kind, strings.NewReader(file), company(), monday)
	require.NoError(t, err)
	return got
}

func lines[T interface{ String() string }](of []T) []string {
	said := []string{}
	for _, one := range of {
		said = append(said, one.String())
	}
	return said
}

func TestAFileIsReadInEitherLanguage(t *testing.T) {
	t.Parallel()
	for _, file := range []string{
		"id,name_zh,name_en,supervising\nsouth,南方部,South,legal\n",
		"\xef\xbb\xbf编号,名称,英文名称,监督部门\r\nsouth,南方部,South,legal\r\n",
		"NAME_EN, ID ,Name_zh,supervising\n\"South\",south, 南方部 ,legal",
	} {
		got := read(t, "departments", file)
		require.Empty(t, got.Faults)
		require.Equal(t, []models.Department{{ID: "south", NameZH: "南方部", NameEN: "South", Supervising: "legal", CreatedAt: monday}}, got.Wish.Departments)
	}
}

func TestWhatAFileDoesNotSayStays(t *testing.T) {
	t.Parallel()
	got := read(t, "people", "工号,姓名,角色,小组\nann,Ann Li,handler；department_head,north\nbea,Bea,intake,\n")
	require.Empty(t, got.Faults)
	ann := company().People[0]
	ann.Name, ann.Roles, ann.Teams = "Ann Li", []models.Role{models.RoleHandler, models.RoleDepartmentHead}, []string{"north"}
	require.Equal(t, ann, got.Wish.People[0])
	require.Equal(t, []string{
		`~ ann: name "Ann" → "Ann Li", roles "handler" → "handler;department_head", teams "" → "north"`,
		`+ bea: name "Bea", roles "intake"`,
	}, lines(got.Changes))
}

func TestTheSameFileChangesNothingTheSecondTime(t *testing.T) {
	t.Parallel()
	file := "id,parent,name_zh,name_en\na.b.c,a.b,丙,C\na,,甲,A\na.b,a,乙,B\n"
	first := read(t, "categories", file)
	require.Empty(t, first.Faults)
	require.Equal(t, 2, first.Same)
	record := company()
	record.Categories = append(record.Categories, first.Wish.Categories...)
	again, err := roster.Read("categories", strings.NewReader(file), record, monday)
	require.NoError(t, err)
	require.Empty(t, again.Changes)
	require.Equal(t, 3, again.Same)
}

func TestSwitchingOffKeepsTheFirstInstant(t *testing.T) {
	t.Parallel()
	got := read(t, "departments", "id,disabled\nclosed,是\nlegal,yes\n")
	require.Empty(t, got.Faults)
	require.Equal(t, 1, got.Same)
	require.Equal(t, &monday, got.Wish.Departments[0].DisabledAt)
	got = read(t, "departments", "id,disabled\nclosed,no\n")
	require.Nil(t, got.Wish.Departments[0].DisabledAt)
}

func TestFaultsNameLineAndColumn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ kind, file, want string }{
		"an unknown column":      {"teams", "id,colour\n", "line 1, column 2 (colour): there is no such column; there are id (编号)"},
		"a column twice":         {"teams", "id,编号\n", "line 1, column 2 (编号): this column is here twice"},
		"no id":                  {"teams", "名称\n北\n", "line 1: there is no column id"},
		"a short row":            {"teams", "id,department,name_zh,name_en\nx,repairs\n", "line 2: it has 2 columns, the header has 4"},
		"an id twice":            {"categories", "id,name_zh,name_en\nx,一,X\n\nx,二,Y\n", `line 4, column 1 (id): "x" stands in line 2 already`},
		"no proper id":           {"categories", "id,name_zh,name_en\n质量,一,X\n", "line 2, column 1 (id): must be an id"},
		"no name":                {"categories", "id,名称,name_en\nx, ,X\n", "line 2, column 2 (名称): must not be blank"},
		"no column for the name": {"categories", "id,name_zh\nx,一\n", "line 2: name_en must not be blank"},
		"a loop":                 {"categories", "id,上级\na,a.b\n", `line 2, column 2 (上级): a loop: "a.b" lies below "a" itself`},
		"its own parent":         {"categories", "id,parent\na,a\n", `line 2, column 2 (parent): a loop`},
		"an unknown parent":      {"categories", "id,parent\na,z\n", `line 2, column 2 (parent): "z" is not on record`},
		"an unknown department":  {"teams", "id,部门,name_zh,name_en\nx,moon,一,X\n", `line 2, column 2 (部门): "moon" is not on record`},
		"a closed department":    {"people", "id,departments\nann,repairs;closed\n", `line 2, column 2 (departments): "closed" is not on record`},
		"an unknown role":        {"people", "id,角色\nann,king\n", `line 2, column 2 (角色): "king" is none of`},
		"an unknown language":    {"people", "id,language\nann,fr\n", `line 2, column 2 (language): "fr" is none of`},
		"a team of elsewhere":    {"people", "id,departments,teams\nann,legal,north\n", `line 2, column 3 (teams): "north" is a team of "repairs", where this person is not`},
		"a deputy who is gone":   {"people", "id,deputy\nann,off\n", `line 2, column 2 (deputy): "off" is nobody who can stand in`},
		"their own deputy":       {"people", "id,代理人\nann,ann\n", `line 2, column 2 (代理人): nobody stands in for themselves`},
		"neither yes nor no":     {"people", "id,disabled\nann,maybe\n", `line 2, column 2 (disabled): "maybe" is neither yes nor no`},
		"an unknown supervisor":  {"departments", "id,supervising\nlegal,moon\n", `line 2, column 2 (supervising): "moon" is not on record`},
	} {
		got := read(t, tt.kind, tt.file)
		require.Len(t, got.Faults, 1, name)
		require.Contains(t, got.Faults[0].String(), tt.want, name)
	}
}

func TestAFileThatCannotBeReadIsRefusedWhole(t *testing.T) {
	t.Parallel()
	for file, says := range map[string]string{"": "empty", "id,name\n\xff\xfe,x\n": "UTF-8", "id,name\n\"x": "line 2"} {
		_, err := roster.Read("people", strings.NewReader(file), company(), monday)
		require.ErrorContains(t, err, says)
	}
	_, err := roster.Read("cities", strings.NewReader(""), company(), monday)
	require.ErrorContains(t, err, "none of")
}

func TestWhoLeftMayBelongToWhatIsGone(t *testing.T) {
	t.Parallel()
	require.Empty(t, read(t, "people", "id,departments,deputy,disabled\nann,closed,off,yes\n").Faults)
}

func TestAFaultPointsIntoItsRow(t *testing.T) {
	t.Parallel()
	faults := roster.Check(company(), models.Company{People: []models.Person{{ID: "x", Departments: []string{"legal", "moon"}}}})
	require.Len(t, faults, 2)
	require.Equal(t, "/name", faults[0].Pointer())
	require.Equal(t, "/departments/1", faults[1].Pointer())
}

func TestTheLastAdminStaysByFileToo(t *testing.T) {
	t.Parallel()
	record := company()
	record.People = append(record.People, models.Person{ID: "amy", Name: "Amy", Roles: []models.Role{models.RoleAdmin}, CreatedAt: before})
	for file, want := range map[string][]string{
		"id,name,roles\namy,Amy,intake\n":                                 {"line 2, column 3 (roles): this is the last admin: make another one first"},
		"id,name,roles,disabled\nann,Ann,handler,no\namy,Amy,admin,yes\n": {"line 3, column 4 (disabled): this is the last admin: make another one first"},
		"id,name,roles\namy,Amy,intake\nann,Ann,admin\n":                  {},
		"id,name,roles\nann,Ann,\n":                                       {},
	} {
		got, err := roster.Read("people", strings.NewReader(file), record, monday)
		require.NoError(t, err)
		require.Equal(t, want, lines(got.Faults), file)
	}
	record.People = record.People[:len(record.People)-1]
	got, err := roster.Read("people", strings.NewReader("id,name,roles\nann,Ann,\n"), record, monday)
	require.NoError(t, err)
	require.Empty(t, got.Faults, "where there was none, nobody is the last")
}
