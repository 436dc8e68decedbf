package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/config"
	"recourse/models"
)

// write puts content into a file of its own and returns the path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// refuse loads what must not pass and returns the faults.
func refuse(t *testing.T, file string, environ ...string) config.Faults {
	t.Helper()
	_, err := config.Load(file, environ)
	var faults config.Faults
	require.ErrorAs(t, err, &faults)
	return faults
}

func TestNothingGivenIsEnoughToStart(t *testing.T) {
	t.Parallel()
	c, err := config.Load("", []string{"PATH=/usr/bin", "HOME=/", "RECOURSE=1"})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", c.HTTP.Listen)
	require.Equal(t, "http://127.0.0.1:8080", c.HTTP.PublicURL)
	require.Equal(t, "sqlite://data/recourse.db", c.Database.URL.Reveal())
	require.Equal(t, models.LanguageZH, c.Company.Language)
	require.Equal(t, "Asia/Shanghai", c.Company.Zone)
	require.Equal(t, 500, c.Worker.StickyCache)
	require.Equal(t, 50*time.Millisecond, c.Intake.InlineWait)
	require.False(t, c.Mail.On())
	require.False(t, c.Temporal.TLS.On())
	require.Equal(t, filepath.Join("data", "files"), c.Files.Dir)
	require.Equal(t, 20<<20, c.Files.MaxSize)
}

func TestAttachmentsLieBesideTheRecord(t *testing.T) {
	t.Parallel()
	for given, dir := range map[string]string{
		"RECOURSE_DATABASE__URL=sqlite:///srv/care/recourse.db": "/srv/care/files",
		"RECOURSE_DATABASE__URL=postgres://db/recourse":         "data/files",
		"RECOURSE_FILES__DIR=/mnt/files":                        "/mnt/files",
	} {
		c, err := config.Load("", []string{given})
		require.NoError(t, err)
		require.Equal(t, filepath.FromSlash(dir), c.Files.Dir, given)
	}
	require.ErrorContains(t, refuse(t, "", "RECOURSE_FILES__MAX_SIZE=1000000000"), "RECOURSE_FILES__MAX_SIZE")
	require.ErrorContains(t, refuse(t, "", "RECOURSE_FILES__MAX_CASE=0"), "RECOURSE_FILES__MAX_CASE")
}

func TestTheFileLiesOverTheDefaultsAndTheEnvironmentOverBoth(t *testing.T) {
	t.Parallel()
	file := write(t, "recourse.yaml", `
temporal:
  address: temporal:7233
  namespace: recourse
company: {language: en, name: Example Ltd}
worker:
  stop_timeout: 40s
intake:
  inline_starts: 0
mail: # not yet
sweep:
  every:
`)
	c, err := config.Load("", []string{"RECOURSE_CONFIG=" + file, "RECOURSE_TEMPORAL__NAMESPACE=other", "RECOURSE_HTTP__PUBLIC_URL=https://care.example.com/"})
	require.NoError(t, err)
	require.Equal(t, "temporal:7233", c.Temporal.Address)
	require.Equal(t, "other", c.Temporal.Namespace)
	require.Equal(t, "UTC", c.Company.Zone, "the zone goes with the language")
	require.Equal(t, "Example Ltd", c.Company.Name)
	require.Equal(t, 40*time.Second, c.Worker.StopTimeout)
	require.Zero(t, c.Intake.InlineStarts)
	require.Equal(t, 5*time.Minute, c.Sweep.Every, "a key without a value is not given")
	require.Equal(t, "https://care.example.com", c.HTTP.PublicURL, "paths are put behind it")

	c, err = config.Load(write(t, "flag.yaml", "company: {zone: Europe/Berlin}"), []string{"RECOURSE_CONFIG=" + file})
	require.NoError(t, err)
	require.Equal(t, "Europe/Berlin", c.Company.Zone)
	require.Equal(t, "127.0.0.1:7233", c.Temporal.Address, "the command line names the file, the variable does not add another")
}

