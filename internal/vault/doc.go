// Package vault keeps people's words unreadable without the master key: envelope encryption with a
// data key per customer, keyed digests to find a customer again, and secret links that are derived
// instead of stored. Deleting a wrapped data key erases everything that was sealed with it.
package vault
