package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/lifecycle"
)

func versionCommand() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which release this is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			facts := map[string]any{
				"version": version, "commit": commit, "committed": committed, "go": runtime.Version(),
				"temporal_sdk": temporal.SDKVersion, "rules": lifecycle.RulesVersion(), "modules": modules(),
			}
			out := cmd.OutOrStdout()
			if asJSON {
				enc := json.NewEncoder(out)
				enc.SetIndent("", "  ")
				return enc.Encode(facts)
			}
			_, err := fmt.Fprintf(out, "recourse %s (%s, %s)\n%s · Temporal SDK %s · kernel rules %d · %d modules\n",
				version, commit, committed, runtime.Version(), temporal.SDKVersion, lifecycle.RulesVersion(), modules())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// modules counts the modules linked into this program.
func modules() int {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return 0
	}
	return len(info.Deps)
}