func TestEveryFaultIsToldAtOnceUnderTheNameThatWasTyped(t *testing.T) {
	t.Parallel()
	file := write(t, "recourse.yaml", `http:
  listen: nowhere
  colour: red
temporal:
  tls: yes
  address: [a, b]
worker:
  stop_timeout: soon
worker:
  activities: 1
relay: {poll: 0s}
mail: {address: "smtp.example.com:587", from: nobody, username: u}
unheard: {of: 1}
`)
	faults := refuse(t, file, "RECOURSE_COMPANY__LANGUAGE=fr", "RECOURSE_WORKER__STICKY_CACHE=many", "RECOURSE_LOG__LEVEL=loud",
		"RECOURSE_SPEED=9", "RECOURSE_http__listen=:1", "RECOURSE_DATABASE__URL=mysql://root:hunter2@db/x")
	require.ElementsMatch(t, []string{
		file + ":2: http.listen: is not host:port, such as 127.0.0.1:8080",
		file + ":3: http.colour: there is no such key",
		file + ":5: temporal.tls: has keys below it, so it cannot be a value",
		file + ":6: temporal.address: is one value, so it cannot have anything below it",
		file + ":8: worker.stop_timeout: is not a duration such as 500ms, 25s or 5m",
		file + ":9: worker: stands here for the second time",
		file + ":11: relay.poll: must be longer than nothing",
		file + ":12: mail.from: is not a mail address such as Care <care@example.com>",
		"RECOURSE_MAIL__PASSWORD (not given): is needed with mail.username",
		file + ":13: unheard: there is no such key",
		"RECOURSE_COMPANY__LANGUAGE: is none of zh-CN, en",
		"RECOURSE_WORKER__STICKY_CACHE: is not a whole number",
		"RECOURSE_LOG__LEVEL: is none of debug, info, warn, error",
		"RECOURSE_SPEED: there is no such key",
		"RECOURSE_http__listen: there is no such key",
		"RECOURSE_DATABASE__URL: is neither sqlite://path nor postgres://user@host/name",
	}, []string(faults))
	require.NotContains(t, faults.Error(), "hunter2")
}

func TestAFaultIsToldOnce(t *testing.T) {
	t.Parallel()
	faults := refuse(t, "", "RECOURSE_HTTP__LISTEN=nowhere", "RECOURSE_ADMIN__LISTEN=nowhere")
	require.Len(t, faults, 2, "one each, though they are also the same")
	_, err := config.Load("", []string{"RECOURSE_ADMIN__LISTEN="})
	require.NoError(t, err, "nobody needs to be watched")
}

func TestWhatDoesNotGoTogetherIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, environ, want string }{
		{"two doors on one port", "RECOURSE_ADMIN__LISTEN=127.0.0.1:8080", "RECOURSE_ADMIN__LISTEN: is the address of http.listen"},
		{"a certificate without its key", "RECOURSE_TEMPORAL__TLS__CERT=config.go", "RECOURSE_TEMPORAL__TLS__KEY (not given): is needed"},
		{"a file that is not there", "RECOURSE_TEMPORAL__TLS__CA=gone.pem", "RECOURSE_TEMPORAL__TLS__CA: cannot read the file"},
		{"no master key at all", "RECOURSE_VAULT__KEY_FILE=", "RECOURSE_VAULT__KEY_FILE: is empty"},
		{"a password in the clear", "RECOURSE_MAIL__ADDRESS=mx.example.com:25 RECOURSE_MAIL__FROM=a@b.c RECOURSE_MAIL__TLS=none RECOURSE_MAIL__USERNAME=u RECOURSE_MAIL__PASSWORD=p", "RECOURSE_MAIL__TLS: is none, which"},
		{"an unknown zone", "RECOURSE_COMPANY__ZONE=Mars/Olympus", "RECOURSE_COMPANY__ZONE: is not a time zone"},
		{"the machine's zone", "RECOURSE_COMPANY__ZONE=Local", "RECOURSE_COMPANY__ZONE: is not a time zone"},
		{"a name that breaks headers", "RECOURSE_COMPANY__NAME=a\rBcc:x", "RECOURSE_COMPANY__NAME: must be one line"},
		{"one workflow task", "RECOURSE_WORKER__WORKFLOW_TASKS=1", "RECOURSE_WORKER__WORKFLOW_TASKS: must be at least 2"},
		{"a link to nowhere", "RECOURSE_HTTP__PUBLIC_URL=care.example.com", "RECOURSE_HTTP__PUBLIC_URL: is not a web address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			faults := refuse(t, "", strings.Split(tt.environ, " ")...)
			require.Len(t, faults, 1)
			require.Contains(t, faults[0], tt.want)
		})
	}
}

