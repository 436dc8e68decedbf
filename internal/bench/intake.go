package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"recourse/internal/cases"
	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/models"
)

// Programs are what every bench runs, and where.
type Programs struct {
	Recourse string // path of our program
	Temporal string // path of the embedded server
	Out      io.Writer
	Folder   string // for logs and databases; removed by the caller
	Shards   int    // of Temporal's history; each does one thing with its store at a time
}

// Intake is what `recourse bench intake` needs to know.
type Intake struct {
	Programs

	Clients int           // at a time
	Bare    int           // empty workflows to start
	For     time.Duration // of load
}

// token of the one who submits.
const benchToken = cases.TokenPrefix + "bench"

// Run starts Postgres, Temporal on it, API and worker, measures bare starts, then intake under load
// with the relay running, then the drain, and prints everything.
func (b Intake) Run(ctx context.Context) error {
	return b.onTemporal(ctx, func(server, address string, c client.Client) error {
		if _, err := bare(ctx, c, b.Clients, b.Bare/4); err != nil { // warm up
			return err
		}
		bareRate, err := bare(ctx, c, b.Clients, b.Bare)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.Out, "bare: %.0f empty workflows with two timers a second, first task completed, %d clients\n", bareRate, b.Clients)
		return b.onProduct(ctx, server, address, func(p product) error { return b.measure(ctx, p, bareRate) })
	})
}

