package endpoints

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"recourse/models"
)

// What robots take at most, in bytes: WeCom of markdown, the other two of a whole request.
const (
	weComLimit = 4096
	robotLimit = 20000
	titleLimit = 300
)

// links is what the link to a case is called.
var links = map[models.Language]string{models.LanguageEN: "Open the case", models.LanguageZH: "查看案件"}

func linkWords(l models.Language) string {
	if words, is := links[l]; is {
		return words
	}
	return links[models.LanguageEN]
}

type object map[string]any

// weComBody is a markdown message. WeCom signs nothing: the key stands in the URL.
func weComBody(p Parcel) []byte {
	content := fit(p.Text, weComLimit, func(text string) []byte { return markdown(p, text, "\n") })
	return encode(object{"msgtype": "markdown", "markdown": object{"content": string(content)}})
}

// dingTalkBody is a markdown message; a line ends there with two spaces.
func dingTalkBody(p Parcel) []byte {
	return fit(p.Text, robotLimit, func(text string) []byte {
		return encode(object{"msgtype": "markdown", "markdown": object{
			"title": oneLine(p.Title), "text": string(markdown(p, text, "  \n  ")),
		}})
	})
}

// signDingTalk adds to the URL what a DingTalk robot proves us by: the milliseconds, and their HMAC with
// the secret. A robot that goes by words or addresses has none.
func signDingTalk(to Target, at time.Time) string {
	u, err := url.Parse(to.URL)
	if err != nil || to.Secret == "" {
		return to.URL
	}
	ms := strconv.FormatInt(at.UnixMilli(), 10)
	q := u.Query()
	q.Set("timestamp", ms)
	q.Set("sign", mac([]byte(to.Secret), ms+"\n"+to.Secret))
	u.RawQuery = q.Encode()
	return u.String()
}

// feishuBody is a card whose words are plain text: nothing in them means anything to Feishu. The
// signature is the HMAC of nothing, with seconds and secret as its key.
func feishuBody(to Target, p Parcel, at time.Time) []byte {
	return fit(p.Text, robotLimit, func(text string) []byte {
		elements := []object{{"tag": "div", "text": plainText(tidy(text))}}
		if link := linkOf(p.URL); link != "" {
			elements = append(elements, object{"tag": "action", "actions": []object{
				{"tag": "button", "type": "primary", "text": plainText(linkWords(p.Language)), "url": link},
			}})
		}
		body := object{"msg_type": "interactive", "card": object{
			"config":   object{"wide_screen_mode": true},
			"header":   object{"title": plainText(oneLine(p.Title)), "template": "orange"},
			"elements": elements,
		}}
		if to.Secret != "" {
			seconds := strconv.FormatInt(at.Unix(), 10)
			body["timestamp"], body["sign"] = seconds, mac([]byte(seconds+"\n"+to.Secret), "")
		}
		return encode(body)
	})
}

func plainText(words string) object { return object{"tag": "plain_text", "content": words} }

// encode writes JSON in which & and < stand for themselves: robots count bytes.
func encode(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // objects of strings always can be
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
