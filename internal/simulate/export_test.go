package simulate

import "recourse/internal/kpi"

// Table is the table of figures of a variant.
func (s *Simulation) Table(variant int) *kpi.Table { return s.figures[variant].kpis.table }
