#!/bin/bash
# Runs once, on an empty data folder: one role and its databases for the product, one for Temporal. psql quotes the
# passwords, which are read from the secrets.
set -euo pipefail

psql --username postgres --set ON_ERROR_STOP=1 \
	--set recourse="$(cat /run/secrets/recourse_password)" \
	--set temporal="$(cat /run/secrets/temporal_password)" <<'SQL'
CREATE ROLE recourse LOGIN PASSWORD :'recourse';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE recourse OWNER recourse;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT ON DATABASE recourse, temporal, temporal_visibility FROM PUBLIC;
SQL
