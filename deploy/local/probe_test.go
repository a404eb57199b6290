package main
import (
 _ "github.com/alecthomas/kong"
 _ "github.com/goccy/go-yaml"
 _ "github.com/stretchr/testify/require"
 _ "pgregory.net/rapid"
 _ "github.com/go-jose/go-jose/v4"
 _ "github.com/aws/aws-sdk-go-v2/service/s3"
 _ "github.com/aws/aws-sdk-go-v2/service/ses"
 _ "github.com/coreos/go-oidc/v3/oidc"
)
