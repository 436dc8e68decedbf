// Package words is the one catalogue of what we say to people, in Chinese and in English.
package words
