package endpoints_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"recourse/internal/endpoints"
	"recourse/models"
)

var channels = []models.MessageChannel{
	models.MessageWebhook, models.MessageWeCom, models.MessageDingTalk, models.MessageFeishu, models.MessageSMS, models.MessageVoice,
}

func robot(c models.MessageChannel) bool {
	return c == models.MessageWeCom || c == models.MessageDingTalk || c == models.MessageFeishu
}

// target is an endpoint of a channel as it would be configured.
func target(c models.MessageChannel, url string) endpoints.Target {
	switch c { //nolint:exhaustive // all others are signed alike
	case models.MessageWeCom:
		return endpoints.Target{Channel: c, URL: url + "/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"}
	case models.MessageDingTalk:
		return endpoints.Target{Channel: c, URL: url + "/robot/send?access_token=d0ffcafe5678", Secret: "SECa1b2c3d4e5f60718293a4b5c6d7e8f90"}
	case models.MessageFeishu:
		return endpoints.Target{Channel: c, URL: url + "/open-apis/bot/v2/hook/f00dfeed-1234", Secret: "fEiShu0123456789abcdef"}
	default:
		return endpoints.Target{Channel: c, URL: url + "/in/5ome-capability?token=abcdef123456", Secret: secret, Previous: previous}
	}
}

// No answer is worse than no: it costs its attempt, and is over in time.
func TestWhateverIsAnsweredCostsOneAttempt(t *testing.T) {
	t.Parallel()
	big := strings.Repeat(`{"errcode":0,"code":0,`, 10<<20/22)
	for name, answer := range map[string]http.HandlerFunc{
		"garbage":      says(200, "<html>\x00\xff\xfe it works</html>"),
		"null":         says(200, "null"),
		"ten megabyte": says(200, big),
		"nothing":      says(200, ""),
		"a list":       says(200, `[{"errcode":0}]`),
		"no code":      says(200, `{"ok":true}`),
		"no number":    says(200, `{"errcode":"zero","code":{},"StatusCode":null}`),
		"half":         says(200, `{"errcode":0,"code":0`),
		"more":         says(200, `{"errcode":0,"code":0}{"errcode":0,"code":0}`),
		"a fraction":   says(200, `{"errcode":0.5,"code":0.5}`),
	} {
		for _, channel := range channels {
			t.Run(name+"/"+string(channel), func(t *testing.T) {
				t.Parallel()
				server, got := serve(t, answer)
				a, err := client().Deliver(t.Context(), target(channel, server.URL), parcel())
				require.Equal(t, 1, got.count())
				require.Equal(t, 200, a.Status)
				require.LessOrEqual(t, utf8.RuneCountInString(a.Text), 500)
				if !robot(channel) {
					require.NoError(t, err, "a webhook's status is its answer")
					return
				}
				r := refused(t, err)
				require.False(t, r.Final)
				require.Zero(t, r.Wait)
				require.Equal(t, endpoints.CodeAnswer, a.Code)
			})
		}
	}
}

func TestAnEndpointThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	hang := func(r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(20 * time.Second):
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"before the first byte": func(_ http.ResponseWriter, r *http.Request) { hang(r) },
		"in the middle": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			_, _ = io.WriteString(w, `{"errcode":`)
			_ = http.NewResponseController(w).Flush()
			hang(r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, got := serve(t, answer)
			impatient := client(func(o *endpoints.Options) { o.Timeout = 200 * time.Millisecond })
			a, err := impatient.Deliver(t.Context(), target(models.MessageWeCom, server.URL), parcel())
			require.False(t, refused(t, err).Final)
			require.Equal(t, endpoints.CodeTimeout, a.Code)
			require.Equal(t, 1, got.count())
		})
	}
}

func TestNobodyListensToAnAnswerWithoutEnd(t *testing.T) {
	t.Parallel()
	server, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for more := true; more; {
			_, err := io.WriteString(w, strings.Repeat("and so on ", 1000))
			more = err == nil
		}
	})
	a, err := client().Deliver(t.Context(), target(models.MessageWeCom, server.URL), parcel())
	require.Error(t, err)
	require.Equal(t, endpoints.CodeAnswer, a.Code, "not: no answer in time")
}

