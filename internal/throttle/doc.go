// Package throttle slows down whoever asks too often.
package throttle
