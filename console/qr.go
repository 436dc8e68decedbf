package console

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"
)

// quiet is how many light modules stand around a QR code, so that a camera finds its edge (ISO 18004).
const quiet = 4

// qrCode draws a text as a QR code, to be scanned from paper: one path of dark modules on a light ground,
// in both themes. says is what somebody hears who does not see it. It takes some 2,000 bytes of text.
func qrCode(text, says string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M) // a fold or a stain over a seventh of it does no harm
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	size := code.Size + 2*quiet
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers of ours, and words that are escaped
		`<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`,
		template.HTMLEscapeString(says), size, size, size, size, path.String())), nil
}
