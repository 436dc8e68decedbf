package history

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"recourse/internal/document"
	"recourse/internal/sheet"
	"recourse/models"
)

// periods are the lengths that a volume may be for.
var periods = []string{"day", "week", "month", "quarter", "year"}

func (r *reader) volumes(n *yaml.Node, at string) {
	v := &r.m.volumes
	amount := func(kind models.VolumeKind) func(*yaml.Node, string) {
		return func(n *yaml.Node, at string) {
			v.amounts = append(v.amounts, volumeAmount{kind: kind, column: r.column(n, at, false)})
		}
	}
	r.Mapping(n, at, fields{
		"product":   func(n *yaml.Node, at string) { v.product = r.column(n, at, false) },
		"from":      func(n *yaml.Node, at string) { v.from = r.column(n, at, true) },
		"until":     func(n *yaml.Node, at string) { v.until = r.column(n, at, true) },
		"period":    func(n *yaml.Node, at string) { v.period = document.OneOf(&r.Reader, n, at, periods) },
		"units":     amount(models.VolumeUnits),
		"orders":    amount(models.VolumeOrders),
		"customers": amount(models.VolumeCustomers),
	}, "from")
	if (v.until == nil) == (v.period == "") {
		r.Fault(at, "say how long a period is: either until, the column of its end, or period, one of %v", periods)
	}
}

// VolumeReport is what reading a table of volumes came to.
type VolumeReport struct {
	Source      string                      `json:"source"`
	Files       []FileRead                  `json:"files"`
	RowsRead    int                         `json:"rows_read"`
	RowsSkipped int                         `json:"rows_skipped"`
	RowsRefused int                         `json:"rows_refused"`
	Volumes     int                         `json:"volumes"`
	Totals      map[models.VolumeKind]int64 `json:"totals"`
	First       time.Time                   `json:"first,omitzero"`
	Last        time.Time                   `json:"last,omitzero"` // end of the last period
}

// maxVolumes bounds what a table of volumes may hold: figures keep all of them in memory.
const maxVolumes = 1_000_000

// ReadVolumes reads tables of volumes whole. Rows of one product, kind and beginning are summed up, so that
// a table with a row per shop or size can be read.
func (m *Mapping) ReadVolumes(ctx context.Context, files []string, opt Options) ([]models.Volume, VolumeReport, error) {
	v := &volumeReading{m: m, opt: opt, at: map[volumeKey]int{}, report: VolumeReport{Source: m.Source, Totals: map[models.VolumeKind]int64{}}}
	if !m.Volumes() {
		return nil, v.report, errors.New("this mapping is for cases, not for volumes")
	}
	faults, digests, err := m.fit(files)
	if err != nil {
		return nil, v.report, err
	}
	if len(faults) > 0 {
		return nil, v.report, &ErrMapping{Faults: faults}
	}
	for i, path := range files {
		v.report.Files = append(v.report.Files, FileRead{Path: path, Digest: digests[i]})
		if err := v.file(ctx, i, path); err != nil {
			return nil, v.report, err
		}
	}
	v.report.Volumes = len(v.all)
	return v.all, v.report, nil
}

type volumeKey struct {
	product string
	kind    models.VolumeKind
	from    int64
}

func keyOf(v models.Volume) volumeKey { return volumeKey{v.Product, v.Kind, v.From.UnixMicro()} }

type volumeReading struct {
	m      *Mapping
	opt    Options
	all    []models.Volume
	at     map[volumeKey]int
	report VolumeReport
}

func (v *volumeReading) file(ctx context.Context, i int, path string) error {
	f := v.m.file
	f.Path = path
	var b *table
	return f.Read(ctx, 0, func(t *sheet.Table) error {
		b, _ = v.m.bind(t, path, i)
		return nil
	}, func(r sheet.Row) error {
		v.report.RowsRead++
		v.report.Files[i].Rows++
		column, err := v.row(b, r)
		if err == nil {
			return nil
		}
		if errors.Is(err, errTooMany) {
			return err
		}
		v.report.RowsRefused++
		name := ""
		if column != nil {
			name = columnName(column)
		}
		if v.opt.Fault != nil {
			v.opt.Fault(Fault{File: filepath.Base(path), Line: r.Line, Row: r.Number, Column: name, Says: err.Error()})
		}
		return nil
	})
}

