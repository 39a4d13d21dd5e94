"""A schema, connector or SQL file that does not exist.

A file that a topology names does not exist, or lies outside the repository, so that nobody can check it and nothing can
be made of it: the subject or connector would be missing in the plan, as if no file declared it. An absolute path is
one of the container or workspace that deploys the file: of those that are not here a note tells the number.

Instead: write the path relative to the topology's directory, and keep the file in the repository.
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "artefact-not-found"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}
