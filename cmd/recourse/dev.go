package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/cases"
	"recourse/internal/config"
)

func devCommand() *cobra.Command {
	var with made
	noSamples := false
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Start everything on this machine: Temporal with its Web UI, worker, API and console",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			with.samples = !noSamples
			return dev(cmd, cfg, with)
		},
	}
	cmd.Flags().BoolVar(&noSamples, "no-samples", false, "start with an empty record")
	cmd.Flags().IntVar(&with.crowd, "crowd", 0, "put so many generated cases with long texts beside the samples, once, to see how the product copes")
	cmd.MarkFlagsMutuallyExclusive("no-samples", "crowd")
	return cmd
}

// made is what `dev` makes up, so that there is something to see.
type made struct {
	samples bool
	crowd   int // how many generated cases beside the samples
}

// dev is the whole product in one process beside the embedded Temporal server.
func dev(cmd *cobra.Command, cfg config.Config, with made) error {
	if cfg.Log.Level == "info" && os.Getenv("RECOURSE_LOG__LEVEL") == "" {
		cfg.Log.Level = "warn" // a terminal that a person reads
	}
	folder := filepath.Dir(cfg.Vault.KeyFile)
	if err := prepareFolder(folder, cfg); err != nil {
		return err
	}
	api, err := listen(cfg.HTTP.Listen, "RECOURSE_HTTP__LISTEN")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(cmd.Context())
	defer stop(nil)
	if os.Getenv("RECOURSE_TEMPORAL__ADDRESS") == "" {
		temporal, err := startTemporal(ctx, folder, cfg.Temporal)
		if err != nil {
			return errors.Join(err, api.Close())
		}
		defer temporal.stop()
		go func() { stop(temporal.wait()) }()
	}
	s, err := openStack(ctx, cfg)
	if err != nil {
		return errors.Join(err, api.Close())
	}
	defer s.close()
	return s.runDev(ctx, cmd, api, folder, with)
}

func (s *stack) runDev(ctx context.Context, cmd *cobra.Command, api net.Listener, folder string, with made) error {
	if err := s.store.Migrate(ctx); err != nil {
		return errors.Join(err, api.Close())
	}
	if _, err := cases.Project(ctx, s.store); err != nil {
		return errors.Join(err, api.Close())
	}
	if _, err := rebuildFacts(ctx, s.store, false, cmd.ErrOrStderr()); err != nil {
		return errors.Join(err, api.Close())
	}
	if err := s.check(ctx); err != nil {
		return errors.Join(err, api.Close())
	}
	stopMetrics, err := s.serveMetrics()
	if err != nil {
		return errors.Join(err, api.Close())
	}
	defer stopMetrics()
	tokens := ""
	if with.samples {
		if tokens, err = s.loadSamples(ctx, folder); err != nil {
			return errors.Join(err, api.Close())
		}
		if err := s.loadCrowd(ctx, cmd.OutOrStdout(), with.crowd); err != nil {
			return errors.Join(err, api.Close())
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	worked := make(chan error, 1)
	ready := make(chan struct{})
	go func() {
		err := s.work(ctx, func() { close(ready) })
		cancel(err)
		worked <- err
	}()
	go func() {
		select {
		case <-ready:
			s.welcome(cmd, tokens)
		case <-ctx.Done():
		}
	}()
	served := s.serve(ctx, api)
	cancel(served)
	err = errors.Join(served, <-worked)
	if err == nil && cmd.Context().Err() == nil {
		err = context.Cause(ctx) // nobody told us to stop: say what did
	}
	if err == nil {
		fmt.Fprintln(cmd.OutOrStdout(), "stopped; everything is kept in", folder)
	}
	return err
}

func (s *stack) welcome(cmd *cobra.Command, tokens string) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "\nRecourse is running. Ctrl-C stops it; everything is kept.\n\n")
	fmt.Fprintf(out, "  Console        %s\n", s.cfg.HTTP.PublicURL)
	fmt.Fprintf(out, "  API            %s/api/v1\n", s.cfg.HTTP.PublicURL)
	fmt.Fprintf(out, "  API reference  %s/docs\n", s.cfg.HTTP.PublicURL)
	fmt.Fprintf(out, "  Temporal UI    %s\n", s.cfg.Temporal.UIURL)
	if tokens != "" {
		fmt.Fprintf(out, "\n  Sample people, their passwords and tokens: %s (private)\n", tokens)
		fmt.Fprintf(out, "  Try: curl -H \"Authorization: Bearer $(awk '$1==\"supervisor\"{print $NF; exit}' %s)\" %s/api/v1/complaints\n", tokens, s.cfg.HTTP.PublicURL)
	}
	fmt.Fprintln(out)
}

// prepareFolder makes the folder of the embedded databases and the master key at the first start.
func prepareFolder(folder string, cfg config.Config) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if cfg.Vault.Key != "" {
		return nil
	}
	if _, err := os.Stat(cfg.Vault.KeyFile); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return makeMaster(cfg.Vault.KeyFile)
}

// sampleTokenLife is how long the tokens of sample people let in.
const sampleTokenLife = 90 * 24 * time.Hour
