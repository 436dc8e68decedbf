package notify

import "time"

// Batch is how many messages one worker is handed at a time.
const Batch = batch

// Backoff is the wait after so many attempts, Attempts how many there are.
var Backoff func(attempt int) time.Duration = backoff

// Attempts is how often a message is tried.
const Attempts = attempts
