#!/bin/sh
# Makes the bucket with versions and object lock, as evidence and issued documents need. Repeating it changes nothing.
set -eu
if aws s3api head-bucket --bucket "$BUCKET" 2>/dev/null; then
	echo "bucket $BUCKET exists"
else
	aws s3api create-bucket --bucket "$BUCKET" --object-lock-enabled-for-bucket \
		--create-bucket-configuration "LocationConstraint=$AWS_REGION"
fi
aws s3api put-bucket-versioning --bucket "$BUCKET" --versioning-configuration Status=Enabled
