package vault

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// version is the first byte of everything sealed; it is authenticated too.
const version = 1

const (
	dataKeySize = 32
	saltSize    = 16
)

// ErrErased says that the words are gone for good: their key was erased.
var ErrErased = errors.New("the key was erased")

// ErrSealBroken says that the bytes are not what was sealed under that name: changed, moved to
// another place, or sealed with another key.
var ErrSealBroken = errors.New("the seal does not hold: changed, moved or another key")

// NewKey makes a data key and wraps it. Only the wrapped key is ever stored.
func (v *Vault) NewKey() (id string, wrapped []byte, err error) {
	key := random(dataKeySize)
	id = "k-" + strings.ToLower(rand.Text())
	return id, seal(v.wrapping, key, "key", id), nil
}

// Unwrap returns the data key itself: ErrErased for an empty wrapped key, ErrSealBroken when it was
// wrapped under another id or by another master key.
func (v *Vault) Unwrap(id string, wrapped []byte) ([]byte, error) {
	if len(wrapped) == 0 {
		return nil, fmt.Errorf("unwrap key %s: %w", id, ErrErased)
	}
	key, err := open(v.wrapping, wrapped, "key", id)
	if err != nil {
		return nil, fmt.Errorf("unwrap key %s: %w", id, err)
	}
	return key, nil
}

// SealText encrypts words for the row named ref and returns the digest that the event keeps: hex
// SHA-256 of a random salt and the words. The salt lies inside the sealed bytes, so erasing the key
// destroys it too and nobody can guess the words from the digest.
func (v *Vault) SealText(wrapped []byte, keyID, ref, words string) (sealed []byte, digest string, err error) {
	box, err := v.box(keyID, wrapped)
	if err != nil {
		return nil, "", fmt.Errorf("seal text %s: %w", ref, err)
	}
	salted := append(random(saltSize), words...)
	return seal(box, salted, "text", keyID, ref), digestOf(salted), nil
}

// OpenText returns the words and their digest, to be compared with the event's: ErrErased when the
// key was erased, ErrSealBroken when the bytes, the reference or the key are not those of SealText.
func (v *Vault) OpenText(wrapped []byte, keyID, ref string, sealed []byte) (words, digest string, err error) {
	salt, words, err := v.OpenSalted(wrapped, keyID, ref, sealed)
	if err != nil {
		return "", "", err
	}
	return words, digestOf(append(salt, words...)), nil
}

// OpenSalted returns the words with the salt of their digest, SHA-256 over salt and words: for an
// export, which lets others compute the digest again. Errors are those of OpenText.
func (v *Vault) OpenSalted(wrapped []byte, keyID, ref string, sealed []byte) (salt []byte, words string, err error) {
	salted, err := v.openBound(wrapped, keyID, ref, sealed, "text")
	if err != nil {
		return nil, "", err
	}
	if len(salted) < saltSize {
		return nil, "", fmt.Errorf("open text %s: %w", ref, ErrSealBroken)
	}
	return salted[:saltSize:saltSize], string(salted[saltSize:]), nil
}

// SealFile encrypts the bytes of the attachment named ref.
func (v *Vault) SealFile(wrapped []byte, keyID, ref string, plain []byte) ([]byte, error) {
	box, err := v.box(keyID, wrapped)
	if err != nil {
		return nil, fmt.Errorf("seal file %s: %w", ref, err)
	}
	return seal(box, plain, "file", keyID, ref), nil
}

// OpenFile returns the bytes of an attachment: ErrErased when its key was erased, ErrSealBroken when
// they are not what SealFile sealed under that name.
func (v *Vault) OpenFile(wrapped []byte, keyID, ref string, sealed []byte) ([]byte, error) {
	return v.openBound(wrapped, keyID, ref, sealed, "file")
}

func (v *Vault) openBound(wrapped []byte, keyID, ref string, sealed []byte, what string) ([]byte, error) {
	box, err := v.box(keyID, wrapped)
	if err == nil && len(sealed) == 0 {
		err = ErrErased
	}
	if err != nil {
		return nil, fmt.Errorf("open %s %s: %w", what, ref, err)
	}
	plain, err := open(box, sealed, what, keyID, ref)
	if err != nil {
		return nil, fmt.Errorf("open %s %s: %w", what, ref, err)
	}
	return plain, nil
}

func (v *Vault) box(keyID string, wrapped []byte) (cipher.AEAD, error) {
	key, err := v.Unwrap(keyID, wrapped)
	if err != nil {
		return nil, err
	}
	return aead(key)
}

// seal writes version, nonce and ciphertext, bound to place: what it is and where it lies.
func seal(box cipher.AEAD, plain []byte, place ...string) []byte {
	out := append([]byte{version}, random(box.NonceSize())...)
	return box.Seal(out, out[1:], plain, bound(place))
}

func open(box cipher.AEAD, sealed []byte, place ...string) ([]byte, error) {
	head := 1 + box.NonceSize()
	if len(sealed) < head || sealed[0] != version {
		return nil, ErrSealBroken
	}
	plain, err := box.Open(nil, sealed[1:head], sealed[head:], bound(place))
	if err != nil {
		return nil, ErrSealBroken // GCM's own error says no more
	}
	return plain, nil
}

func bound(place []string) []byte { return append([]byte{version}, framed(place...)...) }

func digestOf(salted []byte) string {
	sum := sha256.Sum256(salted)
	return hex.EncodeToString(sum[:])
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}
