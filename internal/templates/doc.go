// Package templates is the words of messages: those that the product ships with, those that a company
// puts in their place, what is wrong with a draft, and how it reads.
package templates
