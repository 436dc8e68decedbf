package daylist

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

var errNoText = errors.New("this is no text")

// columns are the names that columns may have.
var columns = map[string]string{
	"date": "from", "from": "from", "start": "from", "日期": "from", "开始": "from", "开始日期": "from",
	"until": "until", "to": "until", "end": "until", "结束": "until", "结束日期": "until",
	"kind": "kind", "type": "kind", "类型": "kind",
	"name": "name", "summary": "name", "reason": "name", "holiday": "name", "名称": "name", "事由": "name", "节日": "name",
	"hours": "hours", "time": "hours", "时间": "hours",
}

// csv reads a table with a header, its columns parted by commas, semicolons or tabs.
func (l *list) csv(text string) {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = comma(text), -1, true
	var header []string
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if wrong, is := errors.AsType[*csv.ParseError](err); is {
			l.fault(wrong.Line, "this is no table: %s", wrong.Err)
			return
		}
		if len(l.faults) > maxFaults {
			return
		}
		line, _ := in.FieldPos(0)
		if header == nil {
			if header = l.header(line, record); header == nil {
				return
			}
			continue
		}
		l.row(line, header, record)
	}
	if header == nil {
		l.fault(0, "it is empty")
	}
}

// maxFaults bounds what is told of a list that is something else.
const maxFaults = 100

// comma is what parts the columns.
func comma(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best := ','
	for _, r := range ";\t" {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}

// header says what each column is; nil: it is no header.
func (l *list) header(line int, record []string) []string {
	header, has := make([]string, len(record)), map[string]bool{}
	for i, name := range record {
		header[i] = columns[strings.ToLower(strings.TrimSpace(name))]
		if column := header[i]; column != "" && has[column] {
			l.fault(line, "two columns say the same as %q", name)
			return nil
		}
		has[header[i]] = true
	}
	if !has["from"] || !has["name"] {
		l.fault(line, "the first line names the columns: date (or from and until) and name, and if need be kind (off, worked, closed) and hours")
		return nil
	}
	return header
}

func (l *list) row(line int, header, record []string) {
	if strings.TrimSpace(strings.Join(record, "")) == "" {
		return
	}
	r := raw{line: line}
	for i, value := range record {
		if i >= len(header) {
			l.fault(line, "it has more columns than the first line")
			return
		}
		switch header[i] {
		case "from":
			r.from = value
		case "until":
			r.until = value
		case "kind":
			r.kind = value
		case "name":
			r.name = value
		case "hours":
			r.hour = value
		}
	}
	l.take(r)
}
