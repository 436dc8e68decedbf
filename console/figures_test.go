package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/kpi"
	"recourse/models"
)

// countedDesk is a company with a little of everything that figures count.
func countedDesk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	for i := range 6 {
		d.dispatched(t, told("case "+strconv.Itoa(i)))
		d.wait(5 * time.Hour)
	}
	d.resulted(t)
	d.offered(t, d.resulted(t), 30*24*time.Hour)
	closed := d.resulted(t)
	d.act(t, "supervisor", closed, cases.Wish{Verb: models.VerbClose, Data: models.Closed{}, Words: map[string]string{models.TextReason: "they are content"}})
	d.wait(48 * time.Hour)
	d.open(t, told("late already"))
	d.wait(time.Minute)
	return d
}

func TestASupersededFigureLeadsToItsOwnCases(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	page := w.get(t, "/figures/timely_rate@1?period=90")
	require.Equal(t, http.StatusOK, page.Code, page.Text())
	require.Contains(t, page.Body, `href="/figures/timely_rate@1/cases?`)
	require.NotContains(t, page.Body, `href="/figures/timely_rate/cases`)
}

func TestAFigureCanBeTakenAwayFromItsPage(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	page := w.get(t, "/figures/resolution_time?period=90&by=severity&severity=general")
	for table, holds := range map[string]string{"summary": "resolution_time", "trend": "resolution_time", "breakdown": "general"} {
		to := linkTo(t, page, "/extracts/"+table)
		require.Contains(t, to, "severity=general", "with the filters of the page")
		got := w.get(t, to)
		require.Equal(t, http.StatusOK, got.Code, got.Body)
		require.Contains(t, got.Body, holds, table)
		require.Contains(t, got.Body, "resolution_time", table)
		require.NotContains(t, got.Body, "received", "and no other figure")
	}
	all := w.get(t, linkTo(t, w.get(t, "/figures/all"), "/extracts/summary")).Body
	for _, m := range kpi.Measures() {
		require.Contains(t, all, m.Key)
	}
}

func TestWeightsAreToldInTheirUnit(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	require.Regexp(t, `0\.0 of [0-9.,]+ hours`, w.get(t, "/figures/pause_share?period=90").Text())
	require.Regexp(t, `weight [0-9.]+ of [0-9.]+, of \d+ answers?`, w.get(t, "/figures/csat_weighted?period=90").Text())
}

func TestBarsOfNamesAreDrawnWithEveryName(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	require.Regexp(t, `data-chart="load"[^>]* data-named`, w.get(t, "/simulator?period=30&run=1").Body)
	require.Regexp(t, `data-chart="parts"[^>]* data-lie`, w.get(t, "/figures/received?period=90").Body)
}

func TestEveryFigureIsShownOnEveryPage(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	for _, lang := range models.Languages() {
		require.NoError(t, d.store.PutLanguage(t.Context(), "supervisor", lang))
		for _, m := range append(kpi.Measures(), kpi.Retired()...) {
			key := m.Key
			if m.Retired {
				key = m.ID()
			}
			for _, path := range []string{"/figures?kpi=" + key, "/figures/" + key + "?by=severity&and=department", "/figures/" + key + "?by=product&step=week", "/figures/" + key + "/cases", "/figures/" + key + "/cases?part=numerator"} {
				got := w.get(t, path)
				require.Equal(t, http.StatusOK, got.Code, "%s: %s", path, got.Text())
				require.Contains(t, got.Body, `<html lang="`+string(lang)+`"`, path)
				require.NotContains(t, got.Body, "NaN", path)
				require.Empty(t, bareKey.FindAllString(got.Text(), -1), path)
			}
		}
		got := w.get(t, "/figures/all")
		require.Equal(t, http.StatusOK, got.Code)
		for _, m := range kpi.Measures() {
			require.Contains(t, got.Body, `href="/figures/`+m.Key+`?`, "a figure that is in no group")
		}
	}
}

// bareKey finds keys of the catalogue that stand where words should.
var bareKey = regexp.MustCompile(`\b(?:figures|control|correlation|overview|queue|signals)\.[a-z_]+`)

