// Package stats is what figures need of statistics: intervals for what was counted, correlation, and control
// charts with the rules by which they call a point out of control. It is pure and knows no complaint.
package stats