func TestWhoBreaksOffOrIsNotThereIsTriedAgain(t *testing.T) {
	t.Parallel()
	server, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	secure, _ := serve(t, says(200, ""))
	for url, code := range map[string]string{
		server.URL:                         endpoints.CodeConnect,
		"http://" + closed.Addr().String(): endpoints.CodeConnect,
		"http://nowhere.example.test/":     endpoints.CodeName,
		"https" + secure.URL[len("http"):]: endpoints.CodeTLS, // it does not speak TLS
	} {
		to := webhook(url)
		a, err := client(func(o *endpoints.Options) { o.Resolver = names(t, nil) }).Deliver(t.Context(), to, parcel())
		require.Falsef(t, refused(t, err).Final, "%s", url)
		require.Equalf(t, code, a.Code, "%s: %v", url, err)
	}
}

func TestWhoeverStopsTheProcessStopsADelivery(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	_, err := client().Deliver(ctx, webhook(server.URL), parcel())
	require.False(t, refused(t, err).Final)
}

func TestAnAnswerIsKeptAsOneLineForEyes(t *testing.T) {
	t.Parallel()
	server, _ := serve(t, says(500, "no\r\n\tway\x00 \x1b[31m\u202eright\u200b"+strings.Repeat("投", 600)))
	a, err := client().Deliver(t.Context(), webhook(server.URL), parcel())
	require.Error(t, err)
	require.Equal(t, "no way [31mright"+strings.Repeat("投", 483)+"…", a.Text)
	require.Equal(t, 500, utf8.RuneCountInString(a.Text))
}

// What robots are known to answer in a 200, and what follows.
func TestRobotsSayNoInsideOfAYes(t *testing.T) {
	t.Parallel()
	const minute, seldom = time.Minute, 10 * time.Minute
	wecom, ding, feishu := models.MessageWeCom, models.MessageDingTalk, models.MessageFeishu
	for _, c := range []struct {
		channel models.MessageChannel
		body    string
		code    string
		final   bool
		wait    time.Duration
		why     string
	}{
		{wecom, `{"errcode":-1,"errmsg":"system busy"}`, "-1", false, 0, "busy"},
		{wecom, `{"errcode":45009,"errmsg":"api freq out of limit, hint: [1773643642077182456917975], from ip: 10.1.2.3"}`, "45009", false, minute, "too often"},
		{wecom, `{"errcode":45033,"errmsg":"api concurrent out of limit"}`, "45033", false, minute, "too often"},
		{wecom, `{"errcode":93000,"errmsg":"invalid webhook url"}`, "93000", false, seldom, "no robot"},
		{wecom, `{"errcode":93004,"errmsg":"robot stopped"}`, "93004", false, seldom, "switched off"},
		{wecom, `{"errcode":93008,"errmsg":"not in group"}`, "93008", false, seldom, "not in the group"},
		{wecom, `{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}`, "40058", true, 0, "form"},
		{wecom, `{"errcode":44004,"errmsg":"empty content"}`, "44004", true, 0, "form"},
		{wecom, `{"errcode":123456,"errmsg":"news"}`, "123456", false, 0, "refuses"},
		{ding, `{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}`, "130101", false, minute, "too often"},
		{ding, `{"errcode":410100,"errmsg":"发送速度太快而限流"}`, "410100", false, minute, "too often"},
		{ding, `{"errcode":424242,"errmsg":"send too fast, exceed 20 times per minute"}`, "424242", false, minute, "too often"},
		{ding, `{"errcode":310000,"errmsg":"sign not match, more: [https://ding-doc.example/x]"}`, "310000", false, seldom, "signature"},
		{ding, `{"errcode":310000,"errmsg":"invalid timestamp"}`, "310000", false, seldom, "signature"},
		{ding, `{"errcode":310000,"errmsg":"keywords not in content"}`, "310000", false, 0, "keyword"},
		{ding, `{"errcode":310000,"errmsg":"ip 203.0.113.7 not in whitelist"}`, "310000", false, seldom, "our address"},
		{ding, `{"errcode":310000,"errmsg":""}`, "310000", false, seldom, "security"},
		{ding, `{"errcode":310000}`, "310000", false, seldom, "security"},
		{ding, `{"errcode":310000,"errmsg":{"deep":1}}`, "310000", false, seldom, "security"},
		{ding, `{"errcode":300005,"errmsg":"token is not exist"}`, "300005", false, seldom, "no robot"},
		{ding, `{"errcode":40035,"errmsg":"缺少参数 access_token"}`, "40035", false, seldom, "no robot"},
		{ding, `{"errcode":40035,"errmsg":"缺少参数 msgtype"}`, "40035", true, 0, "form"},
		{ding, `{"errcode":400102,"errmsg":"机器人已停用"}`, "400102", false, seldom, "switched off"},
		{ding, `{"errcode":400013,"errmsg":"群已被解散"}`, "400013", false, seldom, "group"},
		{ding, `{"errcode":430104,"errmsg":"improper content"}`, "430104", true, 0, "words"},
		{ding, `{"errcode":-1,"errmsg":"系统繁忙"}`, "-1", false, 0, "busy"},
		{feishu, `{"code":11232,"data":{},"msg":"frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"}`, "11232", false, minute, "too often"},
		{feishu, `{"StatusCode":0,"StatusMessage":"","code":9499,"msg":"too many request"}`, "9499", false, minute, "too often"},
		{feishu, `{"code":9499,"msg":"Bad Request","data":{}}`, "9499", true, 0, "form"},
		{feishu, `{"StatusCode":0,"StatusMessage":"","code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`, "19021", false, seldom, "signature"},
		{feishu, `{"code":19022,"msg":"Ip Not Allowed"}`, "19022", false, seldom, "our address"},
		{feishu, `{"code":19024,"msg":"Key Words Not Found"}`, "19024", false, 0, "keyword"},
		{feishu, `{"code":19001,"data":{},"msg":"param invalid: incoming webhook access token invalid"}`, "19001", false, seldom, "no robot"},
		{feishu, `{"StatusCode":0,"code":19007,"msg":"Bot Not Enabled"}`, "19007", false, seldom, "switched off"},
		{feishu, `{"StatusCode":9499,"StatusMessage":"fail to parse content"}`, "9499", true, 0, "form"},
	} {
		t.Run(string(c.channel)+" "+c.body, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{200, 400} { // Feishu's newer gateways say it with both
				server, got := serve(t, says(status, c.body))
				a, err := client().Deliver(t.Context(), target(c.channel, server.URL), parcel())
				r := refused(t, err)
				require.Equal(t, c.code, a.Code)
				require.Equal(t, c.final, r.Final)
				require.Equal(t, c.wait, r.Wait)
				require.Contains(t, r.Error(), c.why)
				require.Contains(t, r.Error(), "("+c.code+")")
				require.Equal(t, 1, got.count())
			}
		})
	}
}

