// Package backup writes the record into two files, the words and the keys to them apart, and puts
// them back; a journal of erasures beside the keys sees to it that who was erased stays so.
package backup
