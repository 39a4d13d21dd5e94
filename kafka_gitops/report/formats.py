"""The table of formats for findings: a line here and a module with `render(findings) -> str` make a format."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # the command line needs the names alone, on every start
    from kafka_gitops.report.findings import Findings


class Format(NamedTuple):
    """The module of a format, loaded when it is used, and whether only programs read it (they expect an empty result
    to be written too)."""

    module: str
    for_programs: bool


FORMATS: Mapping[str, Format] = {
    "full": Format("full", False),
    "concise": Format("concise", False),
    "hook": Format("hook", False),
    "json": Format("json_", True),
    "github": Format("github", False),
    "gitlab": Format("gitlab", True),
    "sarif": Format("sarif", True),
    "junit": Format("junit", True),
    "checkstyle": Format("checkstyle", True),
    "rdjson": Format("rdjson", True),
    "bitbucket": Format("bitbucket", True),
    "markdown": Format("markdown", False),
}


def render(name: str, findings: "Findings") -> str:
    """The findings in a format of the table, without colour."""
    module = import_module(f"kafka_gitops.report.{FORMATS[name].module}")
    renderer: Callable[[Findings], str] = module.render
    return renderer(findings)
