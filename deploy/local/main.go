package main

import (
	_ "github.com/jackc/pgx/v5"
	_ "github.com/temporalio/ui-server/v2/server"
	_ "github.com/versity/versitygw/embedgw"
	_ "go.temporal.io/sdk/client"
	_ "go.temporal.io/sdk/worker"
	_ "go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	_ "go.temporal.io/server/schema"
	_ "go.temporal.io/server/tools/sql"
	_ "go.temporal.io/server/temporal"
)

func main() {}
