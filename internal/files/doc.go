// Package files keeps sealed attachments in a folder, each under the hash of its sealed bytes, and
// judges by its content what a file is that somebody hands in. It knows neither keys nor names.
package files
