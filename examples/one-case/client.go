package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// fields is the body of a request.
type fields map[string]any

// person is somebody of the sample company, with the token of theirs.
type person struct {
	ID          string   `json:"id"`
	Departments []string `json:"departments"`

	name, token string
}

// story is the case and where it stands.
type story struct {
	ctx    context.Context //nolint:containedctx // of one short program
	server string
	people map[string]person // by role
	began  time.Time
	out    io.Writer
	steps  int

	number, state string
}

// readPeople reads lines of role, person, name, password and token.
func readPeople(path string) (map[string]person, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w (start recourse dev first: it writes the file)", err)
	}
	people := map[string]person{}
	for line := range strings.Lines(string(content)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(cells) != 5 {
			continue
		}
		if _, is := people[cells[0]]; !is {
			people[cells[0]] = person{ID: cells[1], name: cells[2], token: cells[4]}
		}
	}
	return people, nil
}

// start puts the complaint on record.
func (s *story) start(role string, complaint fields) error {
	var accepted struct {
		Number        string `json:"number"`
		Orchestration string `json:"orchestration"`
	}
	if err := s.post(role, "/api/v1/complaints", complaint, &accepted); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	s.number, s.state = accepted.Number, "received"
	fmt.Fprintf(s.out, "已登记 %s（工作流 %s）\n", s.number, accepted.Orchestration)
	return nil
}

// do uses a verb on the case in a role.
func (s *story) do(role, verb string, wish fields) error {
	var done struct {
		State string `json:"state"`
	}
	if err := s.post(role, "/api/v1/complaints/"+s.number+"/"+verb, wish, &done); err != nil {
		return fmt.Errorf("%s by %s: %w", verb, role, err)
	}
	s.state = done.State
	fmt.Fprintf(s.out, "  %s%s→ %s\n", pad(verb, 18), pad(s.people[role].name, 14), word(states, s.state))
	return nil
}

// me returns a person with their departments, as the API knows them.
func (s *story) me(role string) (person, error) {
	var p person
	if err := s.get(role, "/api/v1/me", &p); err != nil {
		return p, err
	}
	if len(p.Departments) == 0 {
		return p, fmt.Errorf("%s belongs to no department", role)
	}
	return p, nil
}

// request returns the name of the request that waits for a decision.
func (s *story) request(role string) (int64, error) {
	var c struct {
		Requests []struct {
			Request int64 `json:"request"`
		} `json:"requests"`
	}
	if err := s.get(role, "/api/v1/complaints/"+s.number, &c); err != nil {
		return 0, err
	}
	if len(c.Requests) != 1 {
		return 0, fmt.Errorf("%d requests wait, not one", len(c.Requests))
	}
	return c.Requests[0].Request, nil
}

// tries is how often a request is sent when the server asks to come again.
const tries = 20

// post sends a wish under a key of its own, and the same again when the server asks for time.
func (s *story) post(role, path string, body fields, answer any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	s.steps++
	key := fmt.Sprintf("one-case-%d-%d", s.began.UnixNano(), s.steps)
	for try := 1; ; try++ {
		status, err := s.send(role, http.MethodPost, path, key, content, answer)
		if status != http.StatusServiceUnavailable || try == tries {
			return err
		}
		select {
		case <-s.ctx.Done():
			return s.ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func (s *story) get(role, path string, answer any) error {
	_, err := s.send(role, http.MethodGet, path, "", nil, answer)
	return err
}

func (s *story) send(role, method, path, key string, content []byte, answer any) (status int, err error) {
	who, is := s.people[role]
	if !is {
		return 0, fmt.Errorf("nobody is %s", role)
	}
	request, err := http.NewRequestWithContext(s.ctx, method, s.server+path, bytes.NewReader(content))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+who.token)
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return response.StatusCode, errors.New(strings.TrimSpace(string(said)))
	}
	return response.StatusCode, json.Unmarshal(said, answer)
}
