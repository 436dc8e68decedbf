package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Commands is what `recourse bench commands` needs to know.
type Commands struct {
	Programs

	N int // commands, and bare updates
}

// Run measures how long a command takes at one client, from the door to the record and back, beside a
// bare Update of an empty handler, and prints both.
func (b Commands) Run(ctx context.Context) error {
	return b.onTemporal(ctx, func(server, address string, c client.Client) error {
		return b.onProduct(ctx, server, address, func(p product) error {
			updates, err := bareUpdates(ctx, c, b.N)
			if err != nil {
				return err
			}
			commands, err := b.notes(ctx, p)
			if err != nil {
				return err
			}
			again, err := bareUpdates(ctx, c, b.N) // before and after: the machine has moods
			if err != nil {
				return err
			}
			bare := slices.Sorted(slices.Values(slices.Concat(updates, again)))
			slices.Sort(commands)
			fmt.Fprintf(b.Out, `bare update of an empty handler: p50 %s, p95 %s
a command (note) by the API:     p50 %s, p95 %s
ratio of the p50: %.2f (wanted ≤ 2.5); %d each, one client
`, at(bare, .5), at(bare, .95), at(commands, .5), at(commands, .95), float64(at(commands, .5))/float64(at(bare, .5)), b.N)
			return nil
		})
	})
}

// at is the percentile of sorted durations.
func at(sorted []time.Duration, p float64) time.Duration {
	return sorted[int(p*float64(len(sorted)-1))].Round(10 * time.Microsecond)
}

// updatesPerRun keeps histories as short as those of cases are.
const updatesPerRun = 25

// bareUpdates measures an Update whose handler does nothing, on workflows as long as cases are.
func bareUpdates(ctx context.Context, c client.Client, n int) ([]time.Duration, error) {
	w := worker.New(c, bareQueue, worker.Options{})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		if err := workflow.SetUpdateHandler(ctx, "nothing", func(workflow.Context) error { return nil }); err != nil {
			return err
		}
		return workflow.Sleep(ctx, 24*time.Hour)
	}, workflow.RegisterOptions{Name: "BareUpdates"})
	if err := w.Start(); err != nil {
		return nil, fmt.Errorf("bare worker: %w", err)
	}
	defer w.Stop()
	var took []time.Duration
	began := time.Now()
	for i := range n {
		id := fmt.Sprintf("bare-updates/%d/%d", began.UnixNano(), i/updatesPerRun)
		if i%updatesPerRun == 0 {
			if _, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: bareQueue}, "BareUpdates"); err != nil {
				return nil, err
			}
			if err := update(ctx, c, id); err != nil { // the first task is not an update
				return nil, err
			}
		}
		asked := time.Now()
		if err := update(ctx, c, id); err != nil {
			return nil, err
		}
		took = append(took, time.Since(asked))
	}
	return took, nil
}

func update(ctx context.Context, c client.Client, id string) error {
	handle, err := c.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: id, UpdateName: "nothing", WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return err
	}
	return handle.Get(ctx, nil)
}

// notes measures a command that anybody uses all day, on cases as they are.
func (b Commands) notes(ctx context.Context, p product) ([]time.Duration, error) {
	var (
		took []time.Duration
		url  string
	)
	for i := range b.N {
		if i%updatesPerRun == 0 {
			number, err := ask(ctx, p.url, fmt.Sprintf("open-%d", i), fmt.Sprintf(`{"channel":"phone","text":"电饭煲漏电","contact":{"phone":"+86139%08d"}}`, i))
			if err != nil {
				return nil, err
			}
			if err := drained(ctx, p.record); err != nil {
				return nil, err
			}
			url = p.url + "/" + number + "/note"
			if _, err := ask(ctx, url, fmt.Sprintf("first-%d", i), note); err != nil { // the first task is not a command
				return nil, err
			}
		}
		began := time.Now()
		if _, err := ask(ctx, url, fmt.Sprintf("note-%d", i), note); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

const note = `{"audience":"internal","text":"已联系客户，约定明天上午上门。"}`

// ask posts and returns the number of the case that the answer names.
func ask(ctx context.Context, url, key, body string) (number string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+benchToken)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= http.StatusMultipleChoices {
		return "", fmt.Errorf("%s: %d %s: %w", url, answer.StatusCode, said, err)
	}
	var a struct{ Number string }
	return a.Number, json.Unmarshal(said, &a)
}
