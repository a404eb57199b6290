#!/bin/sh
# The server reads its password from the environment only; take it there from the secret.
set -eu
POSTGRES_PWD=$(cat /run/secrets/temporal_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
