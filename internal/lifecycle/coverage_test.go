package lifecycle_test

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"

	"recourse/internal/lifecycle"
	"recourse/models"
)

const (
	// sequences is how many random sequences the full run walks, unless -rapid.checks says otherwise.
	sequences = 12_500
	// strands is in how many tests they are walked beside each other.
	strands = 4
	// atLeast is how often the full run must make every lawful move that can be made.
	atLeast = 100
)

var (
	lawfulMoves  = map[string]int{} // "verb state" → how often
	refusedMoves = map[string]int{} // code → how often
	clockEnds    = map[string]int{} // "clock end" → how often
	eventKinds   = map[string]int{}
	counting     sync.Mutex
)

func count(in map[string]int, what string) {
	counting.Lock()
	defer counting.Unlock()
	in[what]++
}

// tally counts what a finished walk has seen.
func tally(events []models.Event, c lifecycle.Case) {
	for _, r := range c.Runs {
		if !r.Running() {
			count(clockEnds, string(r.Clock)+" "+string(r.End))
		}
	}
	for _, e := range events {
		count(eventKinds, string(e.Kind))
	}
}

// beyondReach says why a lawful move, an end of a clock or a kind of event cannot come up yet.
var beyondReach = map[string]string{
	"record cancelled": "starts and stops with one event",
	"total breached":   "has no bound",
	"restarted":        "a shell's matter: see TestARestartIsOnRecord",
}

func unreachable(what string) (string, bool) {
	why, known := beyondReach[what]
	if !known {
		why, known = pointless[what]
	}
	return why, known
}

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // a sequence leaves much behind and keeps little
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		checks := sequences / strands
		if testing.Short() {
			checks = 250 // of which rapid takes a fifth
		}
		_ = flag.Set("rapid.checks", strconv.Itoa(checks))
	}
	code := m.Run()
	if chosen := flag.Lookup("test.run").Value.String(); code == 0 && chosen == "" {
		full := !testing.Short() && !given
		if short := report(full); short > 0 {
			fmt.Printf("FAIL: %d moves or ends came up less often than they must\n", short)
			code = 1
		}
	}
	os.Exit(code)
}

// report prints how often every lawful move was made and how every clock ended, and returns how many
// came up too rarely for a full run.
func report(full bool) (short int) {
	line := func(in map[string]int, what string, need int) {
		n := in[what]
		why, not := unreachable(what)
		switch {
		case not && n > 0:
			fmt.Printf("  %-34s %8d  was said to be out of reach: %s\n", what, n, why)
			short++
		case not:
			fmt.Printf("  %-34s %8s  %s\n", what, "—", why)
		case full && n < need:
			fmt.Printf("  %-34s %8d  too rarely\n", what, n)
			short++
		default:
			fmt.Printf("  %-34s %8d\n", what, n)
		}
	}
	fmt.Println("lawful moves made, by verb and state:")
	for _, v := range models.Verbs() {
		for _, s := range append([]models.State{models.StateNone}, models.States()...) {
			if models.Lawful(v, s) {
				line(lawfulMoves, string(v)+" "+string(s), atLeast)
			}
		}
	}
	fmt.Println("ends of clocks:")
	for _, k := range models.Clocks() {
		for _, end := range []models.ClockEnd{models.ClockMet, models.ClockBreached, models.ClockCancelled} {
			line(clockEnds, string(k)+" "+string(end), 1)
		}
	}
	fmt.Println("events:")
	for _, k := range models.Kinds() {
		line(eventKinds, string(k), 1)
	}
	fmt.Println("refusals, by code:")
	for _, c := range models.Codes() {
		if n := refusedMoves[string(c)]; n > 0 {
			fmt.Printf("  %-34s %8d\n", c, n)
		}
	}
	return short
}
