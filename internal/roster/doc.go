// Package roster says what makes an organisation whole, and reads parts of it from CSV: every team has
// its department, every category its parent, nobody points to nobody. It is pure: what is on record
// and what is wished come in, faults and differences go out.
package roster
