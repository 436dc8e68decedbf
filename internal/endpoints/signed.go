package endpoints

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"recourse/models"
)

// outgoing is a parcel in the form of its target.
type outgoing struct {
	url    string
	header http.Header
	body   []byte
}

// compose puts a parcel into the form of its target. What cannot be put together now cannot be later.
func compose(to Target, p Parcel, at time.Time) (outgoing, *Refused) {
	out := outgoing{url: to.URL, header: http.Header{"Content-Type": {"application/json"}, "User-Agent": {"Recourse"}}}
	switch to.Channel { //nolint:exhaustive // all others are signed alike
	case models.MessageWeCom:
		out.body = weComBody(p)
	case models.MessageDingTalk:
		out.body = dingTalkBody(p)
		out.url = signDingTalk(to, at)
	case models.MessageFeishu:
		out.body = feishuBody(to, p, at)
	default:
		return out, signed(&out, to, p, at)
	}
	return out, nil
}

// A letter is the body of what is signed like a webhook.
type letter struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// A call is what a gateway is to say or write to somebody.
type call struct {
	To       string          `json:"to"`
	Language models.Language `json:"language"`
	Text     string          `json:"text"`
	ID       string          `json:"id"`
}

// signed writes a webhook's body and the headers of the Standard Webhooks specification, with a signature
// for each secret that is in force.
func signed(out *outgoing, to Target, p Parcel, at time.Time) *Refused {
	l := letter{Type: p.Type, Timestamp: p.At.UTC(), Data: p.Data}
	if to.Channel == models.MessageSMS || to.Channel == models.MessageVoice {
		l.Type, l.Data = string(to.Channel), call{To: p.To, Language: p.Language, Text: p.Text, ID: p.ID}
	}
	body, err := json.Marshal(l)
	if err != nil || p.ID == "" || strings.ContainsFunc(p.ID, notPrintable) {
		return &Refused{Final: true, why: "the message is none that can be sent"}
	}
	out.body = body
	seconds := strconv.FormatInt(at.Unix(), 10)
	var signatures []string
	for _, secret := range []string{to.Secret, to.Previous} {
		if k, is := key(secret); is {
			signatures = append(signatures, "v1,"+mac(k, p.ID+"."+seconds+"."+string(body)))
		}
	}
	if _, is := key(to.Secret); !is {
		return &Refused{Wait: seldom, why: "the endpoint has no secret to sign with"}
	}
	out.header.Set("webhook-id", p.ID)
	out.header.Set("webhook-timestamp", seconds)
	out.header.Set("webhook-signature", strings.Join(signatures, " "))
	return nil
}

func notPrintable(r rune) bool { return r <= ' ' || r > '~' }

// mac is the HMAC-SHA256 of a message, in base64.
func mac(key []byte, message string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
