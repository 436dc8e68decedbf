package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"

	"recourse/internal/cases"
	"recourse/internal/policy"
	"recourse/models"
)

// Clocks is what `recourse bench clocks` needs to know.
type Clocks struct {
	Programs

	Burst int           // deadlines at one instant
	Many  int           // deadlines within one minute
	Open  int           // cases open in all while lateness and idling are measured
	Moved int           // cases moved to another version of the policy
	Idle  time.Duration // how long idling is watched
}

// steady is how many deadlines fall due, one after the other, while lateness is measured.
const steady = 300

// Run lets deadlines fall due by the thousand, looks at how late they are noticed and what waiting
// costs, and moves cases to another version of the policy while complaints come in.
func (b Clocks) Run(ctx context.Context) error {
	return b.onTemporal(ctx, func(server, address string, _ client.Client) error {
		return b.onProduct(ctx, server, address, func(p product) error {
			conn, err := pgx.Connect(ctx, database(server, "recourse"))
			if err != nil {
				return err
			}
			defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
			for _, step := range []func(context.Context, product, *pgx.Conn) error{b.burst, b.many, b.steady, b.idle, b.move} {
				if err := step(ctx, p, conn); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// lead is how long it takes to put so many complaints on record and to start their workflows, with
// room.
func lead(n int) time.Duration { return time.Duration(n)*time.Second/30 + 20*time.Second }

// burst lets deadlines fall due at one instant.
func (b Clocks) burst(ctx context.Context, p product, conn *pgx.Conn) error {
	due := time.Now().Add(lead(b.Burst)).Truncate(time.Second)
	took, late, err := b.fallDue(ctx, p, conn, b.Burst, due, 0)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.Out, "%d deadlines at one instant: all on record %s later (wanted ≤ 20 s for 1,000), noticed after p50 %s, p99 %s\n", b.Burst, took, late[0], late[1])
	return nil
}

// many lets deadlines fall due within a minute.
func (b Clocks) many(ctx context.Context, p product, conn *pgx.Conn) error {
	due := time.Now().Add(lead(b.Many)).Truncate(time.Second)
	took, late, err := b.fallDue(ctx, p, conn, b.Many, due, time.Minute)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.Out, "%d deadlines within a minute: all on record %s after its begin (wanted ≤ 3 min for 10,000), noticed after p50 %s, p99 %s\n", b.Many, took, late[0], late[1])
	return nil
}

// steady lets deadlines fall due one after the other while many cases are open.
func (b Clocks) steady(ctx context.Context, p product, conn *pgx.Conn) error {
	var open int
	if err := conn.QueryRow(ctx, "SELECT count(*) FROM cases WHERE state <> 'archived'").Scan(&open); err != nil {
		return err
	}
	if more := b.Open - open; more > 0 {
		if err := b.letters(ctx, p, more, func(int) time.Time { return time.Now().Add(12 * time.Hour) }, "elsewhere"); err != nil {
			return err
		}
	}
	if err := settled(ctx, p.worker); err != nil {
		return err
	}
	due := time.Now().Add(lead(steady)).Truncate(time.Second)
	_, late, err := b.fallDue(ctx, p, conn, steady, due, time.Minute)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.Out, "%d deadlines in a minute among %d open cases: noticed after p50 %s, p99 %s (wanted ≤ 1 s)\n", steady, max(open, b.Open), late[0], late[1])
	return nil
}

// settled waits until a program has nothing to do: workflows that were started by the thousand still have
// their first step before them, and whatever falls due meanwhile waits behind them.
func settled(ctx context.Context, of *program) error {
	const look = 2 * time.Second
	for before := of.processor(); ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(look):
		}
		now := of.processor()
		if now-before < look/10 {
			return nil
		}
		before = now
	}
}

// fallDue puts complaints on record whose first response is due from an instant on, spread over some
// time, and waits until each of them is noticed, once. It says when the last one was on record, and how
// late the median and the 99th percentile were noticed.
func (b Clocks) fallDue(ctx context.Context, p product, conn *pgx.Conn, n int, due time.Time, over time.Duration) (took time.Duration, late [2]time.Duration, err error) {
	at := func(i int) time.Time {
		return due.Add(over * time.Duration(i) / time.Duration(n)).Truncate(time.Microsecond)
	}
	if err := b.letters(ctx, p, n, at, "moving"); err != nil {
		return 0, late, err
	}
	if left := time.Until(due); left < 0 {
		return 0, late, fmt.Errorf("complaints came on record %s after their deadlines: this machine is too slow for the lead it got", -left)
	}
	const breaches = `SELECT count(*), count(DISTINCT case_id),
		coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM fired_at - due_at)), 0)::float8,
		coalesce(percentile_disc(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM fired_at - due_at)), 0)::float8
		FROM alerts WHERE clock = 'first_response' AND bound = 'limit' AND rung = 1 AND due_at >= $1 AND due_at <= $2`
	for {
		var all, distinct int
		var median, worst float64
		if err := conn.QueryRow(ctx, breaches, due, due.Add(over)).Scan(&all, &distinct, &median, &worst); err != nil {
			return 0, late, err
		}
		if all != distinct {
			return 0, late, fmt.Errorf("%d alerts for %d cases: some went out twice", all, distinct)
		}
		if all == n {
			seconds := func(s float64) time.Duration {
				return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
			}
			return time.Since(due).Round(100 * time.Millisecond), [2]time.Duration{seconds(median), seconds(worst)}, nil
		}
		select {
		case <-ctx.Done():
			return 0, late, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// letters puts complaints on record that reached the company a day before their deadline.
func (b Clocks) letters(ctx context.Context, p product, n int, due func(i int) time.Time, region string) error {
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 32 //nolint:forcetypeassert // it is one
	var next atomic.Int64
	var hands sync.WaitGroup
	var mu sync.Mutex
	var failed error
	batch := time.Now().UnixNano()
	for range 16 {
		hands.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || ctx.Err() != nil {
					return
				}
				body, _ := json.Marshal(map[string]any{ //nolint:errchkjson // texts
					"channel": "letter_box", "text": "电饭煲漏电，请尽快处理。", "region": region, "receipt_evidence": "邮戳",
					"received_at": due(i).Add(-24 * time.Hour).UTC(), "contact": map[string]any{"external_id": fmt.Sprintf("%d-%d", batch, i)},
				})
				if _, err := ask(ctx, p.url, fmt.Sprintf("letter-%d-%d", batch, i), string(body)); err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
					return
				}
			}
		})
	}
	hands.Wait()
	if failed != nil {
		return failed
	}
	return drained(ctx, p.record)
}

