package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// MasterSize is the size of the master key in bytes.
const MasterSize = 32

// Vault seals and opens with subkeys of one master key. It has no state that changes and is safe
// for use by many goroutines.
type Vault struct {
	wrapping    cipher.AEAD // wraps data keys
	digests     []byte
	links       []byte
	terms       []byte
	fingerprint string
}

// New makes a vault from the master key. Every purpose gets a subkey of its own, so that what leaks
// of one says nothing of another.
func New(master []byte) (*Vault, error) {
	if len(master) != MasterSize {
		return nil, fmt.Errorf("master key: %d bytes, want %d", len(master), MasterSize)
	}
	wrapping, err := aead(subkey(master, "wrap"))
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return &Vault{
		wrapping:    wrapping,
		digests:     subkey(master, "digest"),
		links:       subkey(master, "link"),
		terms:       subkey(master, "search"),
		fingerprint: hex.EncodeToString(subkey(master, "fingerprint")[:8]),
	}, nil
}

// Fingerprint names the master key without telling anything of it. The store keeps it, so that a
// start with another master key is refused before it seals anything.
func (v *Vault) Fingerprint() string { return v.fingerprint }

// Digest finds the same value again without keeping it: hex HMAC-SHA256 of kind and value. The
// caller normalises the value first; another spelling is another digest.
func (v *Vault) Digest(kind, value string) string {
	return hex.EncodeToString(mac(v.digests, kind, value))
}

// DigestFile is Digest of kind "file" for the bytes of a file, which are not copied for it.
func (v *Vault) DigestFile(content []byte) string {
	h := hmac.New(sha256.New, v.digests)
	h.Write(framed("file"))
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(content))))
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}

// Terms are the keyed digests by which a search index knows words of a kind: eight bytes of
// HMAC-SHA256 each, enough to tell words apart, and what they find is checked against the words.
func (v *Vault) Terms(kind string, words []string) []int64 {
	h := hmac.New(sha256.New, v.terms)
	terms := make([]int64, len(words))
	var sum [sha256.Size]byte
	for i, w := range words {
		h.Reset()
		h.Write(framed(kind, w))
		terms[i] = int64(binary.BigEndian.Uint64(h.Sum(sum[:0]))) //nolint:gosec // the bits are meant, not the number
	}
	return terms
}

// LinkToken derives the secret token of a customer's link: 160 bits in 32 letters and digits. The
// same parts give the same token, so a link is written again into the next message, and only its
// hash is ever stored.
func (v *Vault) LinkToken(parts ...string) string {
	letters := base32.StdEncoding.WithPadding(base32.NoPadding)
	return strings.ToLower(letters.EncodeToString(mac(v.links, parts...)[:20]))
}

// TokenHash is what is stored of a token: hex SHA-256. Tokens are random, so no salt is needed.
func TokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// mac is HMAC-SHA256 over the parts, each behind its length: ("ab", "c") and ("a", "bc") differ.
func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(framed(parts...))
	return h.Sum(nil)
}

func framed(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

func subkey(master []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, master, nil, "recourse vault 1 "+purpose, sha256.Size)
	if err != nil {
		panic(err) // only for a length beyond 255 hashes
	}
	return key
}

func aead(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
