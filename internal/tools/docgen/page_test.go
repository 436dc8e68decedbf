package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

func TestThePageInDocsIsCurrent(t *testing.T) {
	t.Parallel()
	onDisk, err := os.ReadFile("../../../docs/case-states.md")
	require.NoError(t, err)
	require.Equal(t, page(), string(onDisk), "stale: go generate ./models/...")
}

func TestThePageNamesEveryStateEveryVerbAndWhoMay(t *testing.T) {
	t.Parallel()
	p := page()
	for _, s := range models.States() {
		require.Contains(t, p, "\n| "+code(s)+" |")
		require.NotEmpty(t, meaning[s], s)
	}
	require.Len(t, meaning, len(models.States()))
	for _, v := range models.Verbs() {
		require.Contains(t, p, "\n| "+code(v)+" |")
		require.NotEmpty(t, who(v), v)
	}
	for _, r := range []models.Role{models.RoleSupervisor, models.RoleHandler, models.RoleQuality} {
		require.Contains(t, p, string(r)+" (")
	}
}

func TestThePageSaysEverythingThatHappensByItself(t *testing.T) {
	t.Parallel()
	told := map[lifecycle.DueKind]bool{}
	for _, it := range byItself() {
		told[it.kind] = true
		require.Contains(t, page(), it.says)
		for _, from := range it.from {
			require.True(t, it.to == "" || models.MayBecome(from, it.to), "%s → %s", from, it.to)
		}
	}
	for _, k := range []lifecycle.DueKind{
		lifecycle.DueBreach, lifecycle.DueRung, lifecycle.DueUnacked, lifecycle.DueSurvey, lifecycle.DueClose, lifecycle.DueArchive,
	} {
		require.True(t, told[k], k)
	}
}

func TestTheDiagramDrawsEveryChangeOfStateOnce(t *testing.T) {
	t.Parallel()
	arrows := map[string]int{}
	for line := range strings.Lines(page()) {
		if change, _, is := strings.Cut(strings.TrimSpace(line), ":"); is && strings.Contains(change, " --> ") {
			arrows[change]++
		}
	}
	for _, m := range models.Law() {
		for _, from := range m.From {
			for _, to := range m.To {
				if from != to {
					require.Equal(t, 1, arrows[node(from)+" --> "+string(to)], "%s while %s", m.Verb, from)
				}
			}
		}
	}
}
