// Package report freezes what the figures say of a period, and restates it later as a twin that tells the
// difference per cause. What was frozen is never counted again: whoever shows a report reads its body alone.
package report
