#!/bin/sh
# Makes the secrets of docker-compose.yml, each once: what is there stays as it is.
#
#   deploy/make-secrets.sh [FOLDER]     default: deploy/secrets
#
# Only the folder's owner can enter it. The files in it can be read by all, because the programs in
# the containers are other users than the owner, and compose gives them the files as they are.
# Keep a copy of master_key somewhere else than the backups of the database: without it no word on
# record can be read, and whoever has both can read them all.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-deploy/secrets}
mkdir -p "$folder"
chmod 700 "$folder"

random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

keep() {
	if [ -e "$folder/$1" ]; then
		echo "$folder/$1 is there and stays"
		return
	fi
	printf '%s\n' "$2" >"$folder/$1.new"
	chmod 444 "$folder/$1.new"
	mv "$folder/$1.new" "$folder/$1"
	echo "made $folder/$1"
}

keep master_key "$(random)"
keep postgres_password "$(random)"
keep temporal_postgres_password "$(random)"
keep database_url "postgres://recourse:$(cat "$folder/postgres_password")@postgres:5432/recourse?sslmode=disable"
