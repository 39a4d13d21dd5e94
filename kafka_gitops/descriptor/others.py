"""Files beside a topology that are something else: what they are, and what to do about it."""

import re

from kafka_gitops.text.source import Node

_KEYS = ("context", "projects", "platform", "special_topics", "acls", "removed", "access")
_AT_TOP = re.compile(rf"""^(?:\s*\{{\s*)?["']?({"|".join(_KEYS)})["']?\s*:""", re.MULTILINE)


def looks_like_topology(text: str) -> bool:
    """Whether a file that was not parsed has a topology's keys: its context, or a list that declares something."""
    found = set(_AT_TOP.findall(text))
    return ("context" in found and len(found) > 1) or "projects" in found


def kind(root: Node) -> str | None:
    """What a file without anything of a topology is, by its keys; None where that cannot be told."""
    keys = root.map
    if "connector.class" in keys or "connector.class" in (keys["config"].map if "config" in keys else ()):
        return "a connector"
    if "$schema" in keys or ("type" in keys and ("fields" in keys or "properties" in keys)):
        return "a schema"
    if "jobs" in keys or "stages" in keys or "pipelines" in keys:
        return "a pipeline"
    manifest = "apiVersion" in keys and "kind" in keys
    if manifest or "services" in keys:
        if (found := foreign(root)) is not None:
            return ": ".join(found)
        return "a Kubernetes manifest" if manifest else "a Compose file"
    return None


def foreign(root: Node) -> tuple[str, str] | None:
    """What a file of another tool is, and the command that makes a topology of it; None for any other file."""
    from kafka_gitops.dialects.known import command, known  # loaded only where a file is no topology

    found = known(root)
    return None if found is None else (found.what, command(found, root.path))
