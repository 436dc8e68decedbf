package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"recourse/internal/config"
)

// Set by the linker; see the Makefile.
var (
	version   = "dev"
	commit    = "unknown"
	committed = "unknown"
)

// errFound ends a tool with exit code 1 after it has said everything itself.
var errFound = errors.New("")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second signal ends us at once
	}()
	if err := root().ExecuteContext(ctx); err != nil {
		if !errors.Is(err, errFound) {
			fmt.Fprintln(os.Stderr, "recourse:", err)
		}
		os.Exit(1)
	}
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "recourse",
		Short:         "Every customer complaint as a durable workflow, answered in time and counted in figures anyone can check",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version,
	}
	cmd.PersistentFlags().String("config", "", "YAML `file` with settings, else the one RECOURSE_CONFIG names; the environment goes over it")
	cmd.AddCommand(devCommand(), serveCommand(), workerCommand(), migrateCommand(), tokenCommand(), adminCommand(),
		checkCommand(), backupCommand(), restoreCommand(), eraseCommand(), exportCommand(), verifyCommand(), submitCommand(), healthCommand(), importCommand(), simulateCommand(), dispatchCommand(), policyCommand(), templateCommand(), adjustmentCommand(), calendarCommand(), rosterCommand(),
		configCommand(), versionCommand(), benchCommand(), searchCommand(), factsCommand(), reportCommand())
	return cmd
}

// load reads the settings that the command line names.
func load(cmd *cobra.Command) (config.Config, error) {
	file, err := cmd.Flags().GetString("config")
	if err != nil {
		return config.Config{}, err
	}
	return config.Load(file, os.Environ())
}

func configCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Print the settings in force, secrets hidden",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			return cfg.Print(cmd.OutOrStdout())
		},
	}
}
