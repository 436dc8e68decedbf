package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	uiserver "github.com/temporalio/ui-server/v2/server"
	"github.com/temporalio/ui-server/v2/server/server_options"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/temporal"
)

// server is a running Temporal server and, unless headless, its UI.
type server struct {
	temporal temporal.Server
	ui       *uiserver.Server
	logger   logger
	opts     options
	ports    *ports
	database *database
}

// start returns once clients can use everything, or ctx has ended.
func start(ctx context.Context, o options, log logger, notices io.Writer) (*server, error) {
	p, err := claimPorts(o)
	if err != nil {
		return nil, err
	}
	defer p.release()
	db, err := openDatabase(o, log, notices)
	if err != nil {
		return nil, err
	}
	if err := ensureNamespaces(ctx, o, db); err != nil {
		return nil, err
	}
	s := &server{logger: log, opts: o, ports: p, database: db}
	p.release()
	if err := s.startTemporal(); err != nil {
		return nil, err
	}
	s.startUI()
	if err := s.awaitReady(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *server) startTemporal() error {
	var err error
	s.temporal, err = temporal.NewServer(
		temporal.WithConfig(temporalConfig(s.opts, s.ports, s.database)),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(staticHosts(s.opts, s.ports)),
		temporal.WithDynamicConfigClient(dynamicConfig(s.opts)),
		temporal.WithLogger(s.logger),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
	)
	if err != nil {
		return fmt.Errorf("set up the Temporal server: %w", err)
	}
	if err := s.temporal.Start(); err != nil {
		return fmt.Errorf("start the Temporal server: %w", err)
	}
	return nil
}

func (s *server) startUI() {
	if s.opts.headless {
		return
	}
	s.ui = uiserver.NewServer(server_options.WithConfigProvider(uiConfig(s.opts, s.ports)))
	go func() {
		// It ends the program itself when it cannot serve.
		_ = s.ui.Start()
	}()
}

// stop ends the UI first, which would complain about a server that is gone.
func (s *server) stop() error {
	s.logger.silence()
	if s.ui != nil {
		s.ui.Stop()
	}
	err := s.temporal.Stop()
	s.database.settle()
	return err
}

func (s *server) frontend() string { return reachable(s.opts.ip, s.ports.frontend) }

func (s *server) uiURL() string { return "http://" + reachable(s.opts.uiIP, s.ports.ui) }

func (s *server) metricsURL() string {
	return "http://" + reachable(s.opts.ip, s.ports.metrics) + "/metrics"
}

// readyLine is for programs; db comes last because a file name may hold spaces.
func (s *server) readyLine() string {
	words := []string{"ready", "temporal=" + s.frontend()}
	if s.ui != nil {
		words = append(words, "ui="+s.uiURL())
	}
	if s.ports.metrics != 0 {
		words = append(words, "metrics="+s.metricsURL())
	}
	words = append(words, "namespace="+s.opts.namespaces[0])
	if s.database.name != "" {
		words = append(words, "db="+s.database.name)
	}
	return strings.Join(words, " ")
}
