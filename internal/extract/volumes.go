package extract

import "recourse/internal/kpi"

// volumesTable tells how much business there was. It is the same for whoever may see figures, for it is what they
// are set against.
func volumesTable() Table {
	return Table{
		Name: "volumes", About: "How much business there was: what lies wholly in the period, of the products asked for.",
		Columns: []Column{
			{Name: "product", About: "as the cases name it; empty: all products together"},
			{Name: "kind", About: "units (sold), orders (taken) or customers (served)"},
			{Name: "from"},
			{Name: "until", About: "not in it any more"},
			{Name: "count"},
		},
		beside: func(figures *kpi.Table, q kpi.Query) (reading, error) {
			volumes, err := figures.Volumes(q)
			return func(row func(...any) error) error {
				for _, v := range volumes {
					if err := row(v.Product, string(v.Kind), v.From, v.Until, v.Count); err != nil {
						return err
					}
				}
				return nil
			}, err
		},
	}
}
