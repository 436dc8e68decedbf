package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func TestFiguresNameWhatThereIsNotAndListWhatThereIs(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for _, one := range []struct{ path, names, lists string }{
		{"/api/v1/kpis/summary?kpi=cast", `"cast"`, "first_response_rate"},
		{"/api/v1/kpis/summary?kpi=csat@9", `"csat@9"`, "csat"},
		{"/api/v1/kpis/trend?step=fortnight", `"fortnight"`, "quarter"},
		{"/api/v1/kpis/breakdown?by=weather", `"weather"`, "department"},
		{"/api/v1/kpis/summary?filter=weather:fine", `"weather"`, "department"},
		{"/api/v1/kpis/summary?filter=severity:mild", `"mild"`, "urgent"},
		{"/api/v1/kpis/summary?filter=fine", `"fine"`, "severity:urgent"},
		{"/api/v1/kpis/summary?zone=Mars/Olympus", `"Mars/Olympus"`, "Europe/Berlin"},
		{"/api/v1/kpis/summary?zone=localtime", `"localtime"`, "Europe/Berlin"},
		{"/api/v1/kpis/summary?zone=posixrules", `"posixrules"`, "Europe/Berlin"},
		{"/api/v1/kpis/summary?zone=Factory", `"Factory"`, "Europe/Berlin"},
		{"/api/v1/kpis/summary?zone=right/Europe/Berlin", `"right/Europe/Berlin"`, "Europe/Berlin"},
		{"/api/v1/kpis/live?filter=hour:99", `"99"`, "23"},
		{"/api/v1/kpis/summary?filter=weekday:9", `"9"`, "7"},
		{"/api/v1/kpis/cases?kpi=csat&part=best", `"best"`, "numerator"},
		{"/api/v1/kpis/correlation?x=csat&y=luck", `"luck"`, "nps"},
		{"/api/v1/kpis/correlation?x=luck&y=csat", `"luck"`, "nps"},
		{"/api/v1/extracts/tables", `"tables"`, "segments"},
		{"/api/v1/extracts/tables", `"tables"`, "events, summary, trend, breakdown"},
		{"/api/v1/extracts/cases?format=pdf", `"pdf"`, "xlsx"},
	} {
		r := s.ask(t, http.MethodGet, one.path, "")
		require.Equal(t, http.StatusUnprocessableEntity, r.Code, one.path)
		p := r.problem(t)
		require.Contains(t, p.Detail, one.names, one.path)
		require.Contains(t, p.Detail, one.lists, one.path)
		require.NotEmpty(t, p.Errors, one.path)
	}
	for _, path := range []string{
		"/api/v1/kpis/summary?from=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z", "/api/v1/kpis/summary?cut=2099-01-01T00:00:00Z",
		"/api/v1/kpis/pareto?kpi=csat", "/api/v1/kpis/summary?until=soon",
	} {
		require.Equal(t, "invalid", s.ask(t, http.MethodGet, path, "").problem(t).Code, path)
	}
}

func TestAFaultOfAQuestionNamesItsParameter(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for path, name := range map[string]string{
		"kpis/summary?kpi=cast": "kpi", "kpis/summary?zone=Local": "zone", "kpis/summary?filter=hour:99": "filter", "kpis/summary?filter=fine": "filter",
		"kpis/summary?from=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z": "from", "kpis/summary?cut=2099-01-01T00:00:00Z": "cut",
		"kpis/breakdown?by=weather": "by", "kpis/trend?step=fortnight": "step", "kpis/cases?kpi=csat&part=best": "part",
		"kpis/correlation?x=nope&y=csat": "x", "kpis/correlation?x=csat&y=flow_ratio": "y", "extracts/nope": "table",
		"signals?cursor=mine&from=soon": "from",
	} {
		p := s.ask(t, http.MethodGet, "/api/v1/"+path, "").problem(t)
		require.Equal(t, "invalid", p.Code, path)
		require.Len(t, p.Errors, 1, path)
		require.Equal(t, name, p.Errors[0].Parameter, path)
		require.Nil(t, p.Errors[0].Pointer, path)
	}
}

func TestAPeriodInWhichNothingHappenedIsZeros(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	const nothing = "from=2001-01-01T00:00:00Z&until=2001-01-03T00:00:00Z"
	for _, path := range []string{
		"summary?" + nothing, "trend?" + nothing, "breakdown?by=department&" + nothing, "distribution?kpi=total_time&" + nothing,
		"cases?kpi=csat&" + nothing, "pareto?kpi=received&by=cause&" + nothing, "correlation?x=total_time&y=csat&" + nothing,
		"backlog?" + nothing, "survey?" + nothing, "live",
	} {
		r := s.ask(t, http.MethodGet, "/api/v1/kpis/"+path, "")
		require.Equal(t, http.StatusOK, r.Code, "%s: %s", path, r.Body)
		require.NotContains(t, r.Body.String(), "NaN")
	}
	var trend struct {
		Steps  []struct{ Label string }
		Series []struct {
			Values []struct {
				N     int64
				Value *float64
			}
		}
	}
	r := s.ask(t, http.MethodGet, "/api/v1/kpis/trend?"+nothing, "")
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &trend))
	require.Len(t, trend.Steps, 2)
	require.Equal(t, "2001-01-01", trend.Steps[0].Label)
	require.Zero(t, trend.Series[0].Values[1].N)
	require.Nil(t, trend.Series[0].Values[1].Value)
}

// The file and the answer are two ways to say one thing.
func TestAWorkbookHoldsTheNumbersOfTheAnswer(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	const asked = "?from=2026-10-01T00:00:00Z&by=severity&kpi=received&kpi=response_rate"
	var answer struct {
		Rows []struct {
			Keys   []string
			Values []struct{ N, Hits int64 }
		}
	}
	require.NoError(t, json.Unmarshal(s.ask(t, http.MethodGet, "/api/v1/kpis/breakdown"+asked, "").Body.Bytes(), &answer))
	require.NotEmpty(t, answer.Rows)
	file := s.ask(t, http.MethodGet, "/api/v1/extracts/breakdown"+asked+"&format=xlsx", "")
	require.Contains(t, file.Header().Get("Content-Disposition"), "breakdown-")
	book, err := excelize.OpenReader(bytes.NewReader(file.Body.Bytes()))
	require.NoError(t, err)
	defer book.Close()
	rows, err := book.GetRows("breakdown")
	require.NoError(t, err)
	text := s.ask(t, http.MethodGet, "/api/v1/extracts/breakdown"+asked+"&mark=true", "").Body.String()
	require.True(t, strings.HasPrefix(text, "\xef\xbb\xbf"))
	plain, err := csv.NewReader(strings.NewReader(text[3:])).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+len(answer.Rows)*2)
	require.Len(t, plain, len(rows))
	for i, r := range rows[1:] {
		of := answer.Rows[i/2]
		require.Equal(t, of.Keys[0], r[1])
		for _, cells := range [][]string{r, plain[i+1]} {
			n, hits := json.Number(cells[6]), json.Number(cells[7])
			got, err := n.Int64()
			require.NoError(t, err)
			require.Equal(t, of.Values[i%2].N, got)
			got, err = hits.Int64()
			require.NoError(t, err)
			require.Equal(t, of.Values[i%2].Hits, got)
		}
	}
}
