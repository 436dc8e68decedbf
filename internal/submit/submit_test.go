package submit_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"recourse/internal/sheet"
	"recourse/internal/submit"
)

const plainMap = `
fields:
  channel: {from: "{source}", values: {电话: phone, 网站: web}, else: api}
  text: "{what}[ ({where})]"
  contact.external_id: "row-{id}"
`

func mapping(t *testing.T, yaml string) submit.Mapping {
	t.Helper()
	m, err := submit.ReadMapping(strings.NewReader(yaml))
	require.NoError(t, err)
	return m
}

// letters is a file of n rows.
func letters(t *testing.T, n int) sheet.File {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("\ufeffid,source,what,where\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&rows, "%d,电话,\"第%d封信，电饭煲跳闸\",上海\n", i, i)
	}
	return file(t, "letters.csv", rows.String())
}

func file(t *testing.T, name, content string) sheet.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return sheet.File{Path: path}
}

// clock is a clock that only waiting moves on: a test never waits.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return ctx.Err()
}

func config(n *neighbour) (submit.Config, *clock) {
	c := &clock{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	return submit.Config{
		Server: n.URL + "/", Token: "rc_intake", Clients: 4, Counter: tasks{n: n}, Now: c.Now, Sleep: c.sleep,
		Patience: time.Hour,
	}, c
}

func TestEveryRowBecomesOneCaseAndTheCountsAgree(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	n.page = 7
	cfg, _ := config(n)
	cfg.RepeatShare = 0.25
	rep, err := submit.Run(t.Context(), letters(t, 200), mapping(t, plainMap), cfg)
	require.NoError(t, err)
	require.NoError(t, rep.Verdict())
	require.Equal(t, []int{200, 200, 200, 200, 200}, []int{rep.Rows, rep.Accepted, rep.OnRecord, rep.Started, *rep.FirstTasks})
	require.Equal(t, rep.Repeats, rep.Replayed, "what was sent twice was answered from the store")
	require.InDelta(t, 50, rep.Repeats, 20)
	require.Equal(t, 200+rep.Repeats, rep.Sent)
	require.Contains(t, n.texts(), "第7封信，电饭煲跳闸 (上海)")
	require.LessOrEqual(t, rep.P50, rep.P99)
	require.Positive(t, rep.Rate)
}

func TestTheSameFileSentAgainMakesNoNewCase(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	cfg, _ := config(n)
	f, m := letters(t, 30), mapping(t, plainMap)
	_, err := submit.Run(t.Context(), f, m, cfg)
	require.NoError(t, err)
	rep, err := submit.Run(t.Context(), f, m, cfg)
	require.NoError(t, err)
	require.NoError(t, rep.Verdict())
	require.Equal(t, []int{0, 30, 30, 30}, []int{rep.Accepted, rep.Replayed, rep.Earlier, rep.OnRecord})
	require.Len(t, n.order, 30)
}

func TestARowThatBecameTwoCasesIsFound(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	n.forget = true
	cfg, _ := config(n)
	cfg.RepeatShare = 0.3
	rep, err := submit.Run(t.Context(), letters(t, 20), mapping(t, plainMap), cfg)
	require.NoError(t, err)
	require.Len(t, rep.Doubled, rep.Repeats)
	require.ErrorContains(t, rep.Verdict(), "not one case each")
}

func TestALostAnswerIsAskedForAgainUnderTheSameKey(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	n.lose = func(request int, _ string) bool { return request%3 == 0 }
	cfg, _ := config(n)
	rep, err := submit.Run(t.Context(), letters(t, 60), mapping(t, plainMap), cfg)
	require.NoError(t, err)
	require.NoError(t, rep.Verdict())
	require.Len(t, n.order, 60, "a lost answer makes no second case")
	require.Positive(t, rep.Retries)
	require.Positive(t, rep.Recovered)
	require.Equal(t, rep.Replayed, rep.Recovered)
	require.Equal(t, 60, rep.Accepted+rep.Recovered)
}

func TestAServerThatAsksForTimeGetsIt(t *testing.T) {
	t.Parallel()
	for status, header := range map[int]string{503: "7", 429: "7", 409: "", 502: "", 500: ""} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			n := newNeighbour(t)
			n.fail = func(request int, _ string) (int, map[string]string) {
				if request <= 3 {
					return status, map[string]string{"Retry-After": header}
				}
				return 0, nil
			}
			cfg, c := config(n)
			cfg.Clients = 1
			rep, err := submit.Run(t.Context(), letters(t, 2), mapping(t, plainMap), cfg)
			require.NoError(t, err)
			require.NoError(t, rep.Verdict())
			require.Equal(t, 3, rep.Retries)
			require.Equal(t, n.keys[0], n.keys[3], "the same key every time")
			require.NotEqual(t, n.keys[3], n.keys[4])
			if header != "" {
				require.Equal(t, 7*time.Second, c.waits[0])
			} else {
				require.Equal(t, []time.Duration{100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond}, c.waits[:3])
			}
		})
	}
}

