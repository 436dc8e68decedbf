package console

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"recourse/models"
)

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
	return nil
}
