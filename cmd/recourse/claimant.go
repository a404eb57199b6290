package main

import (
	"errors"
	"strings"
)

// claimant is who somebody at the command line says to be. The audit trail keeps it, so nobody acts without one.
type claimant string

// Validate refuses a name that is empty or blank; kong says which flag it was.
func (c claimant) Validate() error {
	if strings.TrimSpace(string(c)) == "" {
		return errors.New("it names nobody; give your own identity, such as ops-5001")
	}
	return nil
}
