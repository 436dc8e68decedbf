package engine

import (
	"maps"
	"slices"
)

// Queries are those by which workflows in trouble are found.
func Queries() []string { return slices.Collect(maps.Values(troubled)) }
