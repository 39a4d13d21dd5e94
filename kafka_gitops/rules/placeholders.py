"""What looks like a variable that somebody meant to be replaced: shared by the rules that would misread it."""

import re
from functools import lru_cache

from kafka_gitops.text.values import MARK

_FORMS = re.compile(
    r"\$\{[^{}]*\}"  # shells, Spring, GitLab
    r"|\$\{\{.*?\}\}"  # GitHub
    r"|(?<![\w$])\$[A-Z_][A-Z0-9_]*(?!\w)"  # shells, without braces; not $ConnectionString, a user of Event Hubs
    r"|\$\([A-Za-z_][\w.]*\)"  # make, Kubernetes, Azure
    r"|\{\{.*?\}\}|\{%.*?%\}"  # Jinja, Helm, mustache
    r"|<%.*?%>"  # ERB
    r"|#\{[^{}]*\}#?"  # Azure's token replacement, Ruby
    r"|%(?![0-9A-Fa-f]{2}%)[A-Za-z_][\w.-]*%"  # Windows; not a percent-encoded character
    r"|@[A-Za-z_][\w.-]*@"  # Maven, autoconf
    r"|<[A-Za-z_][\w .-]*>"  # documentation
    r"|\{[A-Za-z_][\w.-]*\}",  # Python, URI templates
    re.ASCII,
)

BEGINS = re.compile("[{(%@<$]")  # without one of these there is none
MOST = 2_000  # characters of a name that are looked at: no name is as long, and a search may take their square


@lru_cache(maxsize=10_000)
def placeholder(text: str) -> str | None:
    """The first placeholder in a text: `${X}`, `{{ x }}`, `%X%`, `@X@`, `<x>`, ...; None where there is none.

    Of a `${values.NAME}` that is left reading has said that it is unknown.
    """
    if BEGINS.search(text) is None:
        return None
    found = _FORMS.search(text[:MOST])
    return found.group() if found and not found.group().startswith(MARK) else None
