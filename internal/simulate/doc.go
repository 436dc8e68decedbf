// Package simulate asks what a policy would have made of cases that happened: it lets each live once more
// through the kernel's clocks and ladders, on a virtual clock, and sums up. It touches no record and no engine,
// and keeps one case of each batch and sums, however many cases there are.
package simulate
