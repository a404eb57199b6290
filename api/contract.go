package api

import (
	_ "embed"
	"fmt"
	"regexp"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// contractYAML is the contract as it is served.
//
//go:embed openapi.yaml
var contractYAML []byte

// Contract is the OpenAPI document, openapi.yaml.
func Contract() []byte { return contractYAML }

// contract is the document in memory, with its patterns compiled.
type contract struct {
	document *openapi3.T
	patterns map[string]*regexp.Regexp
}

// loadContract reads the contract once: it is compiled in and never changes.
var loadContract = sync.OnceValues(func() (*contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(contractYAML)
	if err != nil {
		return nil, fmt.Errorf("load the contract: %w", err)
	}
	c := &contract{document: document, patterns: map[string]*regexp.Regexp{}}
	for _, item := range document.Paths.Map() {
		for _, operation := range item.Operations() {
			if err := c.compileOperation(operation); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
})

func (c *contract) compileOperation(operation *openapi3.Operation) error {
	for _, parameter := range operation.Parameters {
		if err := c.compile(parameter.Value.Schema.Value); err != nil {
			return err
		}
	}
	if operation.RequestBody == nil {
		return nil
	}
	return c.compile(bodySchema(operation))
}

func (c *contract) compile(schema *openapi3.Schema) error {
	if schema.Pattern != "" {
		pattern, err := regexp.Compile(schema.Pattern)
		if err != nil {
			return fmt.Errorf("compile the contract's pattern %s: %w", schema.Pattern, err)
		}
		c.patterns[schema.Pattern] = pattern
	}
	for _, property := range schema.Properties {
		if err := c.compile(property.Value); err != nil {
			return err
		}
	}
	if schema.Items != nil {
		return c.compile(schema.Items.Value)
	}
	return nil
}

// operation is what the contract says about a route that was generated from it.
func (c *contract) operation(method, path string) *openapi3.Operation {
	return c.document.Paths.Value(path).GetOperation(method)
}

func bodySchema(operation *openapi3.Operation) *openapi3.Schema {
	return operation.RequestBody.Value.Content["application/json"].Schema.Value
}

// harmless reports whether an operation changes nothing although its method is not GET: the contract says so.
func harmless(operation *openapi3.Operation) bool {
	return operation.Extensions["x-changes-nothing"] == true
}

// public reports whether an operation takes no token: the contract overrides the security of the whole with none.
func public(operation *openapi3.Operation) bool {
	return operation.Security != nil && len(*operation.Security) == 0
}
