#!/usr/bin/env bash
# Proves what nobody should have to remember: generated files are current,
# migrations are paired, the tree is lean and clean. Tells all faults, then fails.
set -euo pipefail
cd "$(dirname "$0")/.."
faults=0

fault() {
	echo "FAULT: $*"
	faults=$((faults + 1))
}

tidy() {
	local module diff
	for module in . devserver; do
		diff=$(cd "$module" && go mod tidy -diff 2>&1) || {
			head -n 30 <<<"$diff"
			fault "$module/go.mod is not tidy: run go mod tidy there"
		}
	done
}

# fingerprints of all that git knows or would add: works on a dirty tree too.
fingerprints() {
	git ls-files -co --exclude-standard -z | sort -zu | xargs -0 sha256sum -- 2>/dev/null || true
}

generated() {
	local before after
	before=$(fingerprints)
	go generate ./... || fault "go generate failed"
	after=$(fingerprints)
	diff <(echo "$before") <(echo "$after") || fault "generated files were not current; they are now: commit them"
}

# numbers of the migrations for one database.
numbers() {
	find "internal/store/migrations/$1" -name '*.sql' | sed -E 's|.*/([0-9]+)_[^/]*$|\1|' | sort
}

migrations() {
	if [[ ! -d internal/store/migrations ]]; then
		echo "no migrations yet"
		return
	fi
	diff <(numbers sqlite) <(numbers postgres) || fault "migrations come in pairs, with the same numbers"
	[[ -z $(numbers sqlite | uniq -d) ]] || fault "two migrations have one number: $(numbers sqlite | uniq -d)"
	echo "$(numbers sqlite | wc -l) pairs"
}

modules() {
	if [[ ! -d cmd/recourse ]]; then
		echo "no cmd/recourse yet"
		return
	fi
	local linked
	linked=$(go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}' ./cmd/recourse | grep . | sort -u | wc -l)
	echo "cmd/recourse links $linked modules"
	((linked <= 100)) || fault "cmd/recourse links more than 100 modules"
}

# The brackets keep these patterns from finding themselves.
hosts='proxy[.]golang[.]org|sum[.]golang[.]org|registry[.]npmjs[.]org|registry[.]yarnpkg[.]com|(deb|security|ftp)[.]debian[.]org'
hosts+='|pypi[.]org|pythonhosted[.]org|maven[.]apache[.]org|maven[.]org|crates[.]io|rubygems[.]org|registry-1[.]docker[.]io'
paths="(^|[[:space:]\"'\`=:(,<[]|file://)/(work|root)/|/tmp/[b]ash_jobs"

leaks() {
	! git grep --untracked -nIE "$hosts" || fault "a package registry is named: say what is installed, not from where"
	! git grep --untracked -nIE "$paths" || fault "a path of one machine is named"
}

texts() {
	git ls-files -co --exclude-standard -z | go run ./internal/tools/textcheck || fault "texts that will not read everywhere as they do here"
}

# The database of known vulnerabilities is a copy beside the repository.
vulnerabilities() {
	local copy=../shared/data/govulndb/osv.tgz folder
	if [[ ! -f $copy ]]; then
		echo "NOT CHECKED: there is no copy of the vulnerability database at $copy"
		return
	fi
	folder=$(mktemp -d)
	tar -xzf "$copy" -C "$folder"
	govulncheck -db "file://$folder/data/osv" ./... || fault "a known vulnerability is within reach"
	rm -rf "$folder"
}

for check in tidy generated migrations modules leaks texts vulnerabilities; do
	printf '== %s\n' "$check"
	"$check"
done
((faults == 0)) || {
	echo "verify: $faults faults"
	exit 1
}
echo "verify: no faults"
