package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATextThatReadsEverywherePasses(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"", "\tplain", "投诉受理，次日回访。", "東京 ｶﾅ 한글 é 👩‍👩‍👧", "a\r"} {
		require.Empty(t, wrongWith([]byte(line), true), line)
	}
}

func TestATextThatWillNotReadEverywhereIsTold(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"\xef\xbb\xbfpackage":        "byte order mark",
		"\xd6\xd0\xce\xc4":           "is not UTF-8",
		"\xc3\xa4\xc2\xb8\xc2\xad":   "wrong encoding",
		"lost: \uFFFD":               "U+FFFD, what is left",
		"\u2F08 like \u4EBA":         "U+2F08, which only looks like",
		"\uF9D1 like \u516D":         "U+F9D1, which only looks like",
		"turned \u202E around":       "U+202E, which cannot be seen",
		"one\u200Bword":              "U+200B, which cannot be seen",
		"a private \uE000 character": "U+E000, which means nothing",
		"a \x07 bell":                "U+0007, a control character",
	} {
		require.Contains(t, wrongWith([]byte(line), true), want)
	}
}

func TestEachFaultIsNamedByFileAndLine(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.MkdirAll(filepath.Join("x", "testdata"), 0o700))
	for name, text := range map[string]string{
		"good.md":        "一切都好\n",
		"bad.md":         "good\nbad \uFFFD\n\xff\n",
		"picture.png":    "\x89PNG\x00\xff",
		"x/testdata/bad": "\xff",
	} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	var out strings.Builder
	faults, err := check(strings.NewReader("good.md\x00bad.md\x00picture.png\x00x/testdata/bad\x00deleted.md\x00"), &out)
	require.NoError(t, err)
	require.Equal(t, 2, faults)
	require.Equal(t, "bad.md:2: has U+FFFD, what is left of a character that was lost; write it as an escape where it is meant\n"+
		"bad.md:3: is not UTF-8\n", out.String())
}
