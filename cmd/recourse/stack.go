package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"recourse/internal/backup"
	"recourse/internal/cases"
	"recourse/internal/config"
	"recourse/internal/endpoints"
	"recourse/internal/engine"
	"recourse/internal/figures"
	"recourse/internal/files"
	"recourse/internal/lifecycle"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/internal/report"
	"recourse/internal/store"
	"recourse/internal/telemetry"
	"recourse/internal/vault"
)

// stack is everything a process is made of, put together from the settings.
type stack struct {
	cfg     config.Config
	log     *slog.Logger
	metrics *telemetry.Metrics
	store   *store.Store
	vault   *vault.Vault
	files   *files.Folder
	plans   *policies.Book
	engine  *engine.Engine
	relay   *engine.Relay
	outside *endpoints.Client
	service *cases.Service
	figures *figures.Service
	reports *report.Service

	forgotAt atomic.Int64 // Unix seconds of the last look for customers whom the policy keeps no longer
}

// openStack opens the record and makes the rest. Temporal need not be up.
func openStack(ctx context.Context, cfg config.Config) (*stack, error) {
	s := &stack{cfg: cfg, log: logger(cfg.Log), metrics: telemetry.New()}
	zone, err := policy.Zone(cfg.Company.Zone)
	if err != nil {
		return nil, err
	}
	s.files = files.In(cfg.Files.Dir)
	if s.vault, err = openVault(cfg.Vault); err != nil {
		return nil, err
	}
	if s.store, err = openRecord(ctx, cfg); err != nil {
		return nil, err
	}
	s.plans = policies.NewBook(policies.Config{Record: s.store, Company: zone, Rules: lifecycle.RulesVersion(), Now: time.Now})
	if err := s.finish(zone); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	return s, nil
}

func (s *stack) finish(zone *time.Location) error {
	var err error
	s.engine, err = engine.New(engine.Config{
		Address: s.cfg.Temporal.Address, Namespace: s.cfg.Temporal.Namespace, Logger: s.log.With("from", "temporal"),
		Metrics: s.metrics.Temporal(), Options: temporalTLS(s.cfg.Temporal.TLS), Now: time.Now,
	})
	if err != nil {
		return err
	}
	s.relay = engine.NewRelay(s.engine, s.store, engine.RelayConfig{
		Poll: s.cfg.Relay.Poll, Parallel: s.cfg.Relay.Concurrency, Busy: func() bool { return s.service.Busy() },
		Inline: s.cfg.Intake.InlineStarts, InlineWait: s.cfg.Intake.InlineWait, Now: time.Now, Logger: s.log,
	})
	allowed, err := s.cfg.Outgoing.Allowed()
	if err != nil {
		return err
	}
	s.figures = &figures.Service{Record: s.store, Hours: &figures.Office{Policies: s.plans}, Zone: zone, Now: time.Now, Log: s.log}
	s.reports = &report.Service{Record: s.store, Table: s.figures.Table, Zone: zone, Now: time.Now, NewID: newID}
	s.outside = endpoints.New(endpoints.Options{Allow: allowed, Now: time.Now})
	s.service = cases.New(cases.Config{
		Outside: s.outside,
		Store:   s.store, Vault: s.vault, Engine: s.engine, Starter: s.relay, Plans: s.plans, Endings: s.plans.Endings, Past: s.plans.Past,
		Files: s.files, MaxFile: int64(s.cfg.Files.MaxSize), MaxFiles: s.cfg.Files.MaxCase,
		Company: s.cfg.Company.Name, Hash: vault.TokenHash, Language: s.cfg.Company.Language, Zone: zone, StartWait: s.cfg.Intake.InlineWait,
		Now: time.Now, NewID: newID, Logger: s.log,
		Counted: func(o cases.Orchestration) { s.metrics.Intake(string(o)) },
		Erase: func(ctx context.Context, customerID string, now time.Time) error {
			return backup.Erase(ctx, s.store, backup.OpenJournal(journalOf(s.cfg)), customerID, now)
		},
	})
	return nil
}

// check refuses to work with a record of another schema or of another master key.
func (s *stack) check(ctx context.Context) error {
	current, known, err := s.store.SchemaVersion(ctx)
	switch {
	case err != nil:
		return err
	case current < known:
		return fmt.Errorf("the database is at schema %d, this release needs %d: run `recourse migrate`", current, known)
	case current > known:
		return fmt.Errorf("the database is at schema %d, newer than this release knows (%d): run the newer release", current, known)
	}
	print, err := s.store.FirstMeta(ctx, "master_key", s.vault.Fingerprint())
	if err == nil && print != s.vault.Fingerprint() {
		err = errors.New("this is not the master key that the record was written with; RECOURSE_VAULT__KEY_FILE or RECOURSE_VAULT__KEY names another one")
	}
	return err
}

func (s *stack) close() {
	s.engine.Close()
	if err := s.store.Close(); err != nil {
		s.log.Error("close the record", "error", err)
	}
}

func openRecord(ctx context.Context, cfg config.Config) (*store.Store, error) {
	return store.Open(ctx, string(cfg.Database.URL), store.Options{})
}

func openVault(cfg config.Vault) (*vault.Vault, error) {
	if cfg.Key != "" {
		master, err := vault.ParseMaster(string(cfg.Key))
		if err != nil {
			return nil, fmt.Errorf("RECOURSE_VAULT__KEY: %w", err)
		}
		return vault.New(master)
	}
	master, err := vault.ReadMaster(cfg.KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no master key at %s (RECOURSE_VAULT__KEY_FILE): without it no word on record can be read; make one with `recourse admin key`", cfg.KeyFile)
	}
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return vault.New(master)
}

func temporalTLS(files config.TLS) func(*client.Options) {
	return func(o *client.Options) {
		if !files.On() {
			return
		}
		o.ConnectionOptions.TLS = &tls.Config{
			MinVersion: tls.VersionTLS12,
			RootCAs:    roots(files.CA),
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				pair, err := tls.LoadX509KeyPair(files.Cert, files.Key) // read each time: certificates are renewed
				return &pair, err
			},
		}
	}
}

func roots(file string) *x509.CertPool {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

func logger(cfg config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if cfg.Format == config.LogJSON {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// quiet is the log of a tool that says what matters itself.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