func TestNumeratorAndDenominatorLeadToAsManyCases(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	tab := regexp.MustCompile(`<a href="([^"]+)"[^>]*>[^<]*\((\d+)\)</a>`)
	some := 0
	for _, m := range kpi.Measures() {
		for _, found := range tab.FindAllStringSubmatch(w.get(t, "/figures/"+m.Key+"/cases").Body, -1) {
			n, err := strconv.Atoi(found[2])
			require.NoError(t, err)
			got := w.get(t, strings.ReplaceAll(found[1], "&amp;", "&"))
			require.Equal(t, n, strings.Count(got.Body, `<a class="text-nowrap" href="/cases/`), "%s: %s", m.Key, found[1])
			some += n
		}
	}
	require.Greater(t, some, 50)
}

func TestEachBarLeadsToAsManyCasesAsItSays(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	row := regexp.MustCompile(`<tr><th scope="row"><a href="([^"]+)">[^<]*</a></th><td data-n="(\d+)"`)
	cell := regexp.MustCompile(`<td data-n="(\d+)"[^>]*><a href="([^"]+)">`)
	for _, of := range []struct{ page, table string }{
		{"/figures", "backlog"},
		{"/figures", "hours"},
		{"/figures/received?step=week", "trend-count"},
		{"/figures/received?by=department", "parts"},
		{"/figures/received?by=severity&and=department", "cross"},
		{"/figures/received?by=department", "pareto"},
		{"/figures/open_rate?by=department", "pareto"}, // of its numerator
	} {
		_, body, _ := strings.Cut(w.get(t, of.page).Body, `id="`+of.table+`">`)
		body, _, _ = strings.Cut(body, "</table>")
		bars := cell.FindAllStringSubmatch(body, -1)
		for _, found := range row.FindAllStringSubmatch(body, -1) {
			bars = append(bars, []string{"", found[2], found[1]})
		}
		followed := 0
		for _, bar := range bars {
			if bar[1] == "0" {
				continue
			}
			got := w.get(t, strings.ReplaceAll(bar[2], "&amp;", "&"))
			require.Equal(t, bar[1], strconv.Itoa(strings.Count(got.Body, `<a class="text-nowrap" href="/cases/`)), "%s: %s", of.page, bar[2])
			followed++
		}
		require.Positive(t, followed, "%s: %s", of.page, of.table)
	}
}

func TestAnAddressThatAsksForWhatThereIsNotNamesItAndListsWhatThereIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	for path, says := range map[string][]string{
		"/figures/nonsense":                         {"There is no figure “nonsense”", "first_response_rate", "csat"},
		"/figures/nonsense/cases":                   {"There is no figure “nonsense”"},
		"/figures?kpi=nonsense":                     {"There is no figure “nonsense”", "csat"},
		"/figures/csat?by=moon":                     {"There is no dimension “moon”", "department"},
		"/figures/csat?and=moon":                    {"There is no dimension “moon”"},
		"/figures?step=fortnight":                   {"There is no step “fortnight”", "by quarter"},
		"/figures?step=day&from=1026-01-01":         {"There is no step “day”", "by quarter"},
		"/figures?from=0002-01-01&until=9999-12-31": {"The period is too long: figures are drawn of at most 1,000 years", "this month"},
		"/figures?period=ever":                      {"There is no period “ever”", "last quarter"},
		"/figures?from=yesterday":                   {"The period cannot begin on “yesterday”"},
		"/figures?from=2026-03-10&until=2026-03-01": {"The period cannot begin on “2026-03-10”"},
		"/figures?until=2026-02-30":                 {"The period cannot end on “2026-02-30”"},
		"/figures?zone=Mars%2FOlympus":              {"There is no time zone “Mars/Olympus”"},
		"/figures?severity=grave":                   {"There is no “Severity” that is “grave”", "Urgent"},
		"/figures?hour=noon":                        {"There is no “Hour of receipt” that is “noon”"},
		"/figures?colour=blue":                      {"There is no “colour” that is “blue”", "severity"},
		"/figures/csat/cases?part=half":             {"There is no part “half”", "numerator"},
		"/figures/csat/cases?cursor=zzz":            {"This list has no such page"},
		"/figures/csat/cases?bin=many":              {"The distribution has no part “many”"},
		"/figures/csat/cases?bin=6":                 {"The distribution has no part “6”", "What there is 1 1 2 2 3 3"},
		"/figures/correlation?x=nonsense":           {"There is no figure “nonsense” that single cases have", "csat"},
		"/figures/correlation?y=flow_ratio":         {"There is no figure “flow_ratio” that single cases have"},
		"/figures/correlation?cell=here":            {"The chart has no cell “here”"},
		"/figures/correlation?cell=90%2C1":          {"The chart has no cell “90,1”"},
		"/extracts/secrets":                         {"There is no table “secrets”", "segments"},
		"/extracts/cases?format=pdf":                {"There is no format “pdf”", "xlsx"},
	} {
		got := w.get(t, path)
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, path)
		for _, one := range says {
			require.Contains(t, got.Text(), one, path)
		}
	}
}

