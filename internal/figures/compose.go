package figures

import (
	"context"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Compose makes what figures know of a case from its rows: of each while in a department's hands that is over,
// how long the department was open in it.
func Compose(ctx context.Context, hours Hours, row models.FigureRow) (r kpi.Record, err error) {
	r = kpi.RecordOf(row, func(o models.Ownership) time.Duration {
		net, fault := hours.Open(ctx, row.Case, o.Department, o.From, *o.Until)
		if err == nil {
			err = fault
		}
		return net
	})
	return r, err
}
