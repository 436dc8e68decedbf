package check

import (
	"bytes"
	"encoding/json"

	"recourse/models"
)

// figures: what figures read of a case is what its events fold to.
func figures(f *file) []string {
	var found complaints
	want, have := f.should.FactRows, f.FactRows
	unlike(&found, "the fact of cycle", want.Facts, have.Facts, func(r models.Fact) any { return r.Cycle })
	unlike(&found, "the lever", want.Levers, have.Levers, func(r models.Lever) any { return [3]any{r.Seq, r.Move, r.Kind} })
	unlike(&found, "the ownership", want.Ownerships, have.Ownerships, func(r models.Ownership) any { return r.Part })
	return found
}

// unlike says which rows are missing, too many, or not as they should be.
func unlike[T any](found *complaints, what string, want, have []T, key func(T) any) {
	on := make(map[any]T, len(have))
	for _, row := range have {
		on[key(row)] = row
	}
	for _, row := range want {
		k := key(row)
		kept, is := on[k]
		delete(on, k)
		switch {
		case !is:
			found.say("%s %v is not on record; recourse facts rebuild mends it", what, k)
		case !sameJSON(row, kept):
			found.say("%s %v is not what the events say; recourse facts rebuild mends it", what, k)
		}
	}
	for k := range on {
		found.say("%s %v follows from no event; recourse facts rebuild mends it", what, k)
	}
}

func sameJSON(a, b any) bool {
	one, err := json.Marshal(a)
	two, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(one, two)
}
