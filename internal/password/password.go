package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"

	"recourse/models"
)

// What one guess costs: 19 MiB of memory and two passes, the smallest setting that OWASP's Password
// Storage Cheat Sheet recommends for argon2id. Hashes made with others still match.
const (
	memory  = 19 * 1024 // KiB
	passes  = 2
	lanes   = 1
	saltLen = 16
	keyLen  = 32
)

// The bounds of what we take. The upper one keeps a request from costing more than its hash.
const (
	Shortest = 10  // characters
	Longest  = 200 // bytes
)

// places bounds how many hashes are made at a time, and with that the memory they take.
var places = make(chan struct{}, runtime.GOMAXPROCS(0))

// Hash returns what is kept of a password. CodeInvalid names what is wrong with one that is too short
// or too long.
func Hash(plain string) (string, error) {
	if len([]rune(plain)) < Shortest {
		return "", models.Invalid("/password", fmt.Sprintf("a password has at least %d characters", Shortest))
	}
	if len(plain) > Longest {
		return "", models.Invalid("/password", fmt.Sprintf("a password has at most %d bytes", Longest))
	}
	salt := make([]byte, saltLen)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	return encode(settings{memory, passes, lanes}, salt, settings{memory, passes, lanes}.key(plain, salt, keyLen)), nil
}

// Matches says whether plain is the password that kept was made of. It takes as long for an empty or
// unreadable hash, so that nobody learns from the time whether somebody exists.
func Matches(kept, plain string) bool {
	s, salt, key, err := decode(kept)
	if err != nil {
		s, salt, key = settings{memory, passes, lanes}, make([]byte, saltLen), nil
	}
	if len(plain) > Longest {
		plain = plain[:Longest+1]
	}
	made := s.key(plain, salt, keyLen)
	return err == nil && subtle.ConstantTimeCompare(made, key) == 1
}

// Stale says that a hash was made with other settings than today's, and should be made again.
func Stale(kept string) bool {
	s, _, _, err := decode(kept)
	return err != nil || s != settings{memory, passes, lanes}
}

type settings struct {
	memory, passes uint32
	lanes          uint8
}

func (s settings) key(plain string, salt []byte, n uint32) []byte {
	places <- struct{}{}
	defer func() { <-places }()
	return argon2.IDKey([]byte(plain), salt, s.passes, s.memory, s.lanes, n)
}

var b64 = base64.RawStdEncoding

func encode(s settings, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.memory, s.passes, s.lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func decode(kept string) (s settings, salt, key []byte, err error) {
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return s, nil, nil, fmt.Errorf("no argon2id hash: %d parts", len(parts))
	}
	version := 0
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return s, nil, nil, fmt.Errorf("argon2 version %d is not ours", version)
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &s.memory, &s.passes, &s.lanes); err != nil {
		return s, nil, nil, fmt.Errorf("settings: %w", err)
	}
	if salt, err = b64.DecodeString(parts[4]); err != nil {
		return s, nil, nil, fmt.Errorf("salt: %w", err)
	}
	if key, err = b64.DecodeString(parts[5]); err != nil || len(key) != keyLen || s.lanes == 0 || s.passes == 0 {
		return s, nil, nil, fmt.Errorf("a hash of %d bytes: %w", len(key), err)
	}
	return s, salt, key, nil
}
