package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/config"
	"recourse/models"
)

func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the console and the API",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				stopMetrics, err := s.serveMetrics()
				if err != nil {
					return err
				}
				defer stopMetrics()
				listener, err := listen(s.cfg.HTTP.Listen, "RECOURSE_HTTP__LISTEN")
				if err != nil {
					return err
				}
				collectAt(150) // less often than the usual 100; 200 would cost 14 MiB more
				s.log.Info("api ready", "url", s.cfg.HTTP.PublicURL)
				return s.serve(ctx, listener)
			})
		},
	}
}

// collectAt sets how much may be allocated, in percent of what lives, before garbage is collected;
// GOGC in the environment has its way.
func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// drainWithin is how long requests under way may take once the process is told to stop.
const drainWithin = 15 * time.Second

// serve answers requests and relays starts until ctx ends, then lets what is under way finish.
func (s *stack) serve(ctx context.Context, listener net.Listener) error {
	var background sync.WaitGroup
	defer background.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	background.Go(func() { s.relay.Run(ctx) })
	background.Go(func() { s.beat(ctx, models.PartAPI, nil) })
	background.Go(func() { s.beat(ctx, models.PartTemporal, s.engine.Reachable) })
	doors, err := s.doors()
	if err != nil {
		return err
	}
	server := httpServer(s.cfg.HTTP, doors)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, stop := context.WithTimeout(context.WithoutCancel(ctx), drainWithin)
	defer stop()
	return server.Shutdown(drain)
}

func httpServer(cfg config.HTTP, handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: cfg.ReadHeaderTimeout, ReadTimeout: cfg.ReadTimeout,
		WriteTimeout: cfg.WriteTimeout, IdleTimeout: cfg.IdleTimeout,
	}
}

// serveMetrics answers /metrics on the inner address and returns how to stop.
func (s *stack) serveMetrics() (stop func(), err error) {
	s.metrics.Gauge("recourse_relay_oldest_seconds", "Age of the oldest complaint whose workflow has not started.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		return s.service.Health(ctx).RelayAge.Seconds()
	})
	s.metrics.Gauge("recourse_relay_pending", "Complaints whose workflow has not started.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		n, err := s.store.PendingStarts(ctx)
		if err != nil {
			return math.NaN()
		}
		return float64(n)
	})
	if s.cfg.Admin.Listen == "" {
		return func() {}, nil
	}
	listener, err := listen(s.cfg.Admin.Listen, "RECOURSE_ADMIN__LISTEN")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.Handler())
	server := httpServer(s.cfg.HTTP, mux)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("metrics", "error", err)
		}
	}()
	return func() { _ = server.Close() }, nil
}

// listen takes a port, and says which setting moves it when somebody else has it.
func listen(address, setting string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program: stop that one, or set %s to another address, such as 127.0.0.1:8180", address, setting)
	}
	return listener, err
}
