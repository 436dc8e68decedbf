// Package console is the people's door: pages rendered here, one file for each.
package console
