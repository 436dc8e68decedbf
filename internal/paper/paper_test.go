package paper_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/paper"
)

func TestAPageComesOutAsItAsksTo(t *testing.T) {
	t.Parallel()
	pdf, err := paper.New("").Print(t.Context(), []byte(`<!doctype html><html><head><meta charset="utf-8">
<style>@page { size: 100mm 50mm } .then { break-before: page }</style></head>
<h1>投诉月报</h1><p class="then">second</p><script>document.body.innerHTML = ""</script>`))
	if err == paper.ErrNone { //nolint:errorlint // nothing may wrap it
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED: ", err)
	}
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-")))
	require.Equal(t, 2, bytes.Count(pdf, []byte("/Type /Page\n")), "its own breaks, and no script took them away")
	require.Equal(t, 2, bytes.Count(pdf, []byte("/MediaBox [0 0 28")), "a hundred millimetres are 283 points")
}

func TestWithoutAChromiumItSaysSo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := paper.New("").Print(t.Context(), []byte("<p>page"))
	require.ErrorIs(t, err, paper.ErrNone)
	_, err = paper.New(filepath.Join(t.TempDir(), "chromium")).Print(t.Context(), []byte("<p>page"))
	require.ErrorIs(t, err, paper.ErrNone)
}

func TestWhatAChromiumSaysIsTheReason(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "chromium")
	require.NoError(t, os.WriteFile(broken, []byte("#!/bin/sh\necho the disk is full >&2\nexit 1\n"), 0o700))
	_, err := paper.New(broken).Print(t.Context(), []byte("<p>page"))
	require.ErrorContains(t, err, "the disk is full")
	require.NoError(t, os.WriteFile(broken, []byte("#!/bin/sh\nexit 0\n"), 0o700))
	_, err = paper.New(broken).Print(t.Context(), []byte("<p>page"))
	require.ErrorContains(t, err, "nothing came out")
}

func TestWhoeverLeavesDoesNotWait(t *testing.T) {
	t.Parallel()
	slow := filepath.Join(t.TempDir(), "chromium")
	require.NoError(t, os.WriteFile(slow, []byte("#!/bin/sh\nexec sleep 60\n"), 0o700))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := paper.New(slow).Print(ctx, []byte("<p>page"))
	require.ErrorIs(t, err, context.Canceled)
}
