// Package history reads the logs of other systems: a mapping says which column means what, and each case
// of the log comes out as a models.Adopted. Files of any length are read in bounded memory; what cannot be
// understood is told with its line, its column and the reason, and never guessed.
package history