func TestAPeriodInWhichNothingHappenedHasNoFigures(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	for _, m := range kpi.Measures() {
		got := w.get(t, "/figures/"+m.Key+"?from=2001-01-01&until=2001-01-31")
		require.Equal(t, http.StatusOK, got.Code, m.Key)
		require.NotContains(t, got.Body, "NaN", m.Key)
	}
	require.Contains(t, w.get(t, "/figures?from=2001-01-01&until=2001-01-31").Text(), "0 complaints received.")
}

func TestAFigureOfFewSaysSo(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	got := d.as(t, "supervisor").get(t, "/figures")
	require.Contains(t, got.Text(), "says little")
	require.Contains(t, got.Text(), "with 95 % confidence")
}

func TestFiguresCountWhatTheReaderMaySee(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	require.Contains(t, d.as(t, "works-handler").get(t, "/figures").Text(), "0 complaints received.")
	require.Contains(t, d.as(t, "supervisor").get(t, "/figures").Text(), "10 complaints received.")
}

func TestFiguresThatCannotBeComparedSaySo(t *testing.T) {
	t.Parallel()
	w := countedDesk(t).as(t, "supervisor")
	require.Contains(t, w.get(t, "/figures?kpi=first_response_rate&kpi=csat").Text(), "compare them with care")
	require.NotContains(t, w.get(t, "/figures?kpi=first_response_rate&kpi=first_response_target_rate").Text(), "compare them with care")
}

func TestTablesAreTakenAwayAsTheyAreShown(t *testing.T) {
	t.Parallel()
	w := countedDesk(t).as(t, "supervisor")
	got := w.get(t, "/extracts/cases?period=30&format=csv&severity=general")
	require.Equal(t, http.StatusOK, got.Code, got.Body)
	require.Equal(t, "text/csv; charset=utf-8", got.Header.Get("Content-Type"))
	require.Regexp(t, `^attachment; filename="cases-\d{8}-\d{4}\.csv"$`, got.Header.Get("Content-Disposition"))
	require.Len(t, strings.Split(strings.TrimSpace(got.Body), "\n"), 11, "a head and ten cases")
	require.True(t, strings.HasPrefix(w.get(t, "/extracts/summary?format=xlsx").Body, "PK"))
	require.Contains(t, w.get(t, "/extracts/breakdown?by=severity&kpi=received&format=csv").Body, "general")
}

func TestAPeriodIsWholeDaysOfItsZone(t *testing.T) {
	t.Parallel()
	w := countedDesk(t).as(t, "supervisor")
	got := w.get(t, "/figures?"+url.Values{"from": {"2026-03-18"}, "until": {"2026-03-18"}, "zone": {"Asia/Shanghai"}}.Encode()).Text()
	require.Contains(t, got, "2026-03-18 to 2026-03-18")
	require.Contains(t, got, "1 complaint received.", "20:00 in Shanghai; the next, at 01:00, is of the next day")
	require.Contains(t, w.get(t, "/figures?from=2026-03-18&until=2026-03-18").Text(), "3 complaints received.")
}

func TestAFigureIsSetAgainstThePeriodBeforeInTheDirectionThatIsBetter(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.resulted(t)
	d.wait(8 * 24 * time.Hour)
	d.dispatched(t, told("nobody answers"))
	d.wait(3 * 24 * time.Hour)
	w := d.as(t, "supervisor")
	card := func(key string) string {
		_, body, _ := strings.Cut(w.get(t, "/figures/"+key+"?period=7").Body, `<article class="card figure">`)
		body, _, _ = strings.Cut(body, "</article>")
		return answer{Body: body}.Text()
	}
	require.Contains(t, card("first_response_rate"), "−100.0 points · worse than before (may be chance)")
	require.Contains(t, card("resolution_rate"), "−100.0 points · worse than before")
	require.Contains(t, card("received"), "as before")
	require.Contains(t, card("deviation_rate"), "alarm above 5.0 %")
}

