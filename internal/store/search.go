package store

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// finding leaves of a query on cases those in which everything that is looked for is found.
func finding(how dialect, find [][]models.Way, db *gorm.DB) (*gorm.DB, error) {
	for _, ways := range find {
		condition, err := anyWay(how, ways, db)
		if err != nil {
			return nil, err
		}
		db = db.Where(condition)
	}
	return db, nil
}

// anyWay is the condition that one of the ways finds the case, where it is open.
func anyWay(how dialect, ways []models.Way, db *gorm.DB) (*gorm.DB, error) {
	blank := func() *gorm.DB { return db.Session(&gorm.Session{NewDB: true}) }
	some := blank()
	if len(ways) == 0 {
		return some.Where("1 = 0"), nil
	}
	for _, w := range ways {
		condition, vars, err := how.holding(blank(), w.Any)
		if err != nil {
			return nil, err
		}
		some = some.Or(within(w.Visible, blank().Where(condition, vars...)))
	}
	return some, nil
}

// indexed are the rows of the search index for texts that carry their terms, and for the case itself.
func indexed(caseID string, facts []int64, texts []models.Text) []models.SearchText {
	var rows []models.SearchText
	if len(facts) > 0 {
		rows = append(rows, models.SearchText{Ref: caseID, CaseID: caseID, Terms: facts})
	}
	for _, t := range texts {
		if len(t.Terms) > 0 {
			rows = append(rows, models.SearchText{Ref: t.Ref, CaseID: t.CaseID, KeyID: t.KeyID, Terms: t.Terms})
		}
	}
	return rows
}

// Reindex puts texts into the search index over what was there of them, and leaves out those whose
// key was erased meanwhile.
func (s *Store) Reindex(ctx context.Context, rows []models.SearchText) error {
	return s.write(ctx, "search index", func(tx *gorm.DB) error {
		keys := []string{""}
		for _, r := range rows {
			keys = append(keys, r.KeyID)
		}
		var live []string // and locked: an erasure waits here, and then finds what we wrote
		err := tx.Model(&models.Key{}).Clauses(forShare).Where("id IN ? AND erased_at IS NULL", keys).Pluck("id", &live).Error
		if err != nil {
			return err
		}
		var refs []string
		fresh := slices.DeleteFunc(slices.Clone(rows), func(r models.SearchText) bool {
			refs = append(refs, r.Ref)
			return r.KeyID != "" && !slices.Contains(live, r.KeyID)
		})
		if err := tx.Exec("DELETE FROM search_texts WHERE ref IN ?", refs).Error; err != nil {
			return err
		}
		return together(tx, s.dialect.index(fresh))
	})
}

// DropStrayTerms drops from the search index what belongs to no text any more, and says how much.
func (s *Store) DropStrayTerms(ctx context.Context) (gone int64, err error) {
	err = s.change(ctx, "stray terms", func(db *gorm.DB) error {
		done := db.Exec("DELETE FROM search_texts WHERE ref <> case_id AND ref NOT IN (SELECT ref FROM texts WHERE sealed IS NOT NULL)")
		gone = done.RowsAffected
		return done.Error
	})
	return gone, err
}

// AllTexts returns the texts of some cases, staged ones too, in the order of the events.
func (s *Store) AllTexts(ctx context.Context, caseIDs []string) (texts []models.Text, err error) {
	err = s.read(ctx, "texts of cases", func(db *gorm.DB) error {
		return db.Where("case_id IN ?", caseIDs).Order("case_id, seq, name, ref").Find(&texts).Error
	})
	return texts, err
}

// CorrectedContacts returns the contact data that corrections brought to the cases of some customers,
// sealed, the latest last.
func (s *Store) CorrectedContacts(ctx context.Context, customerIDs []string) (texts []models.Text, err error) {
	err = s.read(ctx, "corrected contact data", func(db *gorm.DB) error {
		return db.Where("case_id IN (SELECT id FROM cases WHERE customer_id IN ?) AND name = ? AND seq > 1", customerIDs, models.TextContact).
			Order("staged_at, ref").Find(&texts).Error
	})
	return texts, err
}

// TextsNamed returns the texts of one name that the events of some cases name, in their order.
func (s *Store) TextsNamed(ctx context.Context, caseIDs []string, name string) (texts []models.Text, err error) {
	err = s.read(ctx, "texts of cases", func(db *gorm.DB) error {
		return db.Select("ref", "case_id", "key_id", "name", "sealed", "seq").Where("case_id IN ? AND name = ? AND seq > 0", caseIDs, name).
			Order("case_id, seq, ref").Find(&texts).Error
	})
	return texts, err
}

