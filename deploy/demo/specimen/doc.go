// Package specimen makes the demonstration data of Cambria Awards, a fictional awarding body: rows, question papers,
// mark schemes and scripts that agree with one another. It draws nothing at random, so the same sources always make
// the same files.
package specimen