func TestASecretIsReadFromAFileOfItsOwn(t *testing.T) {
	t.Parallel()
	file := write(t, "url", "postgres://app:hunter2@db/recourse\n")
	c, err := config.Load("", []string{"RECOURSE_DATABASE__URL__FILE=" + file})
	require.NoError(t, err)
	require.Equal(t, "postgres://app:hunter2@db/recourse", c.Database.URL.Reveal())

	both := "RECOURSE_DATABASE__URL: is given both as it is and by RECOURSE_DATABASE__URL__FILE; which one holds?"
	require.Equal(t, config.Faults{both}, refuse(t, "", "RECOURSE_DATABASE__URL__FILE="+file, "RECOURSE_DATABASE__URL=sqlite://x"))
	require.Equal(t, config.Faults{both}, refuse(t, "", "RECOURSE_DATABASE__URL=sqlite://x", "RECOURSE_DATABASE__URL__FILE="+file))

	faults := refuse(t, "", "RECOURSE_VAULT__KEY__FILE=hunter2", "RECOURSE_MAIL__PASSWORD__FILE="+write(t, "empty", ""), "RECOURSE_LOG__LEVEL__FILE=x")
	require.Len(t, faults, 3, "only secrets have files")
	require.NotContains(t, faults.Error(), "hunter2", "somebody typed the secret where its file belongs")
}

func TestTheTestsOwnNamesAreNotOurs(t *testing.T) {
	t.Parallel()
	_, err := config.Load("", []string{"RECOURSE_TEST_DATABASE_URL=postgres://x", "RECOURSE_TEST_ANYTHING=1"})
	require.NoError(t, err)
}

func TestAFileThatCannotBeReadIsAFault(t *testing.T) {
	t.Parallel()
	require.Contains(t, refuse(t, "gone.yaml")[0], "--config: ")
	require.Contains(t, refuse(t, "", "RECOURSE_CONFIG=gone.yaml")[0], "RECOURSE_CONFIG: ")
	require.Contains(t, refuse(t, write(t, "broken.yaml", "a: [1"))[0], "broken.yaml: ")
	require.Contains(t, refuse(t, write(t, "two.yaml", "log: {level: info}\n---\nlog: {level: debug}\n"))[0], "more than one document")
	require.Contains(t, refuse(t, write(t, "list.yaml", "- a\n"))[0], "list.yaml:1: ")
	_, err := config.Load(write(t, "comments.yaml", "# nothing yet\n"), nil)
	require.NoError(t, err)
}

func TestPrintTellsNoSecretAndIsReadAgain(t *testing.T) {
	t.Parallel()
	c, err := config.Load("", []string{
		"RECOURSE_DATABASE__URL=postgres://app:hunter2@db/recourse?password=hunter2", "RECOURSE_VAULT__KEY=hunter2",
		"RECOURSE_MAIL__ADDRESS=mx:25", "RECOURSE_MAIL__FROM=a@b.c", "RECOURSE_MAIL__USERNAME=u", "RECOURSE_MAIL__PASSWORD=hunter2",
		`RECOURSE_COMPANY__NAME=Ex "ample": 有限公司`,
	})
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, c.Print(&out))
	require.NotContains(t, out.String(), "hunter2")
	require.Contains(t, out.String(), "  tls:\n    cert: \"\"\n")

	again, err := config.Load(write(t, "printed.yaml", out.String()), nil)
	require.NoError(t, err)
	require.Equal(t, c.Company, again.Company)
	require.Equal(t, c.Worker, again.Worker)
	require.Equal(t, c.Temporal, again.Temporal)

	asJSON, err := json.Marshal(c)
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", c, c, c, asJSON), "hunter2")
	require.Equal(t, "[redacted]", config.Secret("host=db password=x").String())
}

func TestEveryKeyHasANameInTheEnvironment(t *testing.T) {
	t.Parallel()
	names := config.Names()
	require.Contains(t, names, "RECOURSE_CONFIG")
	require.Contains(t, names, "RECOURSE_TEMPORAL__TLS__CERT")
	require.Contains(t, names, "RECOURSE_DATABASE__URL__FILE")
	require.NotContains(t, names, "RECOURSE_LOG__LEVEL__FILE")
	seen := map[string]bool{}
	for _, name := range names {
		require.Regexp(t, `^RECOURSE_(CONFIG|[A-Z]+(__[A-Z]+(_[A-Z]+)*)+)$`, name)
		require.False(t, seen[name], name)
		seen[name] = true
	}
}
