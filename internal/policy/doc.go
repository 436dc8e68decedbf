// Package policy says how long things may take and who is told when they take longer: settings and
// an instant in, a plan of amounts, ladders and open intervals out. It is pure.
package policy
