package pgtest_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/pgtest"
)

// A test binary started with this variable holds a server until it is killed.
const envHold = "PGTEST_HOLD"

func TestMain(m *testing.M) {
	if os.Getenv(envHold) == "" {
		os.Exit(m.Run())
	}
	cluster, err := pgtest.Start("")
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println(cluster.Socket, cluster.Port)
	select {} // the test kills us
}

func TestAKilledProcessLeavesNeitherServerNorFolder(t *testing.T) {
	t.Parallel()
	needsServer(t)
	holder := exec.CommandContext(t.Context(), os.Args[0])
	holder.Env = append(os.Environ(), envHold+"=1")
	out, err := holder.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, holder.Start())

	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	folder, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	server := serverIn(t, folder)

	require.NoError(t, holder.Process.Kill())
	require.Error(t, holder.Wait())
	require.Eventually(t, func() bool { return !lives(server) }, 10*time.Second, 20*time.Millisecond)
	require.Eventually(t, func() bool { return !exists(folder) }, 10*time.Second, 20*time.Millisecond)
}

func TestAStoppedServerKeepsItsDataAndNothingElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cluster := start(t, dir)
	execute(t, cluster.URL, "CREATE TABLE letters AS SELECT 7 AS id")
	server := serverIn(t, dir)

	require.NoError(t, cluster.Stop())
	require.NoError(t, cluster.Stop(), "stopping twice is as good as once")
	require.False(t, lives(server))
	require.False(t, exists(cluster.Socket))

	again := start(t, dir)
	require.Equal(t, "7", ask(t, again.URL, "SELECT id::text FROM letters"))
}

func TestAKilledServerRecoversWhatItHadCommitted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cluster := start(t, dir)
	execute(t, cluster.URL, "CREATE TABLE letters AS SELECT 7 AS id")

	require.NoError(t, cluster.Kill())
	require.NoError(t, cluster.Stop(), "there is nothing left to stop")

	again := start(t, dir)
	require.Equal(t, "7", ask(t, again.URL, "SELECT id::text FROM letters"))
	log, err := os.ReadFile(dir + "/log")
	require.NoError(t, err)
	require.Contains(t, string(log), "was not properly shut down", "it was a crash")
}

func TestTheSocketNeedsNoPasswordAndThePortDoes(t *testing.T) {
	t.Parallel()
	cluster := start(t, "")
	socket := fmt.Sprintf("postgres://postgres@/postgres?host=%s&port=%d", cluster.Socket, cluster.Port)
	require.Equal(t, "on", ask(t, socket, "SELECT current_setting('fsync')"))
	folder, err := os.Stat(cluster.Socket)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), folder.Mode().Perm(), "so strangers must not get at it")

	stranger := fmt.Sprintf("postgres://postgres:guess@127.0.0.1:%d/postgres?sslmode=disable", cluster.Port)
	require.ErrorContains(t, connect(t, stranger), "password authentication failed")
}

func TestMoreSettingsComeAfterOurs(t *testing.T) {
	t.Parallel()
	cluster := start(t, "", "shared_buffers=48MB")
	require.Equal(t, "48MB", ask(t, cluster.URL, "SELECT current_setting('shared_buffers')"))
}

func TestAServerThatCannotStartTellsWhyAndLeavesNothing(t *testing.T) {
	t.Parallel()
	needsServer(t)
	dir := t.TempDir()
	_, err := pgtest.Start(dir, "no_such_setting=1")
	require.ErrorContains(t, err, `unrecognized configuration parameter "no_such_setting"`)
	require.False(t, exists(dir+"/data/postmaster.pid"))
}

func TestDatabasesAreMadeOnTheServerTheEnvironmentNames(t *testing.T) {
	t.Parallel()
	cluster := start(t, "")
	execute(t, cluster.URL, "CREATE DATABASE recourse_test_20010203040506_left")
	execute(t, cluster.URL, "CREATE DATABASE recourse_testimony")

	child := exec.CommandContext(t.Context(), os.Args[0], "-test.v",
		"-test.run=^(TestADatabaseIsFreshAndOfItsOwn|TestATemplateIsMigratedOnce.*)$")
	child.Env = append(os.Environ(), pgtest.EnvURL+"="+cluster.URL)
	out, err := child.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: TestADatabaseIsFreshAndOfItsOwn")

	require.Equal(t, "0", ask(t, cluster.URL, "SELECT count(*)::text FROM pg_database WHERE datname LIKE '%left'"),
		"what a killed process left long ago is swept")
	require.Equal(t, "recourse_testimony", ask(t, cluster.URL,
		"SELECT string_agg(datname, ' ') FROM pg_database WHERE datallowconn AND datname LIKE 'recourse%'"),
		"databases went with their tests, and a stranger's stays")
}

// start runs a server that ends with t at the latest.
func start(t *testing.T, dir string, settings ...string) *pgtest.Cluster {
	t.Helper()
	needsServer(t)
	cluster, err := pgtest.Start(dir, settings...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Stop()) })
	return cluster
}

// needsServer skips, or in CI fails, where there is nothing to start.
func needsServer(t *testing.T) {
	t.Helper()
	pgtest.URL(t)
}

// serverIn waits for the server's own process id, which the lock file names.
func serverIn(t *testing.T, dir string) int {
	t.Helper()
	lock, err := os.ReadFile(dir + "/data/postmaster.pid")
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(lock), "\n")
	pid, err := strconv.Atoi(line)
	require.NoError(t, err)
	require.True(t, lives(pid))
	return pid
}

func lives(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
