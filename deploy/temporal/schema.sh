#!/bin/sh
# Makes Temporal's two databases, or brings them up to this release. Running it again changes nothing.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_postgres_password)
export SQL_PASSWORD
schema=/etc/temporal/schema/postgresql/v12

# tables DATABASE FOLDER: Postgres made the first database itself; the other is made when it is missing.
tables() {
	if ! temporal-sql-tool --db "$1" setup-schema -v 0.0; then
		temporal-sql-tool --db "$1" create
		temporal-sql-tool --db "$1" setup-schema -v 0.0
	fi
	temporal-sql-tool --db "$1" update-schema -d "$schema/$2/versioned"
}

tables temporal temporal
tables temporal_visibility visibility
