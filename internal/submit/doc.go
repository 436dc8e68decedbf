// Package submit sends the rows of a CSV file through the public API, each once however often it is
// tried, and proves by counting that every one of them is on record.
package submit
