package templates

import (
	"slices"
	"strings"
)

// Change says what became of a line between two texts.
type Change string

// The changes.
const (
	ChangeNone  Change = ""
	ChangeGone  Change = "gone"
	ChangeAdded Change = "added"
)

// Line is a line of either of two texts.
type Line struct {
	Change Change
	Text   string
}

// Diff says line by line how a draft became another one; nothing when they are the same. A subject is the
// first line.
func Diff(was, is Draft) []Line {
	if was == is {
		return nil
	}
	a, b := was.lines(), is.lines()
	common := commonLines(a, b)
	var all []Line
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			all = append(all, Line{ChangeNone, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			all = append(all, Line{ChangeGone, a[i]})
			i++
		default:
			all = append(all, Line{ChangeAdded, b[j]})
			j++
		}
	}
	return all
}

func (d Draft) lines() []string {
	all := strings.Split(d.Body, "\n")
	if d.Subject != "" {
		all = append([]string{d.Subject}, all...)
	}
	return all
}

// commonLines says for each pair of places how many lines the rests of two texts have in common.
func commonLines(a, b []string) [][]int {
	n := make([][]int, len(a)+1)
	for i := range n {
		n[i] = make([]int, len(b)+1)
	}
	for i, mine := range slices.Backward(a) {
		for j, theirs := range slices.Backward(b) {
			if n[i][j] = max(n[i+1][j], n[i][j+1]); mine == theirs {
				n[i][j] = n[i+1][j+1] + 1
			}
		}
	}
	return n
}
