#!/usr/bin/env bash
# Runs tests, keeps their events in bin/test, and closes with the slowest and the counts.
#   test.sh all | unit | postgres | e2e | browser | replay
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?all, unit, postgres, e2e, browser or replay}
events=$PWD/bin/test/$what
rm -rf "$events"
mkdir -p "$events"
failed=0

# run NAME MODULE ARGUMENTS… runs go test in a module. A failure waits for the rest to be told.
run() {
	local name=$1 module=$2
	shift 2
	printf '\n== %s\n' "$name"
	(cd "$module" && gotestsum --format pkgname --format-hide-empty-pkg \
		--jsonfile "$events/$name.json" -- -timeout 35m "$@") || failed=1
}

# packages PATTERN lists the root module's packages below a folder; none is not a fault.
packages() {
	go list "$@" 2>/dev/null
}

unit() {
	local all
	all=$(go list ./... | grep -v -e '^recourse/e2e$' -e '^recourse/e2e/')
	# shellcheck disable=SC2086 # a list of packages
	run unit . "$@" $all
}

# One at a time: these start whole programs, kill them, and look at clocks.
e2e() {
	if [[ -z $(packages ./e2e/...) ]]; then
		echo "no end-to-end tests yet: there is no e2e/"
		return
	fi
	run e2e . -count=1 -p 1 ./e2e
}

# The console in a real chromium; -v, because what they count is worth reading.
browser() {
	run browser . -count=1 -v ./e2e/browser
	printf '\n'
	awk -F'"Output":"' '/"Action":"output"/ && /_test.go:[0-9]+: [0-9]+ / { sub(/\\n"}$/, "", $2); sub(/^ *[a-z_]+.go:[0-9]+: /, "", $2); print "   " $2 }' "$events/browser.json"
}

devserver() {
	run devserver devserver "$@" ./...
}

# CI=true: asked for by name, a missing Postgres is a failure and not a skip.
postgres() {
	export CI=true
	run pgtest . -count=1 ./internal/pgtest/...
	local all
	all=$(go list ./... | grep -v -e '^recourse/e2e$' -e '^recourse/e2e/' -e '^recourse/internal/pgtest')
	# shellcheck disable=SC2086 # a list of packages
	run postgres . -count=1 -run Postgres $all
}

replay() {
	if [[ -z $(packages ./workflows/...) ]]; then
		echo "no histories to replay yet: there is no workflows/"
		return
	fi
	run replay . -count=1 -run Replay ./workflows/...
}

slowest() {
	printf '\n== the twenty slowest tests\n'
	cat "$events"/*.json | gotestsum tool slowest --threshold 0s --num 20
}

# counts adds up what each run said: a test is what has a name, subtests included.
counts() {
	cat "$events"/*.json | awk -v seconds="$SECONDS" '
		/"Test":/ && /"Action":"pass"/ { passed++ }
		/"Test":/ && /"Action":"skip"/ { skipped++ }
		/"Test":/ && /"Action":"fail"/ { failed++ }
		!/"Test":/ && /"Action":"fail"/ { packages++ }
		END {
			printf "\nDONE in all: %d tests passed, %d skipped, %d failed", passed, skipped, failed
			if (packages) printf " in %d packages", packages
			printf "; %d s\n", seconds
		}'
}

case $what in
all)
	unit -count=1
	e2e
	browser
	devserver -count=1
	;;
unit)
	unit
	devserver
	;;
postgres | e2e | browser | replay) "$what" ;;
*)
	echo "test.sh all, unit, postgres, e2e, browser or replay, not $what" >&2
	exit 2
	;;
esac

if compgen -G "$events/*.json" >/dev/null; then
	slowest
	counts
fi
exit "$failed"
