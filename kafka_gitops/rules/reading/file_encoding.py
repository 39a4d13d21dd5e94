"""A file in UTF-16 or UTF-32, of which git shows no diff.

git takes such a file for binary: a pull request shows no line of what changed, so nobody can review it. Save the file
as UTF-8.
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "file-encoding"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}
