package password

// Weak is a hash as an older release may have made it.
func Weak(plain string) (string, error) {
	s, salt := settings{1024, 1, 1}, []byte("saltsaltsaltsalt")
	return encode(s, salt, s.key(plain, salt, keyLen)), nil
}
