package endpoints_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"recourse/internal/endpoints"
	"recourse/models"
)

// sum is HMAC-SHA256 in base64, as the robots' manuals write it down.
func sum(key, message string) string {
	h := hmac.New(sha256.New, []byte(key))
	_, _ = h.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// The robots as they are: each checks what its maker says that it checks, and says no with a code.

func weCom(t *testing.T) (string, *visits) {
	t.Helper()
	server, got := serve(t, nil)
	server.Config.Handler = fake(got, func(r seen) string {
		var m struct {
			MsgType  string
			Markdown struct{ Content string }
		}
		switch {
		case len(r.query["key"]) != 1 || r.query["key"][0] != "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa":
			return `{"errcode":93000,"errmsg":"invalid webhook url"}`
		case json.Unmarshal(r.body, &m) != nil || m.MsgType != "markdown" || m.Markdown.Content == "":
			return `{"errcode":40008,"errmsg":"invalid message type"}`
		case len(m.Markdown.Content) > 4096:
			return `{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}`
		}
		return `{"errcode":0,"errmsg":"ok"}`
	})
	return server.URL, got
}

func dingTalk(t *testing.T, secret string) (string, *visits) {
	t.Helper()
	server, got := serve(t, nil)
	server.Config.Handler = fake(got, func(r seen) string {
		var m struct {
			MsgType  string
			Markdown struct{ Title, Text string }
		}
		one := func(name string) string { return strings.Join(r.query[name], "|") }
		switch {
		case one("access_token") != "d0ffcafe5678":
			return `{"errcode":300005,"errmsg":"token is not exist"}`
		case secret != "" && one("timestamp") != "1795343400000":
			return `{"errcode":310000,"errmsg":"invalid timestamp"}`
		case secret != "" && one("sign") != sum(secret, one("timestamp")+"\n"+secret):
			return `{"errcode":310000,"errmsg":"sign not match"}`
		case len(r.body) > 20000:
			return `{"errcode":460101,"errmsg":"message too long, exceed 20000 bytes"}`
		case json.Unmarshal(r.body, &m) != nil || m.MsgType != "markdown" || m.Markdown.Title == "" || m.Markdown.Text == "":
			return `{"errcode":40035,"errmsg":"missing parameter"}`
		}
		return `{"errcode":0,"errmsg":"ok"}`
	})
	return server.URL, got
}

func feishu(t *testing.T, secret string) (string, *visits) {
	t.Helper()
	server, got := serve(t, nil)
	server.Config.Handler = fake(got, func(r seen) string {
		var m struct {
			Timestamp, Sign string
			MsgType         string `json:"msg_type"`
			Card            struct{ Elements []any }
		}
		switch {
		case !strings.HasSuffix(r.path, "/hook/f00dfeed-1234"):
			return `{"code":19001,"msg":"param invalid: incoming webhook access token invalid"}`
		case len(r.body) > 20<<10, json.Unmarshal(r.body, &m) != nil, m.MsgType != "interactive", len(m.Card.Elements) == 0:
			return `{"code":9499,"msg":"Bad Request","data":{}}`
		case secret != "" && (m.Timestamp != "1795343400" || m.Sign != sum(m.Timestamp+"\n"+secret, "")):
			return `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`
		}
		return `{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}`
	})
	return server.URL, got
}

func fake(got *visits, answer func(seen) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.take(r)
		got.Lock()
		last := got.all[len(got.all)-1]
		got.Unlock()
		says(http.StatusOK, answer(last))(w, r)
	})
}

func TestEachRobotTakesItsMessageWithItsSignature(t *testing.T) {
	t.Parallel()
	for _, channel := range []models.MessageChannel{models.MessageWeCom, models.MessageDingTalk, models.MessageFeishu} {
		to := target(channel, "")
		var base string
		var got *visits
		switch channel { //nolint:exhaustive // of robots
		case models.MessageWeCom:
			base, got = weCom(t)
		case models.MessageDingTalk:
			base, got = dingTalk(t, to.Secret)
		default:
			base, got = feishu(t, to.Secret)
		}
		_, err := client().Deliver(t.Context(), target(channel, base), parcel())
		require.NoError(t, err, channel)
		require.Contains(t, string(got.only(t).body), "RC2026-000017-3")

		if to.Secret != "" { // and with another secret it says no
			other := target(channel, base)
			other.Secret += "x"
			a, err := client().Deliver(t.Context(), other, parcel())
			require.Equal(t, 10*time.Minute, refused(t, err).Wait)
			require.Contains(t, []string{"310000", "19021"}, a.Code)
		}
	}
}

// Computed once with another language's library, after the makers' manuals.
func TestTheSignaturesAreTheMakersOwn(t *testing.T) {
	t.Parallel()
	base, got := dingTalk(t, "")
	_, err := client().Deliver(t.Context(), target(models.MessageDingTalk, base), parcel())
	require.NoError(t, err)
	require.Equal(t, []string{"jD3afiPByz4cdrGrQ45kUuPOiYh7Nd9jbwQXMktremw="}, got.only(t).query["sign"])

	base, got = feishu(t, "")
	_, err = client().Deliver(t.Context(), target(models.MessageFeishu, base), parcel())
	require.NoError(t, err)
	require.Contains(t, string(got.only(t).body), `"sign":"Et7VRfe3WJitQucMscs41moPR7cyMJTjZUBwBpT0ZA4="`)
}