func TestAFilterStandsInTheAddressAndLeadsOutOfItself(t *testing.T) {
	t.Parallel()
	w := countedDesk(t).as(t, "supervisor")
	got := w.get(t, "/figures?department=sales&severity=general&severity=urgent")
	require.Equal(t, 3, strings.Count(got.Body, `class="chip"`))
	require.Contains(t, got.Text(), "9 complaints received.", "one nobody has yet")
	require.Contains(t, w.get(t, "/figures?department=~").Text(), "1 complaint received.", "of no department")
	require.Contains(t, got.Body, `href="/figures?department=sales&amp;period=30&amp;severity=urgent"`)
	require.NotContains(t, got.Body, `href="/queue?who=all&amp;overdue=1"`, "the list knows not all filters: the tiles lead nowhere")
	require.Contains(t, got.Body, `<input type="hidden" name="department" value="sales">`)
	for _, path := range []string{"/figures/now", "/figures/now?severity=urgent"} {
		require.Equal(t, http.StatusOK, w.get(t, path).Code)
	}
}

func TestTheTilesOfNowKnowTheHoursOfTheZoneAsked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.open(t, told("it drips"))
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	w := d.as(t, "supervisor")
	for zone, says := range map[*time.Location]string{time.UTC: "0", shanghai: "1"} {
		got := w.get(t, "/figures/now?zone="+zone.String()+"&hour="+strconv.Itoa(d.now().In(shanghai).Hour()))
		require.Contains(t, got.Body, `<span class="count">`+says+"</span>", zone)
		require.NotContains(t, got.Body, `<span class="count">`+map[string]string{"0": "1", "1": "2"}[says]+"</span>", zone)
	}
}

// moving is a company in which a complaint comes each day, and once a dozen.
func moving(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	for day := range 24 {
		for i := range 2 + 2*(day%2) + 11*(day/22*(1-day%2)) {
			d.open(t, told("case "+strconv.Itoa(100*day+i)))
		}
		d.wait(24 * time.Hour)
	}
	return d
}

func TestAControlChartTellsInWordsWhatIsOutOfTheOrdinary(t *testing.T) {
	t.Parallel()
	d := moving(t)
	w := d.as(t, "supervisor")
	for lang, says := range map[models.Language][]string{
		models.LanguageEN: {"Is it only chance, or did something happen? 1 point of 24 is out of the ordinary", "above: beyond the limit", "a jump from the one before"},
		models.LanguageZH: {"24 个点中有 1 个异常", "偏高：超出控制限"},
	} {
		require.NoError(t, d.store.PutLanguage(t.Context(), "supervisor", lang))
		got := w.get(t, "/figures/received?step=day")
		for _, one := range says {
			require.Contains(t, got.Text(), one)
		}
	}
	require.NoError(t, d.store.PutLanguage(t.Context(), "supervisor", models.LanguageEN))
	got := w.get(t, "/figures/received?step=day")
	require.Regexp(t, `<td data-n="13" data-flag><a href="/figures/received/cases\?from=2026-04-09&amp;until=2026-04-09">13</a></td>`, got.Body)
	require.Contains(t, w.get(t, "/figures/received?from=2026-03-18&until=2026-04-05").Text(), "Limits of only 19 points are preliminary")
	require.Contains(t, d.as(t, "works-handler").get(t, "/figures/open_rate?step=day").Text(), "Limits need at least 8 whole days", "they see nothing")
	require.Contains(t, w.get(t, "/figures/received?step=week").Text(), "Limits need at least 8 whole weeks with something to count; this period has 3.")
	require.Contains(t, w.get(t, "/figures/open_rate?step=day").Text(), "It was the same all 24 times")
}

