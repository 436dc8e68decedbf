package endpoints

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// harmless puts full-width signs for those that mean something in markdown. Neither WeCom nor DingTalk
// says how to escape them, and a sign that only looks alike cannot become a link, an image or a mention
// in any version of their apps.
var harmless = strings.NewReplacer(
	`\`, "＼", "`", "｀", "*", "＊", "_", "＿", "[", "［", "]", "］", "<", "＜", ">", "＞", "#", "＃", "~", "～", "|", "｜", "&", "＆",
)

// markdown writes a parcel for robots that know it: a heading, the words line by line, a link.
func markdown(p Parcel, text, newline string) []byte {
	lines := []string{"### " + harmless.Replace(oneLine(p.Title))}
	for line := range strings.SplitSeq(tidy(text), "\n") {
		lines = append(lines, oneMeaning(harmless.Replace(strings.TrimSpace(line))))
	}
	if link := linkOf(p.URL); link != "" {
		lines = append(lines, "["+linkWords(p.Language)+"]("+link+")")
	}
	return []byte(strings.Join(lines, newline))
}

// oneMeaning keeps a line of dashes from making a heading of the line before.
func oneMeaning(line string) string {
	if strings.Trim(line, "-=") == "" {
		return strings.NewReplacer("-", "－", "=", "＝").Replace(line)
	}
	return line
}

// linkOf is a URL as it can stand in markdown; empty for what is not for a browser.
func linkOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(u.String())
}

// tidy takes out what is not for eyes; lines stay.
func tidy(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return -1
		}
		return r
	}, strings.TrimSpace(strings.ToValidUTF8(s, "\ufffd")))
}

// oneLine makes a title of what may be several lines.
func oneLine(s string) string {
	return cut(strings.Join(strings.Fields(tidy(s)), " "), titleLimit)
}

const more = "…"

// cut shortens s to n bytes, on the boundary of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n = max(n-len(more), 0)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + more
}

// fit writes with as much of a text as a limit of bytes allows. The rest, the link above all, stays.
func fit(text string, limit int, write func(text string) []byte) []byte {
	for {
		out := write(text)
		over := len(out) - limit
		switch {
		case over <= 0 || text == "":
			return out
		case over+len(more) >= len(text):
			text = ""
		default:
			text = cut(text, len(text)-over)
		}
	}
}
