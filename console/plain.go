package console

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf8"

	"recourse/models"
)

// longestKey is how long the key of a form is kept as it came.
const longestKey = 200

// plainText refuses what is no text, by the name of its field. Browsers end lines with CR LF: one
// line end everywhere.
func plainText(form url.Values) error {
	for name, values := range form {
		for i, value := range values {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return models.Invalid("/"+name, "this is no text: it holds bytes that are no characters")
			}
			values[i] = strings.ReplaceAll(value, "\r\n", "\n")
		}
	}
	if key := form.Get("key"); len(key) > longestKey { // none of ours; as good as its hash
		sum := sha256.Sum256([]byte(key))
		form.Set("key", hex.EncodeToString(sum[:]))
	}
	return nil
}
