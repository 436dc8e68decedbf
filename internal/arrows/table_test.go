package arrows_test

// row says what a package may import. It speaks for all packages below it that
// have no row of their own; they may import each other.
type row struct {
	from   string
	ours   []string // packages of this module
	others []string // prefixes of other people's packages; the standard library is open to all
}

var (
	everything = []string{"*"}
	nothing    []string
)

// table is the arrows of the architecture. A package that is not in it fails the
// test: say first what it may know.
var table = []row{
	{"models", nothing, nothing},
	{"internal/lifecycle", []string{"models"}, nothing},
	{"internal/calendar", []string{"models"}, nothing},
	{"internal/document", nothing, []string{"go.yaml.in/yaml/"}},
	{"internal/policy", []string{"internal/calendar", "internal/document", "models"}, []string{"go.yaml.in/yaml/"}},
	{"internal/policies", []string{"internal/policy", "models"}, nothing},
	{"internal/daylist", []string{"internal/calendar"}, []string{"github.com/arran4/golang-ical", "golang.org/x/text/"}},
	{"internal/kpi", []string{"internal/stats", "models"}, nothing},
	{"internal/report", []string{"internal/kpi", "models"}, nothing},
	{"internal/signals", []string{"internal/kpi", "internal/stats", "models"}, nothing},
	{"internal/stats", nothing, []string{"gonum.org/v1/gonum/"}},
	{"internal/figures", []string{"internal/kpi", "internal/policies", "models"}, nothing},
	{"internal/extract", []string{"internal/kpi", "internal/lifecycle", "internal/sheet", "models"}, nothing},
	{"internal/roster", []string{"models"}, nothing},
	{"internal/uptime", []string{"models"}, nothing},
	{"internal/duty", nothing, nothing},
	{"internal/endpoints", []string{"models"}, nothing},
	{"internal/sheet", nothing, []string{"github.com/xuri/excelize/v2", "golang.org/x/text/"}},

	{"workflows/contract", []string{"internal/lifecycle", "models"}, []string{"go.temporal.io/"}},
	{"workflows", []string{"workflows/contract", "internal/lifecycle", "models"}, []string{"go.temporal.io/"}},
	{"activities", []string{"workflows/contract", "internal/lifecycle", "models"}, everything},
	{"worker", []string{"workflows", "workflows/contract", "activities", "models"}, everything},

	{"api", []string{"internal/cases", "internal/extract", "internal/figures", "internal/kpi", "internal/report", "internal/throttle", "models"}, everything},
	{"console", []string{"internal/cases", "internal/extract", "internal/figures", "internal/kpi", "internal/paper", "internal/report", "internal/simulate", "internal/throttle", "internal/words", "models"}, everything},
	{"internal/cases", []string{"internal/calendar", "internal/daylist", "internal/endpoints", "internal/search", "internal/templates", "workflows/contract", "internal/lifecycle", "internal/policies", "internal/policy", "internal/kpi", "internal/roster", "internal/duty", "internal/uptime", "internal/files", "internal/password", "models"}, everything},
	{"internal/cases/casestest", []string{"workflows/contract", "internal/lifecycle", "models"}, nothing}, // stands in for the engine in tests
	{"internal/files", []string{"models"}, nothing},
	{"internal/export", []string{"internal/files", "models"}, nothing},

	{"internal/engine", []string{"workflows/contract", "internal/lifecycle", "models"}, everything},
	{"internal/store", []string{"models"}, everything},
	{"internal/store/storetest", []string{"internal/store", "internal/pgtest", "models"}, everything},
	{"internal/check", []string{"internal/lifecycle", "models"}, everything},
	{"internal/check/checktest", []string{"activities", "workflows/contract", "internal/lifecycle", "internal/policy", "internal/store", "internal/vault", "models"}, everything},
	{"internal/vault", nothing, nothing},
	{"internal/password", []string{"models"}, []string{"golang.org/x/crypto/"}},
	{"internal/throttle", nothing, []string{"golang.org/x/time/"}},
	{"internal/words", []string{"models"}, []string{"github.com/nicksnyder/go-i18n/", "golang.org/x/text/"}},
	{"internal/search", nothing, []string{"golang.org/x/text/"}},
	{"internal/templates", []string{"internal/words", "models"}, nothing},
	{"internal/notify", []string{"internal/duty", "internal/endpoints", "internal/templates", "internal/words", "models"}, []string{"github.com/wneessen/go-mail", "golang.org/x/time/"}},
	{"internal/config", []string{"models"}, everything},
	{"internal/telemetry", nothing, everything},
	{"internal/samples", []string{"activities", "internal/cases", "internal/lifecycle", "workflows/contract", "models"}, everything},
	{"internal/paper", nothing, nothing},
	{"internal/history", []string{"internal/document", "internal/sheet", "models"}, []string{"go.yaml.in/yaml/"}},
	{"internal/simulate", []string{"internal/duty", "internal/kpi", "internal/lifecycle", "internal/policy", "models"}, nothing},
	{"internal/submit", []string{"internal/sheet", "models"}, everything},
	{"internal/backup", []string{"models"}, everything},
	{"deploy", nothing, nothing},
	{"docs", nothing, nothing},

	{"internal/pgtest", nothing, []string{"github.com/jackc/pgx/v5"}},
	{"internal/arrows", nothing, nothing},
	{"internal/browser", nothing, []string{"github.com/chromedp/"}}, // looks at pages for tests and pictures
	{"internal/tools", nothing, nothing},
	{"internal/tools/shoot", []string{"internal/browser"}, nothing},
	{"internal/tools/docgen", []string{"internal/lifecycle", "internal/policy", "models"}, nothing},
	{"devserver", nothing, everything}, // its own module: nothing of ours reaches its dependencies, nor the other way round

	{"cmd", everything, everything},
	{"internal/bench", []string{"internal/cases", "internal/pgtest", "internal/policy", "internal/store", "models"}, everything},
	{"internal/rig", everything, everything}, // puts the product together for tests; no other row lets it in
	{"e2e", everything, everything},
	{"examples", everything, everything},
}

// rooms are libraries that only some packages speak, whatever their row says.
var rooms = []struct {
	library string
	only    []string // these may, nobody else
	never   []string // these may not, everybody else
}{
	{library: "gorm.io/", only: []string{"internal/store"}},
	{library: "go.temporal.io/", never: []string{"api", "console"}},
}