// onTemporal runs Postgres and Temporal on it.
func (b Programs) onTemporal(ctx context.Context, do func(server, address string, c client.Client) error) error {
	pg, err := pgtest.Start(filepath.Join(b.Folder, "pg"))
	if err != nil {
		return err
	}
	defer func() { _ = pg.Stop() }()
	engine, address, err := temporal(b.Folder, b.Temporal, database(pg.URL, "temporal"), b.Shards)
	if err != nil {
		return err
	}
	defer engine.stop()
	c, err := client.Dial(client.Options{HostPort: address, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		return err
	}
	defer c.Close()
	if err := create(ctx, pg.URL, "recourse"); err != nil {
		return err
	}
	return do(pg.URL, address, c)
}

// database names another database of the same server.
func database(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

func create(ctx context.Context, server, name string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	return errors.Join(err, conn.Close(ctx))
}

// product is the product under load.
type product struct {
	record      *store.Store
	api, worker *program
	url         string // of the API
}

// onProduct runs API and worker.
func (b Programs) onProduct(ctx context.Context, server, address string, do func(p product) error) error {
	url := database(server, "recourse")
	record, err := prepare(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = record.Close() }()
	listen, err := freeAddress()
	if err != nil {
		return err
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	settings := []string{
		"RECOURSE_DATABASE__URL=" + url, "RECOURSE_TEMPORAL__ADDRESS=" + address, "RECOURSE_VAULT__KEY=" + hex.EncodeToString(key),
		"RECOURSE_HTTP__LISTEN=" + listen, "RECOURSE_ADMIN__LISTEN=", "RECOURSE_LOG__LEVEL=warn", "RECOURSE_FILES__DIR=" + filepath.Join(b.Folder, "files"),
	}
	worker, err := start(b.Folder, "worker", settings, b.Recourse, "worker")
	if err != nil {
		return err
	}
	defer worker.stop()
	api, err := start(b.Folder, "api", settings, b.Recourse, "serve")
	if err != nil {
		return err
	}
	defer api.stop()
	if err := awaitOK(ctx, "http://"+listen+"/readyz"); err != nil {
		return err
	}
	return do(product{record: record, api: api, worker: worker, url: "http://" + listen + "/api/v1/complaints"})
}

// measure puts the product under load and waits until it is calm again.
func (b Intake) measure(ctx context.Context, p product, bareRate float64) error {
	l := load{url: p.url, clients: b.Clients}
	if err := l.run(ctx, 2*time.Second); err != nil { // warm up
		return err
	}
	if err := drained(ctx, p.record); err != nil {
		return err
	}
	measured := load{url: l.url, clients: b.Clients}
	began := time.Now()
	if err := measured.run(ctx, b.For); err != nil {
		return err
	}
	took := time.Since(began)
	waiting, err := p.record.PendingStarts(ctx)
	if err != nil {
		return err
	}
	most := [2]float64{p.api.memory(), p.worker.memory()}
	drainBegan := time.Now()
	if err := drained(ctx, p.record); err != nil {
		return err
	}
	drain := float64(waiting) / time.Since(drainBegan).Seconds()
	most = [2]float64{max(most[0], p.api.memory()), max(most[1], p.worker.memory())}
	b.report(&measured, took, bareRate, int(waiting), drain, most)
	return nil
}

func (b Intake) report(l *load, took time.Duration, bareRate float64, waiting int, drain float64, memory [2]float64) {
	slices.Sort(l.took)
	at := func(p float64) time.Duration { return l.took[int(p*float64(len(l.took)-1))] }
	rate := float64(len(l.took)) / took.Seconds()
	started := float64(len(l.took)-waiting) / took.Seconds()
	fmt.Fprintf(b.Out, `intake: %d accepted in %.1f s = %.0f/s, refused %d; p50 %s, p90 %s, p99 %s, max %s
        started meanwhile by inline and relay: %.0f/s
drain:  %d waiting starts at %.0f/s
ratios: intake/bare %.2f (wanted ≥ 5), drain/bare %.2f (wanted ≥ 0.8), p99 %s (wanted < 150 ms)
memory: API %.0f MiB, worker %.0f MiB, together %.0f (wanted < 250)
`, len(l.took), took.Seconds(), rate, l.refused, at(.5).Round(time.Millisecond), at(.9).Round(time.Millisecond),
		at(.99).Round(time.Millisecond), at(1).Round(time.Millisecond), started, waiting, drain,
		rate/bareRate, drain/bareRate, at(.99).Round(time.Millisecond), memory[0], memory[1], memory[0]+memory[1])
}

// prepare makes the schema and one person who may submit.
func prepare(ctx context.Context, database string) (*store.Store, error) {
	record, err := store.Open(ctx, database, store.Options{Connections: 4})
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	err = errors.Join(record.Migrate(ctx),
		record.PutPerson(ctx, models.Person{
			ID: "bench", Name: "bench", Language: models.LanguageEN, Roles: []models.Role{models.RoleIntake}, CreatedAt: now, // a note on an own case is hers too
		}),
		record.PutToken(ctx, models.Token{
			ID: "bench", PersonID: "bench", Hash: cases.HashToken(benchToken), CreatedAt: now, ExpiresAt: now.Add(24 * time.Hour),
		}))
	return record, err
}

// drained waits until nothing waits for its start.
func drained(ctx context.Context, record *store.Store) error {
	for {
		n, err := record.PendingStarts(ctx)
		if err != nil || n == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// load is so many clients that submit complaints one after the other.
type load struct {
	url     string
	clients int

	mu      sync.Mutex
	took    []time.Duration // of accepted ones
	refused int
}

func (l *load) run(ctx context.Context, during time.Duration) error {
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = l.clients //nolint:forcetypeassert // it is one
	ctx, cancel := context.WithTimeout(ctx, during+30*time.Second)
	defer cancel()
	until := time.Now().Add(during)
	var group sync.WaitGroup
	for n := range l.clients {
		group.Go(func() {
			for i := 0; time.Now().Before(until) && ctx.Err() == nil; i++ {
				l.submit(ctx, fmt.Sprintf("%d-%d-%d", until.UnixNano(), n, i))
			}
		})
	}
	group.Wait()
	if len(l.took) == 0 {
		return errors.New("nothing was accepted; see the logs")
	}
	return nil
}

func (l *load) submit(ctx context.Context, key string) {
	body := fmt.Appendf(nil, `{"channel":"phone","severity":"general","text":"电饭煲漏电，请尽快处理。The rice cooker leaks current (%s).","contact":{"name":"王芳","phone":"+86138%s"}}`, key, digits(key))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url, bytes.NewReader(body))
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+benchToken)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	began := time.Now()
	answer, err := http.DefaultClient.Do(req)
	took := time.Since(began)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.refused++
		return
	}
	said, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		if l.refused++; l.refused == 1 {
			fmt.Fprintf(os.Stderr, "first refusal: %d %s\n", answer.StatusCode, said)
		}
		return
	}
	l.took = append(l.took, took)
}

// digits makes eight digits of a key, so that every complaint has a customer of its own.
func digits(key string) string {
	n := uint64(14695981039346656037)
	for _, b := range []byte(key) {
		n = (n ^ uint64(b)) * 1099511628211
	}
	return fmt.Sprintf("%08d", n%100_000_000)
}