var errTooMany = fmt.Errorf("a table has at most %d volumes", maxVolumes)

// row adds the volumes of a row, all of them or none.
func (v *volumeReading) row(b *table, r sheet.Row) (at *column, err error) {
	if r.Fault != nil {
		return nil, r.Fault
	}
	for _, f := range v.m.where {
		text, err := b.cell(r, f.column)
		if err != nil {
			return f.column, err
		}
		if f.values[text] != f.keep {
			v.report.RowsSkipped++
			return nil, nil
		}
	}
	c := v.m.volumes
	product, err := b.cell(r, c.product)
	if err != nil {
		return c.product, err
	}
	from, until, at, err := v.period(b, r)
	if err != nil {
		return at, err
	}
	var row []models.Volume
	for _, a := range c.amounts {
		text, err := b.cell(r, a.column)
		if err != nil {
			return a.column, err
		}
		if text == "" {
			continue
		}
		n, err := amount(text)
		if err != nil {
			return a.column, err
		}
		one := models.Volume{Product: product, Kind: a.kind, From: from, Until: until, Count: n}
		if i, is := v.at[keyOf(one)]; is && !v.all[i].Until.Equal(until) {
			return c.until, fmt.Errorf("another row of this product has a period that begins then and ends %s", v.all[i].Until.Format(time.RFC3339))
		}
		row = append(row, one)
	}
	return nil, v.add(row)
}

func (v *volumeReading) add(row []models.Volume) error {
	for _, one := range row {
		key := keyOf(one)
		i, is := v.at[key]
		if !is {
			if i = len(v.all); i == maxVolumes {
				return errTooMany
			}
			v.at[key] = i
			v.all = append(v.all, models.Volume{Product: one.Product, Kind: one.Kind, From: one.From, Until: one.Until})
		}
		v.all[i].Count += one.Count
		v.report.Totals[one.Kind] += one.Count
		if v.report.First.IsZero() || one.From.Before(v.report.First) {
			v.report.First = one.From
		}
		if one.Until.After(v.report.Last) {
			v.report.Last = one.Until
		}
	}
	return nil
}

// period is from when until when a row counts.
func (v *volumeReading) period(b *table, r sheet.Row) (from, until time.Time, at *column, err error) {
	c := v.m.volumes
	var turns [3]int
	if from, err = b.instant(r, c.from, &turns); err == nil && from.IsZero() {
		err = errors.New("it does not say from when")
	}
	if err != nil {
		return from, until, c.from, err
	}
	if c.until == nil {
		return from, after(from, c.period, v.m.zone).UTC(), nil, nil
	}
	if until, err = b.instant(r, c.until, &turns); err == nil && !until.After(from) {
		err = errors.New("the period ends before it begins")
	}
	return from, until, c.until, err
}

// after is where a period ends that begins at an instant, by the calendar of a zone. One that begins with a day ends
// where a day begins, at whatever hour: clocks that are turned at midnight leave none, or two.
func after(from time.Time, period string, zone *time.Location) time.Time {
	at := from.In(zone)
	wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)
	if day := wall.Truncate(24 * time.Hour); from.Equal(readsAt(day, zone)) {
		wall = day
	}
	switch period {
	case "week":
		wall = wall.AddDate(0, 0, 7)
	case "month":
		wall = wall.AddDate(0, 1, 0)
	case "quarter":
		wall = wall.AddDate(0, 3, 0)
	case "year":
		wall = wall.AddDate(1, 0, 0)
	default:
		wall = wall.AddDate(0, 0, 1)
	}
	return readsAt(wall, zone)
}

// readsAt is the instant at which clocks of a zone stand as a wall clock that is written down in UTC.
func readsAt(wall time.Time, zone *time.Location) time.Time {
	c, _ := civilOf(wall, false)
	at, _ := c.in(zone)
	return at
}

// amount reads how much there was: a whole number, with or without a decimal point behind it.
func amount(text string) (int64, error) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(text, " ", ""), 64)
	if err != nil || n < 0 || n > 1e15 || n != math.Trunc(n) {
		return 0, fmt.Errorf("%q is no whole number from 0 on", text)
	}
	return int64(n), nil
}