// idle measures what waiting costs.
func (b Clocks) idle(ctx context.Context, p product, _ *pgx.Conn) error {
	select { // let what was begun come to its end
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(20 * time.Second):
	}
	began, before := time.Now(), [2]time.Duration{p.api.processor(), p.worker.processor()}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(b.Idle):
	}
	share := func(now, before time.Duration) float64 { return 100 * float64(now-before) / float64(time.Since(began)) }
	api, worker := share(p.api.processor(), before[0]), share(p.worker.processor(), before[1])
	fmt.Fprintf(b.Out, "idle: API %.1f %%, worker %.1f %%, together %.1f %% of a core (wanted < 15)\n", api, worker, api+worker)
	return nil
}

// move publishes another version of the policy, moves cases to it while complaints come in, and moves
// them back.
func (b Clocks) move(ctx context.Context, p product, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "UPDATE cases SET region = 'stays' WHERE region = 'moving' AND id NOT IN (SELECT id FROM cases WHERE region = 'moving' ORDER BY id LIMIT $1)", b.Moved); err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	document := strings.Replace(string(policy.DefaultDocument()), "handling:       {limit: {general: 7d", "handling:       {limit: {general: 6d", 1)
	err := errors.Join(
		p.record.PutPolicy(ctx, models.Policy{Number: 1, Document: []byte(document), Author: "ops", Reason: "bench", EffectiveAt: now, CreatedAt: now}),
		p.record.PutPerson(ctx, models.Person{ID: "ops", Name: "ops", Language: models.LanguageEN, Roles: []models.Role{models.RoleOps}, CreatedAt: now}),
		p.record.PutToken(ctx, models.Token{ID: "ops", PersonID: "ops", Hash: cases.HashToken(opsToken), CreatedAt: now, ExpiresAt: now.Add(24 * time.Hour)}),
	)
	if err != nil {
		return err
	}
	url := strings.TrimSuffix(p.url, "complaints") + "adjustments"
	began := time.Now()
	a, err := adjust(ctx, http.MethodPost, url, `{"kind":"policy","policy":"policy-1","reason":"bench","filter":{"regions":["moving"]}}`)
	if err != nil {
		return err
	}
	previewed := time.Since(began)
	moved, intake, err := b.carryOut(ctx, p, url+"/"+a.ID, "start", "done")
	if err != nil {
		return err
	}
	back, _, err := b.carryOut(ctx, p, url+"/"+a.ID, "undo", "undone")
	fmt.Fprintf(b.Out, "%d open cases: previewed in %s, moved to another version in %s (wanted ≤ 5 min for 5,000) with intake p99 %s meanwhile, moved back in %s\n",
		a.Cases, previewed.Round(10*time.Millisecond), moved.Round(100*time.Millisecond), intake.Round(time.Millisecond), back.Round(100*time.Millisecond))
	return err
}

const opsToken = cases.TokenPrefix + "bench-ops"

// intakePace is how often a complaint comes in while cases are moved: some thirty thousand in an hour,
// which leaves the workflows of new cases room to start.
const intakePace = 120 * time.Millisecond

// carryOut turns an adjustment and waits until it is so, while complaints come in.
func (b Clocks) carryOut(ctx context.Context, p product, url, turn, until string) (took, intake time.Duration, err error) {
	began := time.Now()
	if _, err := adjust(ctx, http.MethodPost, url+"/"+turn, ""); err != nil {
		return 0, 0, err
	}
	l := load{url: p.url, clients: 1}
	for i := 0; ; i++ {
		next := time.Now().Add(intakePace)
		l.submit(ctx, fmt.Sprintf("%s-%d-%d", turn, began.UnixNano(), i))
		if time.Sleep(time.Until(next)); i%8 != 0 {
			continue
		}
		a, err := adjust(ctx, http.MethodGet, url, "")
		if err != nil {
			return 0, 0, err
		}
		if a.State == until {
			if len(l.took) == 0 {
				return 0, 0, errors.New("no complaint was accepted meanwhile")
			}
			return time.Since(began), at(slices.Sorted(slices.Values(l.took)), .99), nil
		}
	}
}

// adjustment is one as the door shows it.
type adjustment struct {
	ID, State string
	Cases     int
}

func adjust(ctx context.Context, method, url, body string) (a adjustment, err error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return a, err
	}
	req.Header.Set("Authorization", "Bearer "+opsToken)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", strconv.FormatInt(time.Now().UnixNano(), 36))
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, err
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= http.StatusMultipleChoices {
		return a, fmt.Errorf("%s: %d %s: %w", url, answer.StatusCode, said, err)
	}
	return a, json.Unmarshal(said, &a)
}

// processor is how much processor time the program has used.
func (p *program) processor() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * (time.Second / ticksPerSecond)
}

// ticksPerSecond is in what Linux tells processor time.
const ticksPerSecond = 100
