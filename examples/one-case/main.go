// One-case leads one important complaint through every step of the main road over the public API,
// from the phone call to the sealed record, and prints its timeline and clocks.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	server := flag.String("server", "http://127.0.0.1:8080", "where the API answers")
	tokens := flag.String("tokens", "data/sample-people.txt", "the sample people's tokens, as recourse dev wrote them")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *server, *tokens); err != nil {
		fmt.Fprintln(os.Stderr, "one-case:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

// run tells the whole story and shows what is on record of it.
func run(ctx context.Context, server, tokens string) error {
	people, err := readPeople(tokens)
	if err != nil {
		return err
	}
	began := time.Now() //nolint:forbidigo // a program of its own, as those under cmd
	s := &story{ctx: ctx, server: server, people: people, began: began, out: os.Stdout}
	for _, chapter := range chapters {
		if err := chapter(s); err != nil {
			return err
		}
	}
	if err := s.show(); err != nil {
		return err
	}
	if s.state != "archived" {
		return fmt.Errorf("the case ended as %s, not as archived", s.state)
	}
	return nil
}
