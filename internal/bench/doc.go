// Package bench measures what the machine it runs on can do, as ratios to what Temporal alone can do
// there. It is not a test: it judges nothing.
package bench
