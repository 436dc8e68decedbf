// Package engine is our side of Temporal: it starts the workflows of cases, sends them commands and
// answers, and compares the running ones with the record.
package engine
