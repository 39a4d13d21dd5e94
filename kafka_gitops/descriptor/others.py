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
    if "apiVersion" in keys and "kind" in keys:
        return "a Kubernetes manifest"
    return "a Compose file" if "services" in keys else None
