package main_test

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

func TestPostgresKeepsEverythingToo(t *testing.T) {
	url := "postgres://postgres@/temporal?host=" + cluster(t)
	first := launch(t, "--headless", "--db-postgres", url, "--shards", "4")
	_, err := first.client().ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "kept", TaskQueue: taskQueue}, "nap", time.Hour)
	require.NoError(t, err)
	require.NoError(t, first.end(syscall.SIGTERM))

	second := launch(t, "--headless", "--db-postgres", url, "--shards", "4", "--search-attribute", "Urgency=Keyword")

	kept, err := second.client().DescribeWorkflowExecution(t.Context(), "kept", "")
	require.NoError(t, err)
	require.Equal(t, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, kept.WorkflowExecutionInfo.Status)
}

// cluster starts an empty Postgres from the binaries of this machine and returns
// the folder of its socket; it listens nowhere else.
func cluster(t *testing.T) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		require.Empty(t, os.Getenv("CI"), "CI must have Postgres")
		t.Skip("SKIPPED: no Postgres server binaries; install postgresql")
	}
	bin := filepath.Dir(found[len(found)-1])
	folder, err := os.MkdirTemp("", "pg") //nolint:usetesting // t.TempDir is closed to the account postgres, and too long for a socket
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	attributes := lowerRights(t, folder)
	data := filepath.Join(folder, "data")

	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-N")
	initdb.Dir, initdb.SysProcAttr = folder, attributes
	out, err := initdb.CombinedOutput()
	require.NoError(t, err, "%s", out)

	server := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=", "-F")
	server.Dir, server.SysProcAttr = folder, attributes
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGQUIT)
		_ = server.Wait()
	})
	require.Eventually(t, func() bool {
		ask := exec.Command(filepath.Join(bin, "pg_isready"), "-q", "-h", folder)
		return ask.Run() == nil
	}, patience, glance)
	return folder
}

// lowerRights lends root's tests the account postgres: Postgres refuses to be root.
func lowerRights(t *testing.T, folder string) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	account, err := user.Lookup("postgres")
	require.NoError(t, err)
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	require.NoError(t, err)
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	require.NoError(t, err)
	require.NoError(t, os.Chown(folder, int(uid), int(gid)))
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}
