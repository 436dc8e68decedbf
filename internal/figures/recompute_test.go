package figures_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/extract"
	"recourse/internal/kpi"
	"recourse/models"
)

// script is the check that shares no code with ours.
var script, _ = filepath.Abs("../../docs/recompute.py")

// python runs the script on a folder of extracts and reads what it prints.
func python(t *testing.T, into any, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		if os.Getenv("CI") != "" {
			require.FailNow(t, "python3 is missing: nothing checks the figures independently")
		}
		t.Skip("python3 is missing: nothing checks the figures independently")
	}
	run := exec.CommandContext(t.Context(), "python3", append([]string{script}, args...)...)
	run.Stderr = os.Stderr
	said, err := run.Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(said, into))
}

// recount is a record whose figures are counted again.
type recount struct {
	source extract.Source
	table  *kpi.Table
	q      kpi.Query // of every figure, over everything
}

// extracts writes the tables that the script reads into a folder, as they leave by the API, without the columns that
// follow from others.
func (r recount) extracts(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, one := range extract.Tables() {
		if one.Name == "events" || one.Name == "requests" {
			continue
		}
		file, err := extract.Ready(t.Context(), r.source, r.table, r.q, extract.Wish{Table: one.Name, At: r.q.Cut})
		require.NoError(t, err)
		in, out := io.Pipe()
		go func() { _ = out.CloseWithError(file.Write(out)) }()
		kept, err := os.Create(filepath.Join(folder, one.Name+".csv"))
		require.NoError(t, err)
		rows, told := csv.NewReader(in), csv.NewWriter(kept)
		for {
			row, err := rows.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, one.Name)
			left := row[:0]
			for i, column := range one.Columns {
				if !column.Derived {
					left = append(left, row[i])
				}
			}
			require.NoError(t, told.Write(left))
		}
		told.Flush()
		require.NoError(t, errors.Join(told.Error(), kept.Close()))
	}
	return folder
}

// counted is what the script says of one figure.
type counted struct {
	N, Hits, Numerator, Denominator int64
	Value                           *float64
	Stats                           *kpi.Stats
	Money                           map[string]int64
}

// told is a value of ours as the script would say it.
func told(v kpi.Value) counted {
	c := counted{N: v.N, Hits: v.Hits, Numerator: v.Numerator, Denominator: v.Denominator, Value: v.Value, Stats: v.Stats}
	for _, m := range v.Money {
		if c.Money == nil {
			c.Money = map[string]int64{}
		}
		c.Money[m.Currency] = m.Minor
	}
	return c
}

func TestAnIndependentScriptCountsTheSameFromTheExtracts(t *testing.T) {
	t.Parallel()
	c := newCompany(t, filepath.Join(t.TempDir(), "company.db"), 600)
	require.NoError(t, c.PutVolumes(t.Context(), business(t, c)))
	table, q := c.year(t, everyKey()...)
	all, err := table.Summary(q)
	require.NoError(t, err)
	for _, a := range all.Answers {
		require.False(t, strings.HasPrefix(a.Key, "complaint_rate") && a.Value.N == 0, a.Key)
	}
	r := recount{c.source(), table, q}
	folder := r.extracts(t)
	r.agreesCaseByCase(t, folder, everyDimension()...)
	r.past().agreesCaseByCase(t, folder, everyDimension()...)
}

// business are volumes of each kind as companies know them: units by product, orders of everything beside those of
// some, customers of some and not always; one reaches beyond the period.
func business(t *testing.T, c company) (all []models.Volume) {
	t.Helper()
	var products []string
	require.NoError(t, c.Figures(t.Context(), func(row models.FigureRow) error {
		if p := row.Case.Product; p != "" && !slices.Contains(products, p) {
			products = append(products, p)
		}
		return nil
	}))
	require.Greater(t, len(products), 2)
	add := func(product string, kind models.VolumeKind, from time.Time, count int) {
		all = append(all, models.Volume{Product: product, Kind: kind, From: from, Until: from.AddDate(0, 1, 0), Count: int64(count)})
	}
	for month := range 15 {
		from := time.Date(2026, time.March, 1, 0, 0, 0, 0, shanghai).AddDate(0, -month, 0)
		for i, product := range products {
			add(product, models.VolumeUnits, from, 1000+137*i+7*month)
			if i%2 == 0 {
				add(product, models.VolumeOrders, from, 300+i)
			}
			if i%3 == 0 && month%4 == 1 {
				add(product, models.VolumeCustomers, from, 40+i)
			}
		}
		if month%2 == 0 {
			add("", models.VolumeOrders, from, 5000+month)
		}
	}
	return all
}

// everyKey are the keys of all figures of today.
func everyKey() (keys []string) {
	for _, m := range kpi.Measures() {
		keys = append(keys, m.Key)
	}
	return keys
}

