// Package password keeps what people sign in with as something that cannot be read back: argon2id, in
// the PHC string format.
package password
