package rig

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/testsuite"

	"recourse/internal/engine"
)

// Namespace of the tests.
const Namespace = "default"

var temporal = sync.OnceValues(func() (*testsuite.DevServer, error) {
	program := Program("recourse-devserver")
	if _, err := os.Stat(program); err != nil {
		return nil, fmt.Errorf("%s is not built; run `make devserver`", program)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return testsuite.StartDevServer(ctx, testsuite.DevServerOptions{
		ExistingPath:  program,
		ClientOptions: &client.Options{Namespace: Namespace},
		LogLevel:      "error",
		Stdout:        io.Discard,
		ExtraArgs:     []string{"--parent-pid", strconv.Itoa(os.Getpid())},
	})
})

// Temporal returns the address of a Temporal server that all tests of the process share. It ends
// with the process.
func Temporal(t testing.TB) string {
	t.Helper()
	server, err := temporal()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED: ", err)
	}
	return server.FrontendHostPort()
}

// Program returns the path of one of our own programs as built by make.
func Program(name string) string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "bin", name)
}

// prepared makes sure once per process that the server knows our search attributes.
var prepared sync.Once

func prepare(t testing.TB, e *engine.Engine) {
	t.Helper()
	prepared.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := e.Prepare(ctx, Namespace); err != nil {
			t.Fatal(err)
		}
	})
}
