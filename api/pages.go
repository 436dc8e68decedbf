package api

import (
	"time"
)

// each makes a view of every item; never nil, so that an empty list is [] and not null.
func each[F, T any](items []F, view func(F) T) []T {
	views := make([]T, len(items))
	for i, item := range items {
		views[i] = view(item)
	}
	return views
}

// at is an instant that may not have come; a zero one is left out of answers.
func at(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// next links to the page that begins at cursor, with the filters of this one; nil on the last page.
func (in *inbound) next(cursor string) *string {
	if cursor == "" {
		return nil
	}
	there := *in.request.URL
	query := there.Query()
	query.Set("cursor", cursor)
	link := "<" + there.Path + "?" + query.Encode() + `>; rel="next"`
	return &link
}

// replayed marks an answer that was given before.
func replayed(was bool) *string {
	if !was {
		return nil
	}
	yes := "true"
	return &yes
}