func TestTwoFiguresAreSetAgainstEachOtherAndEachCellLeadsToItsCases(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	got := w.get(t, "/figures/correlation?x=first_response_rate&y=resolution_rate&severity=general")
	require.Contains(t, got.Text(), "First response within 24 hours × Resolved")
	cell := regexp.MustCompile(`<td data-n="(\d+)"><a href="([^"]+)#cases">`)
	cells, sum := cell.FindAllStringSubmatch(got.Body, -1), 0
	require.NotEmpty(t, cells)
	lone := w.get(t, "/figures/correlation?x=received&y=resolution_rate&severity=general") // one column, two rows
	cells = append(cells, cell.FindAllStringSubmatch(lone.Body, -1)...)
	for _, found := range cells {
		n, err := strconv.Atoi(found[1])
		require.NoError(t, err)
		behind := w.get(t, strings.ReplaceAll(found[2], "&amp;", "&"))
		require.Equal(t, n, strings.Count(behind.Body, `<a class="text-nowrap" href="/cases/`), found[2])
		require.Contains(t, found[2], "severity=general")
		if sum += n; strings.Contains(found[2], "x=received") {
			sum -= n
		}
	}
	require.Contains(t, got.Text(), "Cases that have both "+strconv.Itoa(sum))
	points := w.get(t, "/figures/correlation?x=time_to_first_response&y=time_to_solution")
	require.Contains(t, points.Body, `data-kind="scatter"`)
	require.Equal(t, 3, strings.Count(points.Body, `<tr><th scope="row"><a href="/cases/`), "each point leads to its case")
	require.Contains(t, points.Text(), "Nothing can be said: 3 cases have both figures")
	for _, lang := range models.Languages() {
		require.NoError(t, d.store.PutLanguage(t.Context(), "supervisor", lang))
		for _, m := range kpi.Measures() {
			if m.Pairable() {
				got := w.get(t, "/figures/correlation?x="+m.Key+"&y=csat")
				require.Equal(t, http.StatusOK, got.Code, m.Key)
				require.NotContains(t, got.Body, "NaN", m.Key)
				require.Empty(t, bareKey.FindAllString(got.Text(), -1), m.Key)
			}
		}
	}
}

func TestEachPartOfADistributionAndEachScoreLeadsToAsManyItems(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	answered := d.resulted(t)
	form := url.Values{"key": {"k"}, "result": {"4"}, "process": {"5"}, "speed": {"1"}, "attitude": {"4"}, "recommend": {"9"}}
	require.Equal(t, http.StatusSeeOther, d.as(t, "").post(t, "/s/"+d.offered(t, answered, 30*24*time.Hour), form).Code)
	d.pass(t, answered)
	d.wait(time.Minute)
	bin, followed := regexp.MustCompile(`<td data-n="(\d+)"><a href="([^"]+[?&;]bin=\d[^"]*)">`), map[string]int{}
	for _, page := range []string{"/figures", "/figures/csat", "/figures/time_to_first_response", "/figures/process_csat", "/figures/nps"} {
		for _, found := range bin.FindAllStringSubmatch(w.get(t, page).Body, -1) {
			behind := w.get(t, strings.ReplaceAll(found[2], "&amp;", "&"))
			require.Equal(t, found[1], strconv.Itoa(strings.Count(behind.Body, `<a class="text-nowrap" href="/cases/`)), found[2])
			require.Contains(t, behind.Text(), "Only those whose value is")
			followed[page]++
		}
		require.Positive(t, followed[page], page)
	}
}

func TestACardShowsHowItsFigureWent(t *testing.T) {
	t.Parallel()
	w := moving(t).as(t, "supervisor")
	got := w.get(t, "/figures").Body
	require.Contains(t, got, `role="img" aria-label="Over the period: from 0.0 % to 0.0 %"`, "nothing is resolved")
	require.Contains(t, got, `<line x1="0" x2="100" y1="0.0" y2="0.0"/>`, "the target is above")
	require.Contains(t, got, `<path d="M17.2 24.0h0L20.7 24.0L`, "from the sixth day of thirty on")
	require.NotContains(t, w.get(t, "/figures?period=7&from=2026-03-18&until=2026-03-18").Body, "Over the period: from", "one day is no way")
}

func TestACompanyWithoutACaseHasFiguresOfNothing(t *testing.T) {
	t.Parallel()
	w := newDesk(t).as(t, "supervisor")
	for _, path := range []string{"/figures", "/figures/all", "/figures/correlation", "/figures/csat", "/figures/received", "/figures/complaint_rate", "/figures/compensation_cost", "/figures/csat/cases"} {
		got := w.get(t, path)
		require.Equal(t, http.StatusOK, got.Code, path)
		require.NotRegexp(t, `NaN|Inf\b`, got.Body, path)
		require.Contains(t, got.Text(), "0 complaints received.", path)
	}
}
