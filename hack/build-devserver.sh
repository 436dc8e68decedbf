#!/usr/bin/env bash
# Builds the embedded Temporal server into the file named, and tells every ten
# seconds how far it is: a silent build of minutes looks like a broken one.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$PWD/$1

echo "building the embedded Temporal server once; this takes minutes on two cores"
mkdir -p "$(dirname "$target")"
log=$(mktemp)
build=
trap 'rm -f "$log"; kill $build 2>/dev/null || true' EXIT # a background job does not hear Ctrl-C

# -v names each package as it is compiled; those in Go's cache are not named.
(cd devserver && exec go build -v -buildvcs=false -ldflags '-s -w' -o "$target" .) 2>"$log" &
build=$!
all=$(cd devserver && go list -deps . | wc -l)
while kill -0 "$build" 2>/dev/null; do
	for _ in {1..10}; do
		sleep 1
		kill -0 "$build" 2>/dev/null || break
	done
	echo "  $SECONDS s: $(wc -l <"$log") packages compiled, $all at most"
done
wait "$build" || {
	cat "$log"
	exit 1
}
build=
touch "$target" # Go leaves an unchanged file alone, and make would come back
echo "built $1 in $SECONDS s"
