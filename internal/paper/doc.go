// Package paper makes a PDF of a page, by a Chromium that is on this machine.
package paper
