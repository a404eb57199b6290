// Package issuer is the OpenID Connect issuer of the local stack: discovery, keys, and tokens for ready
// personas, so that the product checks real tokens by its real code.
package issuer

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
)

//go:embed personas.yaml
var personaFile []byte

// Persona is somebody for whom the issuer makes tokens.
type Persona struct {
	ID     string   `yaml:"id"`
	Name   string   `yaml:"name"`
	Email  string   `yaml:"email"`
	Note   string   `yaml:"note"`   // who that is, for the table
	Centre string   `yaml:"centre"` // centre number, or empty
	Roles  []string `yaml:"roles"`  // role, or role/family
	AMR    []string `yaml:"amr"`    // authentication methods (RFC 8176)
}

// Personas lists everybody in the order of personas.yaml.
func Personas() ([]Persona, error) {
	var personas []Persona
	if err := yaml.NewDecoder(bytes.NewReader(personaFile), yaml.Strict()).Decode(&personas); err != nil {
		return nil, fmt.Errorf("read the personas: %w", err)
	}
	return personas, nil
}

func find(personas []Persona, id string) (Persona, bool) {
	at := slices.IndexFunc(personas, func(p Persona) bool { return p.ID == id })
	if at < 0 {
		return Persona{}, false
	}
	return personas[at], true
}
