package main_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestATakenPortIsNamedAtOnceAndNoFileIsTouched(t *testing.T) {
	for _, flag := range []string{"--port", "--ui-port", "--metrics-port"} {
		t.Run(flag, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer listener.Close()
			port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
			folder := t.TempDir()

			code, stdout, stderr, took := refuse(t, "server", "start-dev", "--port", "0",
				"--db-filename", filepath.Join(folder, "temporal.db"), flag, port)

			require.Equal(t, 2, code)
			require.Empty(t, stdout)
			require.Equal(t, flag+" "+port+" is taken: another program listens there on 127.0.0.1\n", stderr)
			require.Less(t, took, time.Second)
			left, err := os.ReadDir(folder)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

func TestAFlagThatCannotWorkIsNamed(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct {
		args []string
		says string
	}{
		{[]string{"--nonsense", "1"}, "flag provided but not defined: --nonsense"},
		{[]string{"--port"}, "flag needs an argument: --port"},
		{[]string{"--port", "70000"}, `invalid value "70000" for flag --port: must be a number from 0 to 65535`},
		{[]string{"--ip", "nowhere"}, "--ip nowhere is not an IP address"},
		{[]string{"--ip", "192.0.2.1", "--port", "0"}, "--port 0 cannot be used on 192.0.2.1: cannot assign requested address"},
		{[]string{"--search-attribute", "Urgency"}, `invalid value "Urgency" for flag --search-attribute: must be Name=Type`},
		{[]string{"--search-attribute", "Urgency=Colour"}, `"Colour" is none of Keyword, `},
		{[]string{"--search-attribute", "WorkflowId=Keyword"}, "WorkflowId is a name Temporal keeps for itself"},
		{[]string{"--dynamic-config-value", "a.b=nope"}, "for flag --dynamic-config-value: must be key=JSON"},
		{[]string{"--log-level", "loud"}, "for flag --log-level: must be debug, info, warn, error or never"},
		{[]string{"--log-format", "xml"}, "--log-format xml is none of text, pretty and json"},
		{[]string{"--retention", "1m"}, "--retention 1m0s is too short"},
		{[]string{"--shards", "0"}, "--shards 0 is out of range: 1 to 16"},
		{[]string{"--port", "0", "--db-filename", "no/such/folder/t.db"}, "--db-filename no/such/folder/t.db cannot be used: no such file or directory"},
		{[]string{"--db-filename", "a", "--db-postgres", "b"}, "--db-postgres and --db-filename exclude each other"},
		{[]string{"--port", "0", "--db-postgres", "mysql://h/d"}, "--db-postgres must be a URL like postgres://user@host/database"},
		{[]string{"stray"}, `"stray" is not a flag`},
	} {
		t.Run(fmt.Sprint(fault.args), func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr, _ := refuse(t, append([]string{"server", "start-dev"}, fault.args...)...)
			require.Equal(t, 2, code)
			require.Empty(t, stdout)
			require.Contains(t, stderr, fault.says)
		})
	}
}

func TestASecondServerCannotHaveTheSameFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "temporal.db")
	launch(t, "--headless", "--db-filename", file)

	code, _, stderr, _ := refuse(t, "server", "start-dev", "--port", "0", "--db-filename", file)

	require.Equal(t, 2, code)
	require.Equal(t, "--db-filename "+file+" is taken: another server has it open\n", stderr)
}

func TestVersionAndHelpAreAnswered(t *testing.T) {
	t.Parallel()
	code, stdout, _, _ := refuse(t, "version")
	require.Zero(t, code)
	require.Regexp(t, `^server 1\.\d+\.\d+\nui 2\.\d+\.\d+\ngo1\.\S+\n$`, stdout)

	code, stdout, _, _ = refuse(t, "help")
	require.Zero(t, code)
	require.Contains(t, stdout, "--parent-pid")
}