// ComplaintTexts returns what some complaints say, as told first and as corrected, in the order of the
// events.
func (s *Store) ComplaintTexts(ctx context.Context, caseIDs []string) (texts []models.Text, err error) {
	err = s.read(ctx, "texts of cases", func(db *gorm.DB) error {
		return db.Where("case_id IN ? AND name = ?", caseIDs, models.TextText).
			Where("seq = 1 OR EXISTS (SELECT 1 FROM entries e WHERE e.case_id = texts.case_id AND e.seq = texts.seq AND e.kind = ?)", models.KindAmended).
			Order("case_id, seq").Find(&texts).Error
	})
	return texts, err
}

// Keys returns some data keys as wrapped; erased ones have no bytes.
func (s *Store) Keys(ctx context.Context, ids []string) (keys []models.Key, err error) {
	err = s.read(ctx, "keys", func(db *gorm.DB) error { return db.Where("id IN ?", ids).Find(&keys).Error })
	return keys, err
}

// rare is how many texts may hold a term so that all of them are looked at. Where there are more, the
// newest cases are asked one by one, and a page is soon full.
const rare = 3000

// holding asks first how common the terms are. The planner guesses for terms that are too rare for its
// statistics, and its guess is high enough to walk along a hundred thousand cases for one that holds
// them; of terms that come together it guesses too low, and sorts what it need not. Neither form leaves
// it the choice: an array is made once, by the index, and a limited subquery is asked case by case.
func (postgresDialect) holding(db *gorm.DB, sets [][]int64) (string, []any, error) {
	vars := make([]any, len(sets))
	for i, terms := range sets {
		vars[i] = array(terms)
	}
	holds := "(" + strings.Repeat("st.terms @> ?::bigint[] OR ", len(sets)-1) + "st.terms @> ?::bigint[])"
	var n int
	err := db.Raw("SELECT count(*) FROM (SELECT 1 FROM search_texts st WHERE "+holds+" LIMIT "+strconv.Itoa(rare)+") AS probe", vars...).Scan(&n).Error
	if err != nil {
		return "", nil, err
	}
	if n < rare {
		return "cases.id = ANY(ARRAY(SELECT st.case_id FROM search_texts st WHERE " + holds + "))", vars, nil
	}
	return "(SELECT true FROM search_texts st WHERE st.case_id = cases.id AND " + holds + " LIMIT 1)", vars, nil
}

func (postgresDialect) index(rows []models.SearchText) (steps []step) {
	for some := range slices.Chunk(rows, 400) {
		steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB {
			var vars []any
			for _, r := range some {
				vars = append(vars, r.Ref, r.CaseID, array(r.Terms))
			}
			return tx.Exec("INSERT INTO search_texts (ref, case_id, terms) VALUES (?, ?, ?)"+strings.Repeat(", (?, ?, ?)", len(some)-1), vars...)
		}})
	}
	return steps
}

// array is how Postgres writes it.
func array(terms []int64) string {
	b := []byte{'{'}
	for i, t := range terms {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, t, 10)
	}
	return string(append(b, '}'))
}

func (sqliteDialect) holding(_ *gorm.DB, sets [][]int64) (string, []any, error) {
	var (
		found []string
		vars  []any
	)
	for _, terms := range sets {
		one := make([]string, len(terms))
		for i, t := range terms {
			one[i] = "SELECT text FROM search_terms WHERE term = ?"
			vars = append(vars, t)
		}
		found = append(found, "id IN ("+strings.Join(one, " INTERSECT ")+")")
	}
	return "cases.id IN (SELECT case_id FROM search_texts WHERE " + strings.Join(found, " OR ") + ")", vars, nil
}

// index writes the terms in the order in which they lie in the file: those of many texts are all over it.
func (sqliteDialect) index(rows []models.SearchText) (steps []step) {
	for some := range slices.Chunk(rows, 400) {
		steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB {
			var vars []any
			for _, r := range some {
				vars = append(vars, r.Ref, r.CaseID)
			}
			return tx.Exec("INSERT INTO search_texts (ref, case_id) VALUES (?, ?)"+strings.Repeat(", (?, ?)", len(some)-1), vars...)
		}})
	}
	if len(rows) == 0 {
		return nil
	}
	terms := make(map[string][]int64, len(rows))
	for _, r := range rows {
		terms[r.Ref] = r.Terms
	}
	all, _ := json.Marshal(terms) // of texts and numbers
	return append(steps, step{do: func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`INSERT OR IGNORE INTO search_terms (term, text)
			SELECT one.value, st.id FROM json_each(?) AS said CROSS JOIN search_texts AS st ON st.ref = said.key CROSS JOIN json_each(said.value) AS one
			ORDER BY 1, 2`, string(all))
	}})
}
