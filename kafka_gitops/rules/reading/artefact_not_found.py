"""A schema, connector or SQL file that does not exist.

A file that a topology names does not exist, or lies outside the repository, so that nobody can check it. Nothing is
made of these files yet, so it is a warning. An absolute path is one of the container or workspace that deploys the
file: of those that are not here a note tells the number.

Instead: write the path relative to the topology's directory, and keep the file in the repository.
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "artefact-not-found"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}
