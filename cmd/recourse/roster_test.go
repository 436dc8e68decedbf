package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/store"
	"recourse/models"
)

const nights = "zone: Asia/Shanghai\nstart: 2026-11-23\nhand_over: 09:00\nturn_days: 7\npeople: [may, mo]\n"

func TestARosterIsShownSetAndSwapped(t *testing.T) {
	t.Parallel()
	record, err := store.Open(t.Context(), "sqlite://"+t.TempDir()+"/r.db", store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, record.Close()) })
	require.NoError(t, record.Migrate(t.Context()))
	now := time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)
	for _, id := range []string{"may", "mo", "sue"} {
		require.NoError(t, record.PutPerson(t.Context(), models.Person{
			ID: id, Name: id, Language: models.LanguageEN, Roles: []models.Role{models.RoleEscalationManager}, CreatedAt: now,
		}))
	}
	service := cases.New(cases.Config{Store: record, Now: func() time.Time { return now }})
	manager := models.RoleEscalationManager
	var out bytes.Buffer
	show := func() string {
		out.Reset()
		require.NoError(t, showRosters(t.Context(), service, &out, manager, ""))
		return out.String()
	}

	require.NoError(t, showRosters(t.Context(), service, &out, "", ""))
	require.Contains(t, out.String(), "there is no roster")
	roster, err := readRoster(written(t, "r.yaml", nights))
	require.NoError(t, err)
	require.NoError(t, putRoster(t.Context(), service, &out, cases.RosterWish{Role: manager, Roster: roster, Reason: "nights"}))
	require.Contains(t, show(), "escalation_manager, version 1 by host: nights")
	require.Regexp(t, `2026-11-30T09:00:00\+08:00 +may +now`, show())

	swap := cases.DutySwap{Person: "sue", From: now.Add(-time.Hour), Until: now.Add(time.Hour)}
	require.NoError(t, swapDuty(t.Context(), service, &out, cases.RosterWish{Role: manager, Reason: "a favour"}, swap))
	require.Regexp(t, `sue +swapped now`, show())
	require.Contains(t, show(), "version 2")

	swap.Person = "nobody"
	require.ErrorContains(t, swapDuty(t.Context(), service, &out, cases.RosterWish{Role: manager, Reason: "a favour"}, swap), "nobody")
	require.ErrorContains(t, putRoster(t.Context(), service, &out, cases.RosterWish{Role: "cook", Roster: roster, Reason: "r"}), `"cook"`)
	require.Contains(t, show(), "version 2", "what was refused changed nothing")

	roster.People = nil
	out.Reset()
	require.NoError(t, putRoster(t.Context(), service, &out, cases.RosterWish{Role: manager, Roster: roster, Reason: "no more"}))
	require.Contains(t, out.String(), "has ended")
	require.Error(t, showRosters(t.Context(), service, &out, manager, ""))
}

func TestAFileThatIsNoRosterIsRefused(t *testing.T) {
	t.Parallel()
	for says, content := range map[string]string{
		"field nurse not found": nights + "nurse: may\n",
		"r.yaml":                "[]",
		"EOF":                   "",
	} {
		_, err := readRoster(written(t, "r.yaml", content))
		require.ErrorContains(t, err, says)
	}
}
