// Package document reads what people write in YAML, a policy or the mapping of a history, and collects
// everything that is wrong with it, each fault with its path and its line.
package document
