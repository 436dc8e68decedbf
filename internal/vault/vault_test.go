package vault_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"recourse/internal/vault"
)

func open(t *testing.T, fill byte) *vault.Vault {
	t.Helper()
	v, err := vault.New(bytes.Repeat([]byte{fill}, vault.MasterSize))
	require.NoError(t, err)
	return v
}

func TestWordsComeBackAsTheyWereSealed(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	id, wrapped, err := v.NewKey()
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.String().Draw(t, "words")
		sealed, digest, err := v.SealText(wrapped, id, "ref", words)
		require.NoError(t, err)
		if len(words) > 3 {
			require.NotContains(t, string(sealed), words)
		}
		got, gotDigest, err := v.OpenText(wrapped, id, "ref", sealed)
		require.NoError(t, err)
		require.Equal(t, words, got)
		require.Equal(t, digest, gotDigest)
	})
}

func TestTheSameWordsNeverLookTheSame(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	id, wrapped, err := v.NewKey()
	require.NoError(t, err)
	one, digestOne, err := v.SealText(wrapped, id, "ref", "words")
	require.NoError(t, err)
	two, digestTwo, err := v.SealText(wrapped, id, "ref", "words")
	require.NoError(t, err)
	require.NotEqual(t, one, two)
	require.NotEqual(t, digestOne, digestTwo, "an unsalted digest lets anybody guess short words")
}

func TestEveryChangedByteBreaksTheSeal(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	id, wrapped, err := v.NewKey()
	require.NoError(t, err)
	sealed, _, err := v.SealText(wrapped, id, "ref", "投诉 words")
	require.NoError(t, err)
	for i := range sealed {
		broken := bytes.Clone(sealed)
		broken[i] ^= 1
		_, _, err := v.OpenText(wrapped, id, "ref", broken)
		require.ErrorIs(t, err, vault.ErrSealBroken, "byte %d", i)
	}
	for n := 1; n < len(sealed); n++ {
		_, _, err := v.OpenText(wrapped, id, "ref", sealed[:n])
		require.ErrorIs(t, err, vault.ErrSealBroken, "cut to %d", n)
	}
	for i := range wrapped {
		broken := bytes.Clone(wrapped)
		broken[i] ^= 1
		_, err := v.Unwrap(id, broken)
		require.ErrorIs(t, err, vault.ErrSealBroken, "byte %d of the key", i)
	}
}

func TestASealHoldsOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	id, wrapped, err := v.NewKey()
	require.NoError(t, err)
	other, otherWrapped, err := v.NewKey()
	require.NoError(t, err)
	require.NotEqual(t, id, other)
	sealed, _, err := v.SealText(wrapped, id, "ref", "words")
	require.NoError(t, err)

	for name, try := range map[string]func() error{
		"another row":        func() error { _, _, err := v.OpenText(wrapped, id, "ref2", sealed); return err },
		"another key":        func() error { _, _, err := v.OpenText(otherWrapped, other, "ref", sealed); return err },
		"a key's name":       func() error { _, _, err := v.OpenText(otherWrapped, id, "ref", sealed); return err },
		"another master key": func() error { _, _, err := open(t, 2).OpenText(wrapped, id, "ref", sealed); return err },
		"a text as a key":    func() error { _, err := v.Unwrap(id, sealed); return err },
	} {
		require.ErrorIs(t, try(), vault.ErrSealBroken, name)
	}
}

func TestAFileComesBackAndHoldsOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	id, wrapped, err := v.NewKey()
	require.NoError(t, err)
	content := []byte("the bytes of a file, which are no text: \x00\xff")
	sealed, err := v.SealFile(wrapped, id, "a-1", content)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "bytes of a file")
	got, err := v.OpenFile(wrapped, id, "a-1", sealed)
	require.NoError(t, err)
	require.Equal(t, content, got)

	_, err = v.OpenFile(wrapped, id, "a-2", sealed)
	require.ErrorIs(t, err, vault.ErrSealBroken)
	_, _, err = v.OpenText(wrapped, id, "a-1", sealed)
	require.ErrorIs(t, err, vault.ErrSealBroken, "a file is no text")
	_, err = v.OpenFile(nil, id, "a-1", sealed)
	require.ErrorIs(t, err, vault.ErrErased)
	require.Equal(t, v.Digest("file", string(content)), v.DigestFile(content))
}

