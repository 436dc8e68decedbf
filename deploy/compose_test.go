package deploy_test

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"recourse/internal/config"
	"recourse/internal/vault"
)

// root is the folder of docker-compose.yml, seen from here.
const root = ".."

// project reads docker-compose.yml as compose does.
func project(t *testing.T) *types.Project {
	t.Helper()
	folder, err := filepath.Abs(root)
	require.NoError(t, err)
	p, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  folder,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(folder, "docker-compose.yml")}},
		Environment: types.Mapping{}, // nothing of this machine
	}, func(o *loader.Options) { o.SetProjectName("recourse", true) })
	require.NoError(t, err)
	return p
}

func service(t *testing.T, name string) types.ServiceConfig {
	t.Helper()
	s, err := project(t).GetService(name)
	require.NoError(t, err)
	return s
}

// environment of a service, as a process in it would read it.
func environment(s types.ServiceConfig) []string {
	var pairs []string
	for name, value := range s.Environment {
		if value != nil {
			pairs = append(pairs, name+"="+*value)
		}
	}
	slices.Sort(pairs)
	return pairs
}

// oneVersion is a tag that names one release of an image: digits with a dot.
var oneVersion = regexp.MustCompile(`^[^:@ ]+:v?\d+(\.\d+)+[\w.-]*$`)

func TestEveryImageIsPinnedToOneVersion(t *testing.T) {
	t.Parallel()
	for name, s := range project(t).Services {
		require.Regexp(t, oneVersion, s.Image, name)
	}
	for _, loose := range []string{"postgres", "postgres:latest", "postgres:15", "temporalio/ui:${TAG}"} {
		require.NotRegexp(t, oneVersion, loose)
	}
	dockerfile, err := os.ReadFile("Dockerfile")
	require.NoError(t, err)
	require.Contains(t, string(dockerfile), "FROM golang:1.26.8-")
	require.Contains(t, string(dockerfile), "FROM gcr.io/distroless/static-debian12:nonroot")
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	require.Contains(t, string(gomod), "\ngo 1.26.8\n", "the image builds with the release that go.mod names")
}

func TestEveryConditionCanComeTrue(t *testing.T) {
	t.Parallel()
	p := project(t)
	conditions := 0
	for name, s := range p.Services {
		for on, d := range s.DependsOn {
			conditions++
			other, err := p.GetService(on)
			require.NoError(t, err, "%s waits for %s", name, on)
			switch d.Condition {
			case types.ServiceConditionHealthy:
				require.NotNil(t, other.HealthCheck, "%s waits for the health of %s", name, on)
				require.NotEmpty(t, other.HealthCheck.Test)
				require.False(t, other.HealthCheck.Disable)
			case types.ServiceConditionCompletedSuccessfully:
				require.Contains(t, other.Restart, "on-failure", "%s waits for the end of %s, which never ends", name, on)
			default:
				t.Errorf("%s waits for %s to be %s, which says nothing of whether it can be used", name, on, d.Condition)
			}
		}
	}
	require.Greater(t, conditions, 8)
}

func TestWhatRunsOnIsWatchedAndComesBack(t *testing.T) {
	t.Parallel()
	for name, s := range project(t).Services {
		job := strings.HasPrefix(s.Restart, "on-failure")
		if !job {
			require.Equal(t, "unless-stopped", s.Restart, name)
		}
		if !job && name != "temporal-ui" { // nobody waits for it
			require.NotNil(t, s.HealthCheck, name)
		}
	}
	worker := service(t, "worker")
	require.Equal(t, 2, *worker.Deploy.Replicas)
	require.Greater(t, time.Duration(*worker.StopGracePeriod), config.Default().Worker.StopTimeout+10*time.Second)
}

func TestEveryMountedFileIsInTheRepository(t *testing.T) {
	t.Parallel()
	p := project(t)
	mounts := 0
	for name, s := range p.Services {
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeBind {
				mounts++
				require.FileExists(t, anyFile(t, v.Source), "%s mounts %s", name, v.Source)
				require.True(t, v.ReadOnly, "%s may not write %s", name, v.Source)
			} else {
				require.Contains(t, p.Volumes, v.Source, "%s", name)
			}
		}
		for _, secret := range s.Secrets {
			require.Contains(t, p.Secrets, secret.Source, name)
		}
	}
	require.Positive(t, mounts)
	require.FileExists(t, filepath.Join(root, service(t, "api").Build.Dockerfile))
	require.FileExists(t, filepath.Join("temporal", "dynamicconfig", filepath.Base(*service(t, "temporal").Environment["DYNAMIC_CONFIG_FILE_PATH"])))
}

// anyFile is the file itself, or one in the folder.
func anyFile(t *testing.T, path string) string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) == 0 {
		return path
	}
	return filepath.Join(path, entries[0].Name())
}

func TestNothingButTheAPIAndTheUIIsPublishedAndBothOnLoopback(t *testing.T) {
	t.Parallel()
	var published []string
	for name, s := range project(t).Services {
		require.Empty(t, s.NetworkMode, name)
		for _, port := range s.Ports {
			published = append(published, name)
			require.True(t, net.ParseIP(port.HostIP).IsLoopback(), "%s at %q", name, port.HostIP)
		}
	}
	slices.Sort(published)
	require.Equal(t, []string{"api", "temporal-ui"}, published)
}

