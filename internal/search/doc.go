// Package search knows what words a text is found by and whether a text holds what somebody looks
// for. It keeps nothing: the index is the store's, and holds keyed digests of these words only.
package search
