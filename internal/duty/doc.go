// Package duty says who is on duty for a role: people in turn, with swaps for a while. It is pure: a
// roster and an instant come in, a person comes out.
package duty
