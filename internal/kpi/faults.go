package kpi

import (
	"fmt"

	"recourse/models"
)

// unknown refuses a name that does not exist and lists those that do; pointer says where it was given.
func unknown(pointer, what, name string, exist []string) error {
	return models.Invalid(pointer, fmt.Sprintf("there is no %s %q; there are: %s", what, name, list(exist)))
}

// wrong refuses a value that a dimension can never have.
func wrong(pointer string, d Dimension, value string) error {
	if set := closed[d]; set != nil {
		return unknown(pointer, string(d), value, set)
	}
	return models.Invalid(pointer, fmt.Sprintf("%q is no %s: give a number", value, d))
}
