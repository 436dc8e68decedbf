package kpi

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// volumes are the volumes by kind and by the number of their product, each list in order of time.
type volumes map[models.VolumeKind][][]volume

func (v volumes) of(kind models.VolumeKind, product uint32) []volume {
	if lists := v[kind]; int(product) < len(lists) {
		return lists[product]
	}
	return nil
}

type volume struct{ from, until, count int64 }

// SetVolumes says how much business there was, in the place of what was said before.
func (t *Table) SetVolumes(all []models.Volume) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.volumes = volumes{}
	for _, v := range all {
		product := t.products.code(v.Product)
		for int(product) >= len(t.volumes[v.Kind]) {
			t.volumes[v.Kind] = append(t.volumes[v.Kind], nil)
		}
		t.volumes[v.Kind][product] = append(t.volumes[v.Kind][product], volume{micro(v.From), micro(v.Until), v.Count})
	}
	for _, products := range t.volumes {
		for _, of := range products {
			slices.SortFunc(of, func(a, b volume) int { return int(min(max(a.from-b.from, -1), 1)) })
		}
	}
}

// everything is the product of a volume of all products together.
const everything = 0

// general says whether complaints of a while are set against volumes of all products together: where there
// are any, unless the question is about products.
func (s *scope) general(kind models.VolumeKind, from, until int64) bool {
	if s.products || s.filtered(ByProduct) != nil {
		return false
	}
	return slices.ContainsFunc(s.t.volumes.of(kind, everything), func(v volume) bool { return v.from >= from && v.until <= until })
}

// covers says whether a volume that lies wholly in a while holds a row's receipt: one of its product, or of
// all products together where those count.
func (s *scope) covers(kind models.VolumeKind, r *row, from, until int64) bool {
	product := r.product
	switch {
	case s.general(kind, from, until):
		product = everything
	case product == everything:
		return false
	}
	of := s.t.volumes.of(kind, product)
	i, is := slices.BinarySearchFunc(of, r.received, func(v volume, at int64) int { return int(min(max(v.from-at, -1), 1)) })
	if !is {
		i--
	}
	return i >= 0 && of[i].from >= from && of[i].until <= until && r.received < of[i].until
}

// total is the business that lies wholly in a while, of some products; nil: of all that have a name, or of all
// products together.
func (s *scope) total(kind models.VolumeKind, products map[uint32]bool, from, until int64) (sum int64) {
	general := s.general(kind, from, until)
	for product, of := range s.t.volumes[kind] {
		if general != (product == everything) || products != nil && !products[uint32(product)] {
			continue
		}
		for _, v := range of {
			if v.from >= from && v.until <= until {
				sum += v.count
			}
		}
	}
	return sum
}

// over fills in what complaints are set against. Beside products and time, nothing that figures are cut by
// changes how much business there was.
func (s *scope) over(m *Measure, c *tally, key uint64, product *uint32) {
	if m.shape != perVolume {
		return
	}
	products := s.filtered(ByProduct)
	if product != nil {
		products = map[uint32]bool{*product: true}
	}
	from, until := s.span(key)
	c.den = s.total(m.volume, products, from, until)
}

// filtered are the values that a dimension may have; nil: any.
func (s *scope) filtered(d Dimension) map[uint32]bool {
	for _, f := range s.rows {
		if f.by == d {
			return f.any
		}
	}
	return nil
}

// wholly are the volumes that lie wholly in the period of a query, of the products asked for: by kind, product
// and beginning.
func (t *Table) wholly(q Query) ([]models.Volume, error) {
	s, err := t.ready(q)
	if err != nil {
		return nil, err
	}
	var all []models.Volume
	products := s.filtered(ByProduct)
	for kind, of := range t.volumes {
		for product, volumes := range of {
			if products != nil && !products[uint32(product)] {
				continue
			}
			for _, v := range volumes {
				if v.from >= s.from && v.until <= s.until {
					all = append(all, models.Volume{
						Product: t.products.names[product], Kind: kind, From: time.UnixMicro(v.from).UTC(), Until: time.UnixMicro(v.until).UTC(), Count: v.count,
					})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b models.Volume) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Product, b.Product), a.From.Compare(b.From))
	})
	return all, nil
}

// summed are volumes in the order of wholly as one for each kind and product, over a whole period.
func summed(volumes []models.Volume, from, until time.Time) (sums []models.Volume) {
	for _, v := range volumes {
		if n := len(sums); n == 0 || sums[n-1].Kind != v.Kind || sums[n-1].Product != v.Product {
			sums = append(sums, models.Volume{Product: v.Product, Kind: v.Kind, From: from, Until: until})
		}
		sums[len(sums)-1].Count += v.Count
	}
	return slices.DeleteFunc(sums, func(v models.Volume) bool { return v.Count == 0 })
}
