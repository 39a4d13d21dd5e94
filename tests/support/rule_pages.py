"""What the page of a rule shows: its examples."""

from kafka_gitops.rules import RULES

MANY_FILES = {
    "acl-too-many",
    "artefact-not-found",
    "artefact-syntax",
    "context-conflict",
    "file-encoding",
    "hidden-text",
}  # no short text shows them: see the descriptor's


def page(name: str) -> str:
    """The docstring of a rule's module."""
    return RULES[name].__doc__ or ""


def example(name: str, which: str) -> str:
    """The YAML under `Bad:` or `Good:` of a rule's page."""
    return page(name).split(f"\n{which}:\n", 1)[1].split("```yaml\n", 1)[1].split("```", 1)[0]
