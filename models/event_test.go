package models_test

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// write writes fixtures that do not stand yet. It never touches one that does: a fixture is what
// some release wrote, and stays as it is.
var write = flag.Bool("write", false, "write the fixtures of kinds and versions that have none")

var at = time.Date(2026, time.March, 2, 2, 0, 0, 123456000, time.UTC)

// filled gives every field of a kind's data a value, so that a fixture shows them all.
func filled(t *testing.T, k models.Kind) models.Data {
	t.Helper()
	d, err := models.ReadData(k, k.Version(), []byte("{}"))
	require.NoError(t, err)
	v := reflect.New(reflect.TypeOf(d)).Elem()
	fill(t, v)
	full, is := reflect.TypeAssert[models.Data](v)
	require.True(t, is)
	return full
}

func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(at.Add(time.Hour)))
		return
	}
	switch v.Kind() { //nolint:exhaustive // the kinds that events have; default tells of a new one
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0))
		fill(t, v.Index(1))
	case reflect.String:
		v.SetString("<" + strings.ToLower(v.Type().Name()) + " 文 & \u2028>")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
		if v.Type() == reflect.TypeFor[time.Duration]() {
			v.SetInt(int64(36*time.Hour + 7))
		}
	default:
		require.Failf(t, "nobody taught the test", "%s", v.Type())
	}
}

func fixture(t *testing.T, k models.Kind) models.Event {
	t.Helper()
	const caseID = "01930000-0000-7000-8000-000000000001"
	return models.Event{
		ID: models.EventID(caseID, 7, "cmd"), Case: caseID, Seq: 7, Cycle: 2, Kind: k, Version: k.Version(),
		Actor: models.Actor{
			Kind: models.ActorPerson, ID: "hal", Departments: []string{"repairs"},
			Roles: []models.Role{models.RoleHandler, models.RoleDepartmentHead},
		},
		Command: "cmd", DecidedAt: at, HappenedAt: at.Add(-time.Minute), Data: filled(t, k),
		Clocks: []models.ClockSpan{{Clock: models.ClockFeedback, StartedAt: at, Target: at.Add(24 * time.Hour), Limit: at.Add(48 * time.Hour)}},
		Texts:  []models.TextRef{{Name: "text", Ref: "t-1", Digest: strings.Repeat("0f", 32)}},
	}
}

func fixtureFile(k models.Kind, version int) string {
	return filepath.Join("testdata", "events", fmt.Sprintf("v%d", version), string(k)+".json")
}

func TestEveryEventEverWrittenIsReadAsTheSameStruct(t *testing.T) {
	t.Parallel()
	for _, k := range models.Kinds() {
		for version := 1; version <= k.Version(); version++ {
			current := version == k.Version()
			want := fixture(t, k)
			file := fixtureFile(k, version)
			body, err := os.ReadFile(file)
			if os.IsNotExist(err) && *write && current {
				body, err = models.Canonical(want)
				require.NoError(t, err)
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
				require.NoError(t, os.WriteFile(file, body, 0o644))
			}
			require.NoError(t, err, "kind %s has no fixture of version %d: go test ./models -write", k, version)
			got, err := models.Entry{Body: body}.Event()
			require.NoError(t, err)
			if !current {
				want.Version = version // an old version may know less; its own test says what it becomes
				require.Equal(t, want.Kind, got.Data.Kind())
				continue
			}
			require.Equal(t, want, got, "%s: a field was renamed or changed its form; add a version instead", file)
			again, err := models.Canonical(got)
			require.NoError(t, err)
			require.Equal(t, string(body), string(again), "%s: the bytes that are hashed have changed", file)
		}
	}
}

func TestEveryFixtureBelongsToAKnownKind(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "events", "v*", "*.json"))
	require.NoError(t, err)
	known := map[string]bool{}
	for _, k := range models.Kinds() {
		require.Positive(t, k.Version())
		for version := 1; version <= k.Version(); version++ {
			known[fixtureFile(k, version)] = true
		}
	}
	for _, f := range files {
		require.True(t, known[f], "%s: a kind once written is readable for ever", f)
	}
	require.Len(t, files, len(known))
}

func TestAVersionOfTheFutureIsRefused(t *testing.T) {
	t.Parallel()
	for _, version := range []int{0, -1, models.KindNoted.Version() + 1} {
		_, err := models.ReadData(models.KindNoted, version, []byte("{}"))
		require.ErrorContains(t, err, "not known to this release")
	}
	_, err := models.ReadData("juggled", 1, []byte("{}"))
	require.ErrorContains(t, err, "not known to this release")
}

func TestCanonicalBytesDependOnNothingButTheValue(t *testing.T) {
	t.Parallel()
	type one struct {
		B string         `json:"b"`
		A any            `json:"a"`
		N json.Number    `json:"n"`
		M map[string]int `json:"m"`
	}
	got, err := models.Canonical(one{B: "<&>文", A: []any{1, nil, true}, N: "9007199254740993", M: map[string]int{"z": 1, "a": 2}})
	require.NoError(t, err)
	require.Equal(t, `{"a":[1,null,true],"b":"<&>文","m":{"a":2,"z":1},"n":9007199254740993}`, string(got)) //nolint:testifylint // the very bytes, not their meaning
	again, err := models.Canonical(json.RawMessage(` { "n" : 9007199254740993, "m":{"z":1,"a":2}, "b":"\u003c\u0026>\u6587","a":[1,null,true] } `))
	require.NoError(t, err)
	require.Equal(t, string(got), string(again))
}

func TestTheChainIsSHA256OverTheHashBeforeAndTheBytes(t *testing.T) {
	t.Parallel()
	first := models.Chain(nil, []byte("abc"))
	require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hex.EncodeToString(first), "the known answer for abc")
	second := models.Chain(first, []byte("abc"))
	require.NotEqual(t, first, second)
	require.NotEqual(t, second, models.Chain(first, []byte("abd")))
}

func TestAnEventsIDIsThatOfItsPlaceAndCause(t *testing.T) {
	t.Parallel()
	id := models.EventID("c", 1, "cmd")
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, id)
	require.Equal(t, id, models.EventID("c", 1, "cmd"))
	for _, other := range []string{models.EventID("d", 1, "cmd"), models.EventID("c", 2, "cmd"), models.EventID("c", 1, "other")} {
		require.NotEqual(t, id, other)
	}
}
