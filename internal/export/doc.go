// Package export writes one case with everything that was said and sent into one file that stands on
// its own, and proves later, without database or key, that nobody changed it.
package export