func TestARowWithoutAnAnswerIsNamedAndFailsTheRun(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	bad := ""
	n.fail = func(request int, key string) (int, map[string]string) {
		if request == 1 {
			bad = key
		}
		if key == bad {
			return 503, nil
		}
		return 0, nil
	}
	cfg, _ := config(n)
	cfg.Clients, cfg.Patience = 1, time.Minute
	rep, err := submit.Run(t.Context(), letters(t, 5), mapping(t, plainMap), cfg)
	require.NoError(t, err)
	require.Len(t, rep.Unanswered, 1)
	require.Equal(t, 1, rep.Unanswered[0].Row)
	require.ErrorContains(t, rep.Verdict(), "1 rows had no answer")
	require.Equal(t, 4, rep.Accepted)
}

func TestBadRowsAreNamedWholeAndTheOthersSent(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	n.refuse = func(body map[string]any) string {
		if body["text"] == "naughty" {
			return "is not a complaint"
		}
		return ""
	}
	cfg, _ := config(n)
	f := file(t, "bad.csv", "id,source,what,where\n"+
		"1,电话,good,here\n"+
		"2,电话,naughty,\n"+
		"3,电话\n"+
		"4,\"电\"话,quotes,here\n"+
		"5,电话,\xff\xfe,here\n"+
		"6,传真,fax,here\n"+
		"7,电话,lost before us \ufffd,here\n")
	m := mapping(t, strings.Replace(plainMap, ", else: api", "", 1))
	rep, err := submit.Run(t.Context(), f, m, cfg)
	require.NoError(t, err)
	require.Equal(t, 2, rep.Accepted)
	require.Equal(t, []string{"good (here)", "lost before us \ufffd (here)"}, n.texts())
	why := map[int]string{}
	for _, fault := range rep.Refused {
		why[fault.Row] = fault.Why
	}
	require.Len(t, why, 5)
	require.Contains(t, why[2], "/text is not a complaint")
	require.Contains(t, why[3], "2 columns, the header has 4")
	require.Contains(t, why[4], "line 5 cannot be read")
	require.Contains(t, why[5], "is --encoding right?")
	require.Contains(t, why[6], `the mapping has no value for "传真"`)
	require.ErrorContains(t, rep.Verdict(), "5 rows were refused")

	var out, mended bytes.Buffer
	require.NoError(t, rep.Write(&out))
	require.Contains(t, out.String(), "refused row 2 (line 3)")
	require.Contains(t, out.String(), "2 | 电话 | naughty | ", "the whole row")
	require.NoError(t, rep.WriteRefused(&mended))
	require.Contains(t, mended.String(), "id,source,what,where,why\n2,电话,naughty,,")
}

func TestADoorThatIsShutEndsTheRunAtOnce(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	cfg, _ := config(n)
	cfg.Token, cfg.Clients = "rc_nobody", 1
	_, err := submit.Run(t.Context(), letters(t, 500), mapping(t, plainMap), cfg)
	require.ErrorContains(t, err, "no valid token")
	require.Equal(t, 1, n.requests)
}

