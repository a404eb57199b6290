#!/bin/sh
# Brings both of Temporal's schemas up to the version of this image. Repeating it changes nothing.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_password)
export SQL_PASSWORD

for part in temporal:temporal temporal_visibility:visibility; do
	database=${part%%:*}
	schema=${part##*:}
	tool="temporal-sql-tool --plugin postgres12_pgx --endpoint postgres --port 5432 --user temporal --database $database"
	echo "schema of $database"
	$tool setup-schema --version 0.0
	$tool update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$schema/versioned"
done
