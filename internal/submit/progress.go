package submit

import (
	"fmt"
	"sync"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far the sending has come: a bar on a terminal, else a line for every 5 %.
type progress struct {
	step func()
	end  func()
}

const linesEvery = 5 // percent

func (r *run) progress(rows int) progress {
	out := r.cfg.Progress
	if out == nil {
		return progress{step: func() {}, end: func() {}}
	}
	if r.cfg.Terminal {
		bar := progressbar.NewOptions(rows, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription("sending"),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(65_000_000))
		return progress{
			step: func() { _ = bar.Add(1) },
			end:  func() { _ = bar.Exit(); fmt.Fprintln(out) },
		}
	}
	var (
		mu         sync.Mutex
		done, said int
	)
	return progress{end: func() {}, step: func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		if percent := done * 100 / rows; percent/linesEvery > said/linesEvery {
			said = percent
			fmt.Fprintf(out, "sent %d of %d rows (%d %%)\n", done, rows, percent)
		}
	}}
}
