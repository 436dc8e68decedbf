#!/usr/bin/env bash
# Everything that reads the code without running it. Tells all faults, then fails.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

# step TEXT COMMAND…
step() {
	printf '== %s\n' "$1"
	shift
	"$@" || failed=1
}

devserver() {
	(cd devserver && golangci-lint run --config ../.golangci.yml ./...)
}

# The SDK's own check of what a workflow may call; the arrows test has the imports.
determinism() {
	if [[ ! -d workflows ]]; then
		echo "no workflows/ yet"
		return
	fi
	workflowcheck -config hack/workflowcheck.yaml ./workflows/...
}

# What neither a program nor a test reaches. Without a program everything would be dead.
deadcode_() {
	if [[ ! -d cmd/recourse ]]; then
		echo "no cmd/recourse yet"
		return
	fi
	local dead
	dead=$(deadcode -test ./...) || return 1
	[[ -z $dead ]] || {
		echo "$dead"
		return 1
	}
}

scripts() {
	if ! command -v shellcheck >/dev/null; then
		echo "NOT CHECKED: shellcheck is not installed here"
		return
	fi
	shellcheck --severity=warning hack/*.sh .ci/run
}

step "golangci-lint" golangci-lint run ./...
step "golangci-lint in devserver" devserver
step "workflowcheck" determinism
step "deadcode" deadcode_
step "shellcheck" scripts
exit "$failed"
