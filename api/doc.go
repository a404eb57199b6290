// Package api is the REST contract of Recourse and its handlers. The contract is openapi.yaml; types and routing in
// contract.gen.go are generated from it, and requests are checked against it before a handler sees them.
//
// Reads are answered from the register. A request that changes a case is checked early, for a good and quick
// answer, and then handed to the case's workflow, whose step decides. The package reads no clock and knows no
// adapter: everything it needs comes in through Config.
package api

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config codegen.yaml openapi.yaml
