package api

import (
	"strconv"
	"strings"
)

// etag names the version of a case.
func etag(seq int64) string { return `"v` + strconv.FormatInt(seq, 10) + `"` }

// ifSeq reads an If-Match that the contract has let pass; 0: any version will do.
func ifSeq(match string) int64 {
	seq, err := strconv.ParseInt(strings.Trim(match, `"v`), 10, 64)
	if err != nil { // absent, or *
		return 0
	}
	return seq
}

// unchanged says whether an If-None-Match names this version. Comparison is weak, as RFC 9110 wants.
func unchanged(noneMatch, tag string) bool {
	for one := range strings.SplitSeq(noneMatch, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == tag || one == "*" {
			return true
		}
	}
	return false
}
