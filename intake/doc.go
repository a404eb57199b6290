// Package intake brings an awarding body's register into the house: it reads a folder of CSV files and PDFs,
// reports every fault at once with file, line and column, and only then stores files and rows. The columns are
// documented in docs/import.md.
package intake
