package models

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// damm is the quasigroup of order ten of H. M. Damm's check digit (dissertation, Marburg 2004): it
// notices every single wrong digit and every swap of neighbours, which is how people misread numbers.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

func checkDigit(digits string) byte {
	var interim byte
	for i := range len(digits) {
		interim = damm[interim][digits[i]-'0']
	}
	return interim
}

// Number writes the number people read aloud: RC, the year, a hyphen, the sequence in at least six
// digits and a check digit. It is never a credential.
func Number(year int, sequence int64) string {
	digits := fmt.Sprintf("%04d%06d", year, sequence)
	return fmt.Sprintf("RC%04d-%06d%d", year, sequence, checkDigit(digits))
}

var numberForm = regexp.MustCompile(`^RC(\d{4})-(\d{6,})(\d)$`)

// ValidNumber says whether n is written as a case number and its check digit agrees.
func ValidNumber(n string) bool {
	part := numberForm.FindStringSubmatch(n)
	if part == nil {
		return false
	}
	digit, _ := strconv.Atoi(part[3])
	return int(checkDigit(part[1]+part[2])) == digit
}

// Earlier says whether number a was given out before number b.
func Earlier(a, b string) bool {
	yearA, sequenceA, _ := strings.Cut(a, "-")
	yearB, sequenceB, _ := strings.Cut(b, "-")
	return cmp.Or(cmp.Compare(yearA, yearB), cmp.Compare(len(sequenceA), len(sequenceB)), cmp.Compare(sequenceA, sequenceB)) < 0
}
