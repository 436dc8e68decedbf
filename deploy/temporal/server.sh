#!/bin/sh
# Starts the Temporal server with its database's password from a file; the image knows only the
# environment.
set -eu
POSTGRES_PWD=$(cat /run/secrets/temporal_postgres_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
