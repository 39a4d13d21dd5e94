"""A schema, connector or SQL file that does not parse.

Avro, JSON Schema and connector files are JSON; for Protobuf and SQL what a cheap check can tell.
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "artefact-syntax"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}