func TestRobotsSayYes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		channel models.MessageChannel
		body    string
	}{
		{models.MessageWeCom, `{"errcode":0,"errmsg":"ok"}`},
		{models.MessageDingTalk, `{"errcode":0,"errmsg":"ok"}`},
		{models.MessageDingTalk, `{"errmsg":{},"errcode":0}`},
		{models.MessageFeishu, `{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}`},
		{models.MessageFeishu, `{"code":0,"msg":"success"}`},
		{models.MessageFeishu, `{"StatusCode":0,"StatusMessage":"success"}`},
	} {
		server, got := serve(t, says(200, c.body))
		a, err := client().Deliver(t.Context(), target(c.channel, server.URL), parcel())
		require.NoError(t, err, c.body)
		require.Empty(t, a.Code)
		require.Equal(t, 1, got.count())
	}
	server, _ := serve(t, says(500, `{"errcode":0}`))
	_, err := client().Deliver(t.Context(), target(models.MessageWeCom, server.URL), parcel())
	require.EqualError(t, err, "the endpoint answered 500")
}

func FuzzAnAnswer(f *testing.F) {
	for _, body := range []string{
		"", "null", "{", `{"errcode":0}`, `{"code":0}`, `{"StatusCode":0,"code":9499,"msg":"too many request"}`, `{"errcode":310000,"errmsg":"sign"}`,
		`{"errcode":1e3}`, `{"errcode":99999999999999999999}`, "\xff\x00", `{"errmsg":"a","errcode":-1}`, `d0ffcafe5678 SECa1b2c3d4e5f60718293a4b5c6d7e8f90`,
	} {
		f.Add(200, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		for _, channel := range channels {
			to := target(channel, "https://hooks.example.com")
			a, refused := endpoints.Judge(to, status, body)
			require.True(t, utf8.ValidString(a.Text))
			require.LessOrEqual(t, utf8.RuneCountInString(a.Text), 500)
			require.False(t, strings.ContainsFunc(a.Text, func(r rune) bool { return r < ' ' || r == 0x7f }), "%q", a.Text)
			for _, hidden := range hiddenIn(to) {
				require.NotContains(t, a.Text, hidden)
			}
			if refused == nil {
				require.Equal(t, 2, status/100)
				require.True(t, !robot(channel) || strings.Contains(string(body), "0"), "a robot's yes holds a zero: %q", body)
				continue
			}
			require.NotEmpty(t, refused.Error())
			require.LessOrEqual(t, refused.Wait, time.Hour)
			require.False(t, refused.Final && refused.Wait > 0, fmt.Sprint(refused))
		}
	})
}