func TestARobotWithoutASecretIsSentNoSignature(t *testing.T) {
	t.Parallel()
	base, got := dingTalk(t, "")
	to := target(models.MessageDingTalk, base)
	to.Secret = ""
	_, err := client().Deliver(t.Context(), to, parcel())
	require.NoError(t, err)
	require.NotContains(t, got.only(t).query, "sign")

	base, got = feishu(t, "")
	to = target(models.MessageFeishu, base)
	to.Secret = ""
	_, err = client().Deliver(t.Context(), to, parcel())
	require.NoError(t, err)
	require.NotContains(t, string(got.only(t).body), "sign")
}

// content is what a robot shows of a message, as its maker's format has it.
func content(t *testing.T, channel models.MessageChannel, p endpoints.Parcel) string {
	t.Helper()
	server, got := serve(t, says(200, `{"errcode":0,"code":0}`))
	_, err := client().Deliver(t.Context(), target(channel, server.URL), p)
	require.NoError(t, err)
	var m struct {
		Markdown struct{ Content, Text, Title string }
		Card     struct {
			Header   struct{ Title struct{ Content string } }
			Elements []struct {
				Text    struct{ Tag, Content string }
				Actions []struct {
					Text struct{ Content string }
					URL  string
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(got.only(t).body, &m))
	if channel != models.MessageFeishu {
		return m.Markdown.Content + m.Markdown.Text
	}
	out := []string{m.Card.Header.Title.Content}
	for _, e := range m.Card.Elements {
		if e.Text.Tag != "" {
			require.Equal(t, "plain_text", e.Text.Tag)
		}
		if e.Text.Content != "" {
			out = append(out, e.Text.Content)
		}
		for _, a := range e.Actions {
			out = append(out, a.Text.Content+" "+a.URL)
		}
	}
	return strings.Join(out, "\n")
}

func TestAMessageReadsTheSameOnAllRobots(t *testing.T) {
	t.Parallel()
	require.Equal(t, "### 投诉 RC2026-000017-3：办结时限已超\n级别：紧急\n请尽快处理。\n[查看案件](https://care.example.com/cases/RC2026-000017-3)",
		content(t, models.MessageWeCom, parcel()))
	require.Equal(t, "### 投诉 RC2026-000017-3：办结时限已超  \n  级别：紧急  \n  请尽快处理。  \n  [查看案件](https://care.example.com/cases/RC2026-000017-3)",
		content(t, models.MessageDingTalk, parcel()))
	require.Equal(t, "投诉 RC2026-000017-3：办结时限已超\n级别：紧急\n请尽快处理。\n查看案件 https://care.example.com/cases/RC2026-000017-3",
		content(t, models.MessageFeishu, parcel()))
	p := parcel()
	p.Language, p.URL = models.LanguageEN, "https://care.example.com/c?x=(1)"
	require.Contains(t, content(t, models.MessageWeCom, p), "[Open the case](https://care.example.com/c?x=%281%29)")
	for _, none := range []string{"", "javascript:alert(1)", "/cases/1", "http://%zz"} {
		p.URL = none
		require.NotContains(t, content(t, models.MessageDingTalk, p), "Open the case")
		require.NotContains(t, content(t, models.MessageFeishu, p), "Open the case")
	}
}

// What somebody typed stays words: no link, image, heading, mention or colour comes of it.
func TestWordsMeanNothingToARobot(t *testing.T) {
	t.Parallel()
	p := parcel()
	p.Title = "a\nb <@all> # c"
	p.Text = "![x](http://evil.example/t.png) [pay](http://evil.example) <@all> <at id=all></at> <font color=\"warning\">x</font> &lt;@all&gt; **b** _i_ `c` ~~d~~ \\[\n---\n# head\n> quote\n    code\n\x00\u202eturned\xff"
	for _, channel := range []models.MessageChannel{models.MessageWeCom, models.MessageDingTalk} {
		says := content(t, channel, p)
		says = strings.TrimPrefix(says, "### ")
		says = says[:strings.LastIndex(says, "[查看案件]")]
		require.NotRegexp(t, "[<>\\[\\]`*_#~&\\\\]|^---$|\x00|\u202e", says, channel)
		require.NotContains(t, says, "---", channel)
		require.Contains(t, says, "turned\ufffd")
		require.Contains(t, says, "a b ＜@all＞")
	}
	require.Contains(t, content(t, models.MessageFeishu, p), "<@all>", "a card of plain text shows it as it is")
}

func TestWhatIsTooLongIsCutBetweenCharactersAndKeepsItsLink(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		p := parcel()
		unit := rapid.StringN(0, 40, -1).Draw(r, "unit") + rapid.SampledFrom([]string{"", "投诉", "\"\\", "<", "\n", "🙂"}).Draw(r, "sign")
		p.Text = strings.Repeat(unit, rapid.IntRange(0, 2000).Draw(r, "times"))
		p.Title = strings.Repeat(rapid.StringN(0, 10, -1).Draw(r, "title"), 100)
		for _, channel := range []models.MessageChannel{models.MessageWeCom, models.MessageDingTalk, models.MessageFeishu} {
			body := endpoints.Body(target(channel, "https://hooks.example.com"), p)
			require.True(r, json.Valid(body))
			require.True(r, utf8.Valid(body))
			require.LessOrEqual(r, len(body), 20000)
			require.Contains(r, string(body), "https://care.example.com/cases/RC2026-000017-3")
			if channel == models.MessageWeCom {
				var m struct{ Markdown struct{ Content string } }
				require.NoError(r, json.Unmarshal(body, &m))
				require.LessOrEqual(r, len(m.Markdown.Content), 4096)
				if len(p.Text) > 20000 && strings.TrimSpace(unit) == "投诉" {
					require.Greater(r, len(m.Markdown.Content), 4000, "as much as there is room for")
				}
			}
		}
	})
}
