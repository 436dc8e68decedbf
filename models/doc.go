// Package models is the vocabulary of Recourse: its nouns, its closed sets, the law of movement
// and who may do what, in types that GORM can read and that import nothing but the standard library.
package models