func TestASaltLetsAnybodyComputeTheDigestAgain(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	id, wrapped, err := v.NewKey()
	require.NoError(t, err)
	sealed, digest, err := v.SealText(wrapped, id, "ref", "words")
	require.NoError(t, err)
	salt, words, err := v.OpenSalted(wrapped, id, "ref", sealed)
	require.NoError(t, err)
	sum := sha256.Sum256(append(salt, words...))
	require.Equal(t, digest, hex.EncodeToString(sum[:]))
}

func TestAnErasedKeySaysSo(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	id, wrapped, err := v.NewKey()
	require.NoError(t, err)
	sealed, _, err := v.SealText(wrapped, id, "ref", "words")
	require.NoError(t, err)

	_, _, err = v.OpenText(nil, id, "ref", sealed)
	require.ErrorIs(t, err, vault.ErrErased)
	_, _, err = v.OpenText(wrapped, id, "ref", nil)
	require.ErrorIs(t, err, vault.ErrErased)
	_, _, err = v.SealText(nil, id, "ref", "words")
	require.ErrorIs(t, err, vault.ErrErased)
}

func TestDigestsAndTokensAreStableAndApart(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	require.Equal(t, v.Digest("phone", "+8613800000000"), open(t, 1).Digest("phone", "+8613800000000"))
	require.Equal(t, v.LinkToken("status", "c-1"), open(t, 1).LinkToken("status", "c-1"))
	require.Regexp(t, `^[a-z2-7]{32}$`, v.LinkToken("status", "c-1"))
	require.Len(t, vault.TokenHash("x"), 64)

	seen := map[string]bool{}
	for _, s := range []string{
		v.Digest("phone", "1"), v.Digest("email", "1"), v.Digest("phon", "e1"), open(t, 2).Digest("phone", "1"),
		v.LinkToken("ab", "c"), v.LinkToken("a", "bc"), v.LinkToken("abc"), v.LinkToken("abc", ""), open(t, 2).LinkToken("abc"),
		v.Fingerprint(), open(t, 2).Fingerprint(),
	} {
		require.False(t, seen[s], "%s twice", s)
		seen[s] = true
	}
}

func TestTermsAreStableAndApart(t *testing.T) {
	t.Parallel()
	words := []string{"漏电", "ke", ""}
	v := open(t, 1)
	require.Equal(t, v.Terms("text", words), open(t, 1).Terms("text", words))
	require.Equal(t, v.Terms("text", words)[1:2], v.Terms("text", words[1:2]))
	seen := map[int64]bool{}
	for _, terms := range [][]int64{v.Terms("text", words), v.Terms("contact", words), open(t, 2).Terms("text", words)} {
		for _, term := range terms {
			require.False(t, seen[term])
			seen[term] = true
		}
	}
	require.Empty(t, v.Terms("text", nil))
}

func TestTheMasterKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.key")
	_, err := vault.ReadMaster(path)
	require.ErrorIs(t, err, fs.ErrNotExist)

	made, err := vault.CreateMaster(path)
	require.NoError(t, err)
	read, err := vault.ReadMaster(path)
	require.NoError(t, err)
	require.Equal(t, made, read)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	_, err = vault.CreateMaster(path)
	require.ErrorIs(t, err, vault.ErrMasterExists)
	again, err := vault.ReadMaster(path)
	require.NoError(t, err)
	require.Equal(t, made, again)
}

func TestTheMasterKeyIsHexOrBase64Of32Bytes(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte{0xfb}, vault.MasterSize)
	for _, line := range []string{
		hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key) + "\n", " " + base64.RawURLEncoding.EncodeToString(key),
	} {
		got, err := vault.ParseMaster(line)
		require.NoError(t, err)
		require.Equal(t, key, got)
	}
	for _, line := range []string{"", "secret", hex.EncodeToString(key[:31]), hex.EncodeToString(append(key, 1))} {
		_, err := vault.ParseMaster(line)
		require.Error(t, err, line)
	}
	_, err := vault.New(key[:16])
	require.Error(t, err)
}
