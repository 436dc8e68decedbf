package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// moment is one event of the timeline.
type moment struct {
	Seq       int64     `json:"seq"`
	Kind      string    `json:"kind"`
	DecidedAt time.Time `json:"decided_at"`
	Actor     struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
	} `json:"actor"`
	Texts map[string]string `json:"texts"`
}

// clock is one run of one clock.
type clock struct {
	Clock     string     `json:"clock"`
	StartedAt time.Time  `json:"started_at"`
	Target    *time.Time `json:"target"`
	Limit     *time.Time `json:"limit"`
	EndedAt   *time.Time `json:"ended_at"`
	End       string     `json:"end"`
	Elapsed   int64      `json:"elapsed_seconds"`
}

// show prints the timeline and the clocks of the case.
func (s *story) show() error {
	var timeline struct {
		Items []moment `json:"items"`
	}
	var clocks struct {
		Items []clock `json:"items"`
	}
	if err := s.get("supervisor", "/api/v1/complaints/"+s.number+"/timeline", &timeline); err != nil {
		return err
	}
	if err := s.get("supervisor", "/api/v1/complaints/"+s.number+"/clocks", &clocks); err != nil {
		return err
	}
	rows := [][]string{{"序号", "时间", "事件", "经手人", "内容"}}
	for _, m := range timeline.Items {
		rows = append(rows, []string{strconv.FormatInt(m.Seq, 10), local(&m.DecidedAt), word(kinds, m.Kind), s.name(m), short(m)})
	}
	table(s.out, "时间线", rows)
	rows = [][]string{{"时钟", "开始", "目标", "时限", "结束", "用时", "结果"}}
	for _, c := range clocks.Items {
		if c.Limit == nil && c.End == "met" {
			c.End = "stopped" // a clock that cannot be late is not in time either
		}
		rows = append(rows, []string{
			word(clockNames, c.Clock), local(&c.StartedAt), local(c.Target), local(c.Limit), local(c.EndedAt),
			(time.Duration(c.Elapsed) * time.Second).String(), word(ends, c.End),
		})
	}
	table(s.out, "时钟", rows)
	fmt.Fprintf(s.out, "\n%s 结束于：%s（%s）\n", s.number, word(states, s.state), s.state)
	return nil
}

func local(t *time.Time) string {
	if t == nil {
		return "—"
	}
	return t.Local().Format("01-02 15:04:05")
}

func (s *story) name(m moment) string {
	for _, p := range s.people {
		if p.ID == m.Actor.ID {
			return p.name
		}
	}
	return word(actors, m.Actor.Kind)
}

// short is the beginning of what was said.
func short(m moment) string {
	for _, name := range []string{"text", "objective", "solution", "result", "reason"} {
		if said := []rune(m.Texts[name]); len(said) > 30 {
			return string(said[:30]) + "…"
		} else if len(said) > 0 {
			return string(said)
		}
	}
	return ""
}

// word puts a name of the contract into Chinese; what it does not know stays as it is.
func word(words map[string]string, name string) string {
	if zh, is := words[name]; is {
		return zh
	}
	return name
}

// table prints rows in columns; a Han character is two columns wide.
func table(out io.Writer, title string, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	fmt.Fprintf(out, "\n== %s ==\n", title)
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(pad(cell, widths[i]+2))
		}
		fmt.Fprintln(out, strings.TrimRight(line.String(), " "))
	}
}

// pad fills a cell up with spaces.
func pad(cell string, to int) string { return cell + strings.Repeat(" ", max(to-width(cell), 0)) }

func width(cell string) int {
	n := 0
	for _, r := range cell {
		n++
		if unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60 {
			n++
		}
	}
	return n
}
