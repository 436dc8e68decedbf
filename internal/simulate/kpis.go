package simulate

import (
	"time"

	"recourse/internal/kpi"
	"recourse/internal/lifecycle"
	"recourse/models"
)

// perCase is about how much of memory KPIs need of a case.
const perCase = 600

// kpis are the figures of one policy, counted by the same engine as those of the record.
type kpis struct {
	cfg      Config
	open     func(row models.Case, department string, from, until time.Time) (time.Duration, error)
	table    *kpi.Table // nil: there are too many cases
	most     int
	received [2]time.Time // the earliest and the latest
}

func newKPIs(v Variant, cfg Config) *kpis {
	memory := cfg.Memory
	if memory == 0 {
		memory = DefaultMemory
	}
	k := &kpis{cfg: cfg, open: v.Open, table: kpi.NewTable(), most: int(memory / perCase / int64(len(cfg.Variants)))}
	k.table.SetCustomers(cfg.Survivors)
	k.table.SetVolumes(cfg.Volumes)
	return k
}

// take puts a case into the table, while there is room.
func (k *kpis) take(l lifecycle.Lived) error {
	if k.table == nil {
		return nil
	}
	if k.table.Len() >= k.most {
		k.table = nil
		return nil
	}
	row := models.FigureRow{Case: lifecycle.Columns(l.Case), FactRows: lifecycle.Facts(l.Case), Alerts: l.Alerts}
	var err error
	record := kpi.RecordOf(row, func(o models.Ownership) time.Duration {
		if k.open == nil {
			return o.Until.Sub(o.From)
		}
		net, fault := k.open(row.Case, o.Department, o.From, *o.Until)
		if fault != nil {
			err = fault
		}
		return net
	})
	record.Adopted = l.Case.Adopted
	k.table.Put(record)
	received := l.Case.Opened.ReceivedAt
	if k.received[0].IsZero() || received.Before(k.received[0]) {
		k.received[0] = received
	}
	if received.After(k.received[1]) {
		k.received[1] = received
	}
	return err
}

// query asks for every measure over the period.
func (k *kpis) query() kpi.Query {
	q := kpi.Query{From: k.cfg.From, Until: k.cfg.Until, Cut: k.cfg.AsOf, Zone: k.cfg.Zone, Visible: models.Visible{All: true, Whole: true}}
	if q.From.IsZero() {
		q.From = k.received[0]
	}
	if q.Until.IsZero() {
		q.Until = k.received[1].Add(time.Microsecond)
	}
	for _, m := range kpi.Measures() {
		q.Measures = append(q.Measures, m.ID())
	}
	return q
}

// tell adds the figures over all cases received.
func (k *kpis) tell(o *Outcome) error {
	switch {
	case k.table == nil:
		o.KPIsLeftOut = "KPIs need all cases at once, and these take more memory than was allowed; allow more with --memory, or import the cases and read the dashboard"
		return nil
	case k.table.Len() == 0:
		return nil
	}
	summary, err := k.table.Summary(k.query())
	for _, a := range summary.Answers {
		o.KPIs = append(o.KPIs, KPI{Key: a.ID(), Headline: a.Headline, Unit: string(a.Unit), Title: a.Title.EN, Value: a.Value})
	}
	return err
}
