package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestALicenceIsKnownByItsWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Apache License\n    Version 2.0, January 2004":                                                                                      "Apache-2.0",
		"Permission is hereby granted, free of\ncharge, to any person obtaining a copy of":                                                   "MIT",
		"Redistributions in binary form must reproduce the above\ncopyright notice":                                                          "BSD-2-Clause",
		"Redistributions in binary form must reproduce the above copyright notice … may be used to endorse or promote products derived from": "BSD-3-Clause",
		"All rights reserved.": "",
	} {
		require.Equal(t, want, licencesOf(text))
	}
}

func TestALockNamesWhatThePagesUse(t *testing.T) {
	t.Parallel()
	parts, err := locked([]byte(`{"packages": {"": {"name": "ours"}, "node_modules/b": {"version": "2", "license": "MIT", "dev": true}, "node_modules/@a/c": {"version": "1", "license": "MIT"}}}`))
	require.NoError(t, err)
	require.Equal(t, []part{{"@a/c", "1", "MIT"}, {"b", "2", "MIT (in tests only)"}}, parts)
	_, err = locked([]byte(`{"packages": {"node_modules/b": {"version": "2"}}}`))
	require.ErrorContains(t, err, "b: the lock names no licence")
}
