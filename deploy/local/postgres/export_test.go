package postgres

// What Find is made of, which a machine with one PostgreSQL never tries out.
var (
	Fetch       = fetch
	Search      = search
	NewestFirst = newestFirst
)