func TestTemporalIsSetUpForGood(t *testing.T) {
	t.Parallel()
	require.Equal(t, "512", *service(t, "temporal").Environment["NUM_HISTORY_SHARDS"])
	require.Equal(t, "true", *service(t, "temporal-ui").Environment["TEMPORAL_DISABLE_WRITE_ACTIONS"])
	namespace := service(t, "temporal-namespace").Environment
	require.Equal(t, "720h", *namespace["RETENTION"])
	for _, name := range []string{"migrate", "api", "worker"} {
		env := service(t, name).Environment
		require.Equal(t, *namespace["TEMPORAL_NAMESPACE"], *env["RECOURSE_TEMPORAL__NAMESPACE"], name)
		require.Equal(t, *namespace["TEMPORAL_ADDRESS"], *env["RECOURSE_TEMPORAL__ADDRESS"], name)
	}
	server := service(t, "temporal").Image
	require.Equal(t, strings.TrimPrefix(server, "temporalio/server"), strings.TrimPrefix(service(t, "temporal-schema").Image, "temporalio/admin-tools"),
		"the tables are those of the server's release")
}

func TestEveryNameInTheEnvironmentIsTheConfigurations(t *testing.T) {
	t.Parallel()
	known := config.Names()
	for name, s := range project(t).Services {
		for variable := range s.Environment {
			if strings.HasPrefix(variable, "RECOURSE_") {
				require.Contains(t, known, variable, name)
			}
		}
	}
}

// makeSecrets runs the script as the operator does, into a folder of the test.
func makeSecrets(t *testing.T, folder string) string {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), "sh", "make-secrets.sh", folder).CombinedOutput()
	require.NoError(t, err, string(said))
	return string(said)
}

func TestTheSecretsAreMadeOnceAndAreNotInTheRepository(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "secrets")
	makeSecrets(t, folder)
	before := map[string][]byte{}
	for name, secret := range project(t).Secrets {
		require.Equal(t, filepath.Join("deploy", "secrets", name), relative(t, secret.File))
		content, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err, "make-secrets.sh makes every secret that is mounted")
		before[name] = content
		info, err := os.Stat(filepath.Join(folder, name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o444), info.Mode().Perm(), "users of containers are not the owner")
	}
	info, err := os.Stat(folder)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm(), "nobody else on the host gets in")
	require.NotEqual(t, before["postgres_password"], before["temporal_postgres_password"])

	require.NotContains(t, makeSecrets(t, folder), "made ", "a second master key would lose every text")
	for name, content := range before {
		again, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		require.Equal(t, content, again, name)
	}
	ignored, err := os.ReadFile(filepath.Join("secrets", ".gitignore"))
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(ignored, []byte("*\n")))
}

func relative(t *testing.T, path string) string {
	t.Helper()
	folder, err := filepath.Abs(root)
	require.NoError(t, err)
	rel, err := filepath.Rel(folder, path)
	require.NoError(t, err)
	return rel
}

func TestOurProcessesWouldStartWithWhatTheyAreGiven(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "secrets")
	makeSecrets(t, folder)
	for _, name := range []string{"migrate", "api", "worker"} {
		s := service(t, name)
		var environ []string
		for _, pair := range environment(s) {
			if at := strings.Index(pair, "=/run/secrets/"); at > 0 {
				secret := filepath.Base(pair)
				require.True(t, slices.ContainsFunc(s.Secrets, func(c types.ServiceSecretConfig) bool { return c.Source == secret }), "%s: %s", name, pair)
				pair = pair[:at+1] + filepath.Join(folder, secret)
			}
			environ = append(environ, pair)
		}
		c, err := config.Load("", environ)
		require.NoError(t, err, name)
		_, err = vault.ParseMaster(c.Vault.Key.Reveal())
		require.NoError(t, err, name)
		require.Contains(t, c.Database.URL.Reveal(), "@postgres:5432/recourse")
		require.True(t, s.ReadOnly, "%s writes no files", name)
		if name == "api" {
			_, port, err := net.SplitHostPort(c.HTTP.Listen)
			require.NoError(t, err)
			require.Equal(t, uint32(8080), s.Ports[0].Target)
			require.Equal(t, "8080", port)
		}
	}
}

func TestWhatPrometheusAndGrafanaReadIsWellFormed(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"prometheus/prometheus.yml", "prometheus/alerts.yml", "temporal/dynamicconfig/production.yaml"} {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		var tree map[string]any
		require.NoError(t, yaml.Unmarshal(content, &tree), file)
		require.NotEmpty(t, tree, file)
	}
	content, err := os.ReadFile("grafana/recourse.json")
	require.NoError(t, err)
	var dashboard struct {
		Panels []struct {
			ID      int
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(content, &dashboard))
	seen := map[int]bool{}
	for _, panel := range dashboard.Panels {
		require.False(t, seen[panel.ID], panel.Title)
		seen[panel.ID] = true
		require.NotEmpty(t, panel.Targets, panel.Title)
	}
}

func TestTheScriptsAreShell(t *testing.T) {
	t.Parallel()
	for _, script := range []string{"make-secrets.sh", "temporal/schema.sh", "temporal/server.sh", "temporal/namespace.sh"} {
		said, err := exec.CommandContext(t.Context(), "sh", "-n", script).CombinedOutput()
		require.NoError(t, err, "%s: %s", script, said)
	}
}
