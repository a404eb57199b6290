#!/bin/sh
# The gateway reads its root keys from the environment only; take them there from the secrets.
set -eu
ROOT_ACCESS_KEY_ID=$(cat /run/secrets/s3_access_key)
ROOT_SECRET_ACCESS_KEY=$(cat /run/secrets/s3_secret_key)
export ROOT_ACCESS_KEY_ID ROOT_SECRET_ACCESS_KEY
mkdir -p "$VGW_BACKEND_ARG" "$VGW_VERSIONING_DIR"
exec /usr/local/bin/docker-entrypoint.sh
