// Package policy says how long things may take, who is told when they take longer, and who gets a case:
// settings and an instant or a complaint in; a plan of amounts, ladders and open intervals, or a route
// out. It is pure.
package policy