// everyDimension are the ways to cut figures; the empty one is not to cut them.
func everyDimension() []kpi.Dimension {
	all := []kpi.Dimension{""}
	for _, d := range kpi.Dimensions() {
		all = append(all, d.Key)
	}
	return all
}

// asked is how the script is asked the same of a folder of extracts.
func (r recount) asked(folder string) []string {
	at := []string{folder, "--zone", r.q.Zone.String()}
	for flag, instant := range map[string]time.Time{"--from": r.q.From, "--until": r.q.Until, "--cut": r.q.Cut} {
		at = append(at, flag, instant.UTC().Format(time.RFC3339Nano))
	}
	return at
}

// past is the same record asked of three months up to a month ago, as it stood then.
func (r recount) past() recount {
	r.q.From, r.q.Until = r.q.Until.AddDate(0, -4, 0), r.q.Until.AddDate(0, -1, 0)
	r.q.Cut = r.q.Until
	return r
}

// agrees says that the script counts every figure of a folder of extracts as we do, for every value of some dimensions,
// and returns how it was asked.
func (r recount) agrees(t *testing.T, folder string, dimensions ...kpi.Dimension) (at []string) {
	t.Helper()
	names := make([]string, len(dimensions))
	for i, d := range dimensions {
		names[i] = string(d)
	}
	at = r.asked(folder)
	var again map[string]map[string]map[string]counted
	python(t, &again, append(at, "--by", strings.Join(names, ","))...)
	var wrong []string
	differ := func(where, key string, want counted, got kpi.Value) {
		if w, g := asJSON(t, want), asJSON(t, told(got)); w != g && (want.N != 0 || got.N != 0 || want.Denominator != 0) {
			wrong = append(wrong, fmt.Sprintf("%s %s:\n  script %s\n  ours   %s", where, key, w, g))
		}
	}
	all, err := r.table.Summary(r.q)
	require.NoError(t, err)
	for _, a := range all.Answers {
		differ("all", a.Key, again[""][""][a.Key], a.Value)
	}
	for _, d := range dimensions {
		if d == "" {
			continue
		}
		b, err := r.table.Breakdown(r.q, d)
		require.NoError(t, err)
		seen := map[string]bool{}
		for _, row := range b.Rows {
			seen[row.Keys[0]] = true
			for i, m := range b.Measures {
				differ(string(d)+" "+row.Keys[0], m.Key, again[string(d)][row.Keys[0]][m.Key], row.Values[i])
			}
		}
		for value := range maps.Keys(again[string(d)]) {
			if !seen[value] {
				wrong = append(wrong, fmt.Sprintf("%s %q: the script alone knows it", d, value))
			}
		}
	}
	slices.Sort(wrong)
	require.Empty(t, wrong, "%d differences, the first: %s", len(wrong), strings.Join(wrong[:min(len(wrong), 30)], "\n"))
	return at
}

// agreesCaseByCase says that the script counts the same cases, too.
func (r recount) agreesCaseByCase(t *testing.T, folder string, dimensions ...kpi.Dimension) {
	t.Helper()
	var lists map[string][][]any
	python(t, &lists, append(r.agrees(t, folder, dimensions...), "--lists")...)
	for _, key := range r.q.Measures {
		if list := behind(t, r.table, r.q, key); list != nil && !slices.Equal(list, named(lists[key])) {
			t.Errorf("the cases behind %s are others", key)
		}
	}
}

func asJSON(t *testing.T, v counted) string {
	t.Helper()
	written, err := json.Marshal(v)
	require.NoError(t, err)
	return string(written)
}

// behind lists what a figure counts, as "number cycle hit"; nil where items are no part of one case.
func behind(t *testing.T, table *kpi.Table, q kpi.Query, key string) []string {
	t.Helper()
	m, err := kpi.Find(key)
	require.NoError(t, err)
	if m.Of == kpi.ItemCustomers || key == "flow_ratio" {
		return nil
	}
	list := []string{}
	for cursor := ""; ; {
		page, err := table.Cases(q, kpi.List{Measure: key, Cursor: cursor, Limit: models.MaxPage})
		require.NoError(t, err)
		for _, i := range page.Items {
			list = append(list, fmt.Sprint(i.Number, " ", i.Cycle, " ", i.Hit))
		}
		if cursor = page.Next; cursor == "" {
			slices.Sort(list)
			require.Len(t, list, int(page.Total), key)
			return list
		}
	}
}

func named(items [][]any) []string {
	list := []string{}
	for _, i := range items {
		list = append(list, fmt.Sprint(i[0], " ", i[1], " ", i[2]))
	}
	slices.Sort(list)
	return list
}
