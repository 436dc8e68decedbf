package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// A stretch of words that more texts hold than stock is a stock phrase: it is looked for in the newest
// cases alone, so many. Of the others, so many cases that hold most of them are looked at.
const (
	stock   = 300
	newest  = 2000
	nearest = 200
)

// Alike returns cases asked for, where way is open, of which a text holds one of the way's stretches of
// words whole: those that hold most of them, and of these the newest. What is found by a stock phrase
// alone comes last, and of the newest cases only: in a large record it would take long to find, say
// little, and crowd out the others.
func (s *Store) Alike(ctx context.Context, q models.CaseQuery, way models.Way) (rows []models.Case, err error) {
	if len(way.Any) == 0 {
		return nil, nil
	}
	err = s.read(ctx, "cases with a text like another", func(db *gorm.DB) error {
		ids, phrases, err := s.stretches(db, way.Any)
		if err != nil {
			return err
		}
		blank := func() *gorm.DB { return db.Session(&gorm.Session{NewDB: true}) }
		seen := func() *gorm.DB {
			return latest(narrow(q, blank().Model(&models.Case{})).Where(within(way.Visible, blank().Where("1 = 1"))))
		}
		limit := pageSize(q.Limit)
		if err := seen().Where("cases.id IN ?", ids).Limit(limit).Find(&rows).Error; err != nil {
			return err
		}
		if len(phrases) == 0 || len(rows) >= limit {
			return nil
		}
		holds, vars := s.anySet(phrases)
		var more []models.Case
		err = latest(blank().Table("(?) AS cases", seen().Limit(newest))).
			Where("(SELECT true FROM search_texts st WHERE st.case_id = cases.id AND ("+holds+") LIMIT 1)", vars...).
			Limit(limit - len(rows)).Find(&more).Error
		rows = append(rows, more...)
		return err
	})
	return rows, err
}

func latest(db *gorm.DB) *gorm.DB {
	return db.Omit("snapshot").Order("cases.received_at DESC, cases.id DESC")
}

// stretches asks the index for each set of terms by itself, and for no more texts than tell a stock
// phrase. It returns the cases that hold most of the others, and the phrases.
func (s *Store) stretches(db *gorm.DB, sets [][]int64) (ids []string, phrases [][]int64, err error) {
	var (
		asks  []string
		vars  []any
		found []struct {
			Stretch int
			Cases   string // empty: too many
		}
		hits = map[string]int{}
	)
	for i, terms := range sets {
		holds, these := s.dialect.holds(terms)
		asks = append(asks, fmt.Sprintf("SELECT * FROM (SELECT %d AS stretch, st.case_id FROM search_texts st WHERE %s LIMIT %d) AS s%d", i, holds, stock+1, i))
		vars = append(vars, these...)
	}
	err = db.Raw(fmt.Sprintf("SELECT stretch, CASE WHEN count(*) > %d THEN '' ELSE string_agg(case_id, ',') END AS cases FROM (%s) AS found GROUP BY stretch",
		stock, strings.Join(asks, " UNION ALL ")), vars...).Scan(&found).Error
	if err != nil {
		return nil, nil, err
	}
	for _, f := range found {
		if f.Cases == "" {
			phrases = append(phrases, sets[f.Stretch])
			continue
		}
		for id := range strings.SplitSeq(f.Cases, ",") {
			hits[id]++
		}
	}
	ids = slices.SortedFunc(maps.Keys(hits), func(a, b string) int { // ids grow with time
		return cmp.Or(cmp.Compare(hits[b], hits[a]), cmp.Compare(b, a))
	})
	return ids[:min(len(ids), nearest)], phrases, nil
}

// anySet is the condition that a text has all terms of one of the sets.
func (s *Store) anySet(sets [][]int64) (condition string, vars []any) {
	some := make([]string, len(sets))
	for i, terms := range sets {
		holds, these := s.dialect.holds(terms)
		some[i], vars = holds, append(vars, these...)
	}
	return strings.Join(some, " OR "), vars
}

func (postgresDialect) holds(terms []int64) (string, []any) {
	return "st.terms @> ?::bigint[]", []any{array(terms)}
}

func (sqliteDialect) holds(terms []int64) (string, []any) {
	vars := make([]any, len(terms))
	for i, t := range terms {
		vars[i] = t
	}
	return "st.id IN (" + strings.Repeat("SELECT text FROM search_terms WHERE term = ? INTERSECT ", len(terms)-1) + "SELECT text FROM search_terms WHERE term = ?)", vars
}
