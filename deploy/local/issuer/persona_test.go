package issuer_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/issuer"
)

// Mails go to the people of the register and tokens are made for the personas: who signs in must be who is written to.
func TestThePersonasAreThePeopleOfTheDemonstrationData(t *testing.T) {
	t.Parallel()
	personas, err := issuer.Personas()
	require.NoError(t, err)
	byID := make(map[string]issuer.Persona)
	for _, p := range personas {
		byID[p.ID] = p
	}
	for file, id := range map[string]string{"contacts.csv": "subject", "performers.csv": "id", "approvers.csv": "id"} {
		people := table(t, file)
		require.NotEmpty(t, people)
		for _, person := range people {
			p, known := byID[person[id]]
			require.True(t, known, "%s: nobody can sign in as %s", file, person[id])
			require.Equal(t, person["name"], p.Name, p.ID)
			require.Equal(t, person["email"], p.Email, p.ID)
			require.Equal(t, person["centre"], p.Centre, p.ID)
		}
	}
}

// table reads a file of the demonstration data, each row by column.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "demo", "cambria", name))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	out := make([]map[string]string, 0, len(rows))
	for _, row := range rows[1:] {
		entry := make(map[string]string)
		for n, column := range rows[0] {
			entry[column] = row[n]
		}
		out = append(out, entry)
	}
	return out
}
