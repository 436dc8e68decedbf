package engine_test

import "time"

// How long a condition may take to come true, and how often it is asked.
const (
	waitFor = 20 * time.Second
	tick    = 50 * time.Millisecond
)
