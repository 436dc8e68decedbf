// Package worker says which workflow and activity runs on which queue, and how many at a time.
package worker
