package endpoints

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"recourse/models"
)

const longestURL = 2048

// CheckURL refuses what cannot be an endpoint's address. Where it leads to is only known when somebody
// connects. The refusal does not repeat it.
func CheckURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case len(raw) > longestURL:
		return models.Invalid("/url", "an address has at most 2048 characters")
	case err != nil || strings.ContainsFunc(raw, unhandy) || u.Opaque != "" || u.Hostname() == "" || !isPort(u.Port()):
		return models.Invalid("/url", "is not an address such as https://hooks.example.com/in")
	case u.Scheme != "https" && u.Scheme != "http":
		return models.Invalid("/url", "an address begins with https:// or http://")
	case u.User != nil:
		return models.Invalid("/url", "an address holds no name and no password; what we send is signed")
	case u.Fragment != "":
		return models.Invalid("/url", "nothing behind a # is ever sent; leave it out")
	}
	return nil
}

func unhandy(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

func isPort(p string) bool {
	n, err := strconv.Atoi(p)
	return p == "" || err == nil && n > 0 && n < 1<<16
}

// CheckSecret refuses what cannot sign for a channel.
func CheckSecret(channel models.MessageChannel, secret string) error {
	switch channel { //nolint:exhaustive // all others are signed alike
	case models.MessageWeCom:
		if secret != "" {
			return models.Invalid("/secret", "a WeCom robot has no secret beside its address")
		}
	case models.MessageDingTalk, models.MessageFeishu:
		if len(secret) > 200 || strings.ContainsFunc(secret, unhandy) {
			return models.Invalid("/secret", "is not the secret of a robot")
		}
	default:
		if _, is := key(secret); !is {
			return models.Invalid("/secret", "a secret is whsec_ and the base64 of 24 to 64 bytes")
		}
	}
	return nil
}

const prefix = "whsec_"

// key is what a secret signs with.
func key(secret string) ([]byte, bool) {
	encoded, is := strings.CutPrefix(secret, prefix)
	k, err := base64.StdEncoding.DecodeString(encoded)
	return k, is && err == nil && len(k) >= 24 && len(k) <= 64
}

// Secret writes a key as what is signed like a webhook has it.
func Secret(key []byte) string { return prefix + base64.StdEncoding.EncodeToString(key) }

// Shown is how an address may be shown once it is kept: its host, and the last four characters when
// enough before them stays unseen.
func Shown(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	rest := []rune(u.RequestURI())
	if len(rest) < 12 {
		return u.Host
	}
	return u.Host + " …" + string(rest[len(rest)-4:])
}
