#!/usr/bin/env bash
# Installs what the console needs of others from its lock, and copies what is used of it into
# console/static/vendor, where the program is built with it. Nothing of it is committed.
set -euo pipefail
cd "$(dirname "$0")/../console"

vendor=static/vendor
stamp=$vendor/.stamp
want=$(cat package.json package-lock.json icons.txt ../hack/assets.sh ../hack/assets.mjs | sha256sum)
if [[ -f $stamp && $(<"$stamp") == "$want" ]]; then
	exit 0
fi
for tool in node npm; do
	command -v "$tool" >/dev/null || {
		echo "make assets: $tool is missing. Building the console needs Node 18 or later and npm (on Debian: apt-get install nodejs npm); running it needs neither." >&2
		exit 1
	}
done
echo "console: installing what package-lock.json pins"
npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2
rm -rf "$vendor"
mkdir -p "$vendor" testdata
node ../hack/assets.mjs "$vendor"
printf '%s' "$want" >"$stamp"
