package submit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// door is the public API, as somebody with a token sees it.
type door struct {
	server, token string
	http          *http.Client
	now           func() time.Time
	sleep         func(context.Context, time.Duration) error
	patience      time.Duration
	tried         func() // again
}

// answer is what became of one delivery.
type answer struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	ReceivedAt time.Time `json:"received_at"`

	replayed bool
	retried  bool          // requests before it had no answer
	took     time.Duration // of the request that was answered
}

// refusal is an answer that trying again does not change.
type refusal struct {
	status int
	words  string
}

func (r *refusal) Error() string { return r.words }

// errShut says that no row of this file will be let in.
var errShut = errors.New("the door is shut")

// problem is what the API says when it refuses (RFC 9457).
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Pointer   string `json:"pointer"`
		Parameter string `json:"parameter"`
		Detail    string `json:"detail"`
	} `json:"errors"`
}

// open delivers a complaint under a key, as often as it takes. A *refusal is final; any other error
// says that the outcome is not known.
func (d *door) open(ctx context.Context, key string, body []byte) (answer, error) {
	began := d.now()
	for attempt := 0; ; attempt++ {
		a, wait, err := d.try(ctx, key, body)
		a.retried = attempt > 0
		var refused *refusal
		if err == nil || errors.As(err, &refused) || ctx.Err() != nil || hopeless(err, attempt) {
			return a, err
		}
		wait = max(wait, min(100*time.Millisecond<<min(attempt, 7), 10*time.Second))
		if d.now().Add(wait).Sub(began) > d.patience {
			return a, fmt.Errorf("no answer in %s: %w", d.patience, err)
		}
		d.tried()
		if err := d.sleep(ctx, wait); err != nil {
			return a, err
		}
	}
}

// hopeless says that the server broke so often over the same row that it will again.
func hopeless(err error, attempt int) bool {
	var u *unanswered
	return errors.As(err, &u) && u.status == http.StatusInternalServerError && attempt >= 4
}

// passing are the answers after which the same request may be sent again.
var passing = []int{
	http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
	http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// try sends the request once; wait is how long the server wishes to be left alone.
func (d *door) try(ctx context.Context, key string, body []byte) (a answer, wait time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.server+"/api/v1/complaints", bytes.NewReader(body))
	if err != nil {
		return a, 0, err
	}
	request.GetBody = nil // net/http would try again by itself because of the key, and we could not count it
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	began := d.now()
	status, header, said, err := d.do(request)
	if err != nil {
		return a, 0, err
	}
	switch {
	case status == http.StatusCreated:
		a.took, a.replayed = d.now().Sub(began), header.Get("Idempotent-Replayed") == "true"
		if err := json.Unmarshal(said, &a); err != nil || a.ID == "" || a.Number == "" {
			return a, 0, fmt.Errorf("the answer 201 cannot be read: %q", said)
		}
		return a, 0, nil
	case slices.Contains(passing, status), status == http.StatusConflict && inFlight(said):
		return a, after(header.Get("Retry-After"), d.now()), &unanswered{status, explain(said)}
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return a, 0, fmt.Errorf("%w: %w", errShut, &refusal{status, explain(said)})
	default:
		return a, 0, &refusal{status, explain(said)}
	}
}

// unanswered is an answer that says to come again.
type unanswered struct {
	status int
	words  string
}

func (u *unanswered) Error() string { return fmt.Sprintf("%d: %s", u.status, u.words) }

func (d *door) do(request *http.Request) (status int, header http.Header, said []byte, err error) {
	request.Header.Set("Authorization", "Bearer "+d.token)
	response, err := d.http.Do(request)
	if err != nil {
		return 0, nil, nil, err
	}
	defer response.Body.Close()
	said, err = io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, response.Header, said, err
}

// get reads what stands at a path into v, and returns where the next page stands.
func (d *door) get(ctx context.Context, path string, v any) (next string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.server+path, http.NoBody)
	if err != nil {
		return "", err
	}
	status, header, said, err := d.do(request)
	if err != nil {
		return "", err
	}
	if status != http.StatusOK && status != http.StatusServiceUnavailable {
		return "", &refusal{status, explain(said)}
	}
	if err := json.Unmarshal(said, v); err != nil {
		return "", fmt.Errorf("%s cannot be read: %w", path, err)
	}
	return follow(header.Get("Link"))
}

// follow reads the next page out of a Link header; empty when there is none.
func follow(link string) (string, error) {
	for one := range strings.SplitSeq(link, ",") {
		target, rel, _ := strings.Cut(one, ";")
		if !strings.Contains(rel, `rel="next"`) {
			continue
		}
		u, err := url.Parse(strings.Trim(strings.TrimSpace(target), "<>"))
		if err != nil {
			return "", fmt.Errorf("next page: %w", err)
		}
		return u.RequestURI(), nil
	}
	return "", nil
}

func inFlight(said []byte) bool {
	var p struct {
		Code string `json:"code"`
	}
	return json.Unmarshal(said, &p) == nil && p.Code == "in_flight"
}

// after reads Retry-After: seconds or a date.
func after(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return at.Sub(now)
	}
	return 0
}

// explain says in one line why something was refused.
func explain(said []byte) string {
	var p problem
	if json.Unmarshal(said, &p) != nil || p.Title == "" && p.Detail == "" {
		return strings.TrimSpace(string(said[:min(len(said), 200)]))
	}
	var faults []string
	for _, f := range p.Errors {
		faults = append(faults, strings.TrimSpace(f.Pointer+f.Parameter+" "+f.Detail))
	}
	if len(faults) == 0 {
		faults = append(faults, p.Detail)
	}
	return strings.TrimRight(p.Title+": "+strings.Join(faults, "; "), ": ")
}
