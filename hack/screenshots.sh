#!/usr/bin/env bash
# Takes pictures of the console's main pages: starts the program with its sample company in a folder of
# its own, looks, and stops it. Three of the pictures are committed for the README.
set -euo pipefail
cd "$(dirname "$0")/.."
to=$PWD/docs/screenshots
folder=$(mktemp -d)
door=127.0.0.1:${PORT:-18460}
pid=
end() {
	[[ -z $pid ]] || { kill -INT "$pid" && wait "$pid" || true; }
	rm -rf "$folder"
}
trap end EXIT

cat >"$folder/settings.yaml" <<SETTINGS
http: {listen: "$door"}
temporal: {address: "127.0.0.1:$((${PORT:-18460} + 1))", ui_url: "http://127.0.0.1:$((${PORT:-18460} + 2))"}
admin: {listen: ""}
SETTINGS
bin="$PWD/bin/recourse"
(cd "$folder" && exec "$bin" dev --config settings.yaml >log 2>&1) &
pid=$!
for _ in $(seq 240); do
	grep -q "Recourse is running" "$folder/log" && break
	kill -0 "$pid" 2>/dev/null || break
	sleep 0.5
done
grep -q "Recourse is running" "$folder/log" || { cat "$folder/log"; exit 1; }

mkdir -p "$to"
go build -o "$folder/shoot" ./internal/tools/shoot
people=$folder/data/sample-people.txt
token=$(awk '$1 == "supervisor" { print $NF; exit }' "$people")
# The case with the most to see: one that is being carried out.
number=$(curl -fsS -H "Authorization: Bearer $token" "http://$door/api/v1/complaints?limit=100&state=implementing" |
	python3 -c 'import json, sys; print(json.load(sys.stdin)["items"][0]["number"])')

# shoot ROLE LANGUAGE FLAGS… PATH…
shoot() {
	local role=$1 language=$2
	shift 2
	"$folder/shoot" --url "http://$door" --people "$people" --as "$role" --language "$language" --to "$to" --sight "$@"
}
for language in en zh-CN; do
	shoot supervisor "$language" "/overview" "/queue?who=all" "/cases/$number"
	shoot supervisor "$language" --dark "/overview"
	shoot intake "$language" /intake
	shoot executive "$language" /decisions
	shoot quality "$language" /callbacks
	shoot escalation_manager "$language" --phone /alerts
	shoot admin "$language" /organisation
	shoot ops "$language" /system
done
for picture in "$to"/cases-* "$to"/queue-*; do # names that last
	mv "$picture" "$(sed -E 's/(cases-RC[0-9]+-[0-9]+)_/case_/; s/queue-who-all_/queue_/' <<<"$picture")"
done
