package simulate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// Verdict is what a clock came to.
type Verdict string

// The verdicts, from the best to the worst.
const (
	VerdictNone       Verdict = "none" // it did not run
	VerdictInTime     Verdict = "in_time"
	VerdictRunning    Verdict = "running" // and not late
	VerdictCancelled  Verdict = "cancelled"
	VerdictPastTarget Verdict = "past_target"
	VerdictPastLimit  Verdict = "past_limit"
)

var verdicts = []Verdict{VerdictNone, VerdictInTime, VerdictRunning, VerdictCancelled, VerdictPastTarget, VerdictPastLimit}

// Change is a verdict that is another under the second policy.
type Change struct {
	Case  string       `json:"case"`
	Cycle int          `json:"cycle"`
	Clock models.Clock `json:"clock"`
	Was   Verdict      `json:"was"`
	Is    Verdict      `json:"is"`
}

// Changed sums up what changed.
type Changed struct {
	Cases    int `json:"cases"`
	Verdicts int `json:"verdicts"`
	Better   int `json:"better"`
	Worse    int `json:"worse"`
}

// changes are kept in a file, one JSON object a line: there may be as many as cases.
type changes struct {
	file *os.File
	out  *bufio.Writer
	sum  Changed
}

func newChanges(file *os.File) *changes { return &changes{file: file, out: bufio.NewWriter(file)} }

// take compares what became of the promises of a case.
func (c *changes) take(name string, was, is lifecycle.Case) error {
	differs := false
	for _, k := range []models.Clock{models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling} {
		for cycle := 1; cycle <= max(was.Cycle, is.Cycle); cycle++ {
			a, b := verdict(was, k, cycle), verdict(is, k, cycle)
			if a == b {
				continue
			}
			differs = true
			c.sum.Verdicts++
			if rank(b) < rank(a) {
				c.sum.Better++
			} else {
				c.sum.Worse++
			}
			line, err := json.Marshal(Change{name, cycle, k, a, b})
			if err != nil {
				return err
			}
			if _, err := c.out.Write(append(line, '\n')); err != nil {
				return fmt.Errorf("keep what changed: %w", err)
			}
		}
	}
	if differs {
		c.sum.Cases++
	}
	return nil
}

// verdict is what the first run of a clock in a cycle came to.
func verdict(c lifecycle.Case, k models.Clock, cycle int) Verdict {
	for _, r := range c.Runs {
		if r.Clock != k || r.Cycle != cycle {
			continue
		}
		switch {
		case r.LimitMissed:
			return VerdictPastLimit
		case r.TargetMissed:
			return VerdictPastTarget
		case r.Running():
			return VerdictRunning
		case r.End == models.ClockCancelled:
			return VerdictCancelled
		default:
			return VerdictInTime
		}
	}
	return VerdictNone
}

func rank(v Verdict) int {
	for i, known := range verdicts {
		if known == v {
			return i
		}
	}
	return len(verdicts)
}

func (c *changes) sums() *Changed {
	sum := c.sum
	return &sum
}

// each visits every change as a line of JSON, in the order of the cases.
func (c *changes) each(visit func(line []byte) error) error {
	if err := c.out.Flush(); err != nil {
		return err
	}
	if _, err := c.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	lines := bufio.NewScanner(c.file)
	for lines.Scan() {
		if err := visit(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}
