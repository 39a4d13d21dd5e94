"""Two files that contradict each other about context or project.

Two contexts in one directory (unless `contexts: many` allows them), or one project in two files of a context.
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "context-conflict"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}
