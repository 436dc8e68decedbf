// Package headline counts the six headline figures over the rows of cases alone, one by one as they are
// streamed: version 1 of their definitions. Whoever has a table of facts asks kpi.Table instead.
package headline
