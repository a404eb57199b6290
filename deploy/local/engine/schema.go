package engine

import (
	"fmt"

	"go.temporal.io/server/common/log"
	v12 "go.temporal.io/server/schema/postgresql/v12"
	"go.temporal.io/server/tools/common/schema"
	"go.temporal.io/server/tools/sql"
)

// prepareSchemas brings both databases to the schema of the server that is compiled in.
func prepareSchemas(c Config, logger log.Logger) error {
	if err := prepareSchema(c, MainDatabase, "postgresql/v12/temporal", v12.Version, logger); err != nil {
		return err
	}
	return prepareSchema(c, VisibilityDatabase, "postgresql/v12/visibility", v12.VisibilityVersion, logger)
}

// prepareSchema sets a database up at the current version, or updates one that an older server made.
func prepareSchema(c Config, database, name, version string, logger log.Logger) error {
	settings := c.database(database)
	connection, err := sql.NewConnection(&settings, logger)
	if err != nil {
		return fmt.Errorf("connect to database %s: %w", database, err)
	}
	defer connection.Close()
	if _, err := connection.ReadSchemaVersion(); err != nil {
		// The version is written last, so without one there is nothing, or the rest of a set-up that
		// was interrupted; Overwrite clears that.
		setup := &schema.SetupConfig{SchemaName: name, InitialVersion: version, Overwrite: true}
		if err := schema.NewSetupSchemaTask(connection, setup, logger).Run(); err != nil {
			return fmt.Errorf("set up the schema of %s: %w", database, err)
		}
	}
	update := &schema.UpdateConfig{DBName: database, SchemaName: name}
	if err := schema.NewUpdateSchemaTask(connection, update, logger).Run(); err != nil {
		return fmt.Errorf("update the schema of %s: %w", database, err)
	}
	return nil
}