func TestItWaitsUntilTheEngineHasEverything(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	n.waiting = 5
	cfg, c := config(n)
	rep, err := submit.Run(t.Context(), letters(t, 3), mapping(t, plainMap), cfg)
	require.NoError(t, err)
	require.Equal(t, 3, rep.Started)
	require.GreaterOrEqual(t, len(c.waits), 5)
	n.waiting = 1_000_000
	cfg.Patience = time.Minute
	_, err = submit.Run(t.Context(), letters(t, 4), mapping(t, plainMap), cfg)
	require.ErrorContains(t, err, "still wait for their workflows")
}

func TestCountsThatDisagreeFailTheRun(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	cfg, _ := config(n)
	cfg.Counter, cfg.Patience = tasks{n: n, off: -1}, time.Minute
	rep, err := submit.Run(t.Context(), letters(t, 9), mapping(t, plainMap), cfg)
	require.NoError(t, err)
	require.ErrorContains(t, rep.Verdict(), "first task: 8, and it should be 9")
	for what, spoil := range map[string]func(*submit.Report){
		"cases on record":         func(r *submit.Report) { r.OnRecord-- },
		"cases with a workflow":   func(r *submit.Report) { r.Started-- },
		"answers to what was":     func(r *submit.Report) { r.Accepted++ },
		"not one case each: [3]":  func(r *submit.Report) { r.Doubled = []int{3} },
		"cases of rows that were": func(r *submit.Report) { r.Rows++ },
	} {
		spoilt := rep
		spoil(&spoilt)
		require.ErrorContains(t, spoilt.Verdict(), what)
	}
}

func TestFilesAreReadAsTheyCome(t *testing.T) {
	t.Parallel()
	content := "id,source,what,where\n1,电话,冰箱不制冷，食品全坏了,成都\n"
	chinese, err := simplifiedchinese.GB18030.NewEncoder().String(content)
	require.NoError(t, err)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err = z.Write([]byte("\ufeff" + content))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	for name, f := range map[string]sheet.File{
		"GB18030": func() sheet.File {
			f := file(t, "old.csv", chinese)
			f.Encoding = "gb18030"
			return f
		}(),
		"gzip with a mark": file(t, "zipped.csv.gz", zipped.String()),
		"semicolons":       file(t, "semi.csv", strings.ReplaceAll(content, ",", ";")),
		"CRLF":             file(t, "windows.csv", strings.ReplaceAll(content, "\n", "\r\n")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNeighbour(t)
			cfg, _ := config(n)
			yaml := plainMap
			if name == "semicolons" {
				yaml = "comma: ';'" + plainMap
			}
			rep, err := submit.Run(t.Context(), f, mapping(t, yaml), cfg)
			require.NoError(t, err)
			require.NoError(t, rep.Verdict())
			require.Equal(t, []string{"冰箱不制冷，食品全坏了 (成都)"}, n.texts())
		})
	}
	f := file(t, "old.csv", chinese)
	f.Encoding = "klingon"
	n := newNeighbour(t)
	cfg, _ := config(n)
	_, err = submit.Run(t.Context(), f, mapping(t, plainMap), cfg)
	require.ErrorContains(t, err, "is none of")
}

func TestACellThatNobodyUsesMayBeAnything(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	cfg, _ := config(n)
	m := mapping(t, "fields: {channel: web, text: '{what}', contact.external_id: '{id}'}")
	rep, err := submit.Run(t.Context(), file(t, "f.csv", "id,what,notes\n1,太慢,\xff\xfe\n2,\xff,fine\n"), m, cfg)
	require.NoError(t, err)
	require.Equal(t, []string{"太慢"}, n.texts())
	require.Contains(t, rep.Refused[0].Why, "what: some characters cannot be read")
}

func TestProgressIsALineForEveryTwentieth(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	cfg, _ := config(n)
	var lines bytes.Buffer
	cfg.Progress = &lines
	_, err := submit.Run(t.Context(), letters(t, 100), mapping(t, plainMap), cfg)
	require.NoError(t, err)
	require.Equal(t, 20, strings.Count(lines.String(), "\n"))
	require.Contains(t, lines.String(), "sent 100 of 100 rows (100 %)")
	cfg.Terminal = true
	_, err = submit.Run(t.Context(), letters(t, 10), mapping(t, plainMap), cfg)
	require.NoError(t, err)
	require.Contains(t, lines.String(), "sending")
}
