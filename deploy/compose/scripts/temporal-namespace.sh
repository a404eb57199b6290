#!/bin/sh
# Registers the namespace and the attributes by which operators filter cases. Repeating it changes nothing. The
# worker's readyz checks the result.
set -eu

tries=0
until temporal operator cluster health >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ "$tries" -lt 30 ] || { echo "Temporal did not become healthy"; exit 1; }
	sleep 2
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
	temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" --description "Post-results services"

# A new namespace is known to every part of the server some seconds later.
tries=0
until have=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" 2>/dev/null); do
	tries=$((tries + 1))
	[ "$tries" -lt 30 ] || { echo "the namespace did not become known"; exit 1; }
	sleep 2
done

attribute() {
	echo "$have" | grep -qw "$1" ||
		temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$1" --type "$2"
}
for name in CaseKind Service Stage CentreNumber Series Assignee SlaState WaitingOn; do attribute "$name" Keyword; done
for name in SlaDueAt NextActionAt; do attribute "$name" Datetime; done
echo "namespace $TEMPORAL_NAMESPACE is ready"
