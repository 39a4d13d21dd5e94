"""The hooks' manifest, their table and their page say the same; the names that a hook is given are topologies."""

import re
from pathlib import Path

import hooks
import pytest
import yaml
from pre_commit.clientlib import load_manifest

from kafka_gitops import __version__
from kafka_gitops.cli.hook import NEED_ALL
from kafka_gitops.cli.main import parser_of
from kafka_gitops.rules import RULES

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"

TAKEN = [
    "topology.yaml",
    "topology-prod.yml",
    "topology_eu.yaml",
    "topology.dev.yaml",
    "topologies/pay.yaml",
    "topologies/eu/a b/größe.yml",
    "topologies/a\nb.yaml",
    "platform/kafka/topologies/pay.yaml",
    "platform/topology.yaml",
]
LEFT = [
    "kafka/deployment.yaml",
    "topologySpreadConstraints.yaml",
    "topologyhints.yaml",
    "my-topology.yaml",
    "topologies.md",
    "topologies/pay.yaml.bak",
    "topologies/schema.avsc",
    "kafka-gitops.yaml",
    ".github/workflows/topologist.yaml",
    "mytopologies/pay.yaml",
]


def test_the_manifest_is_made_from_the_table() -> None:
    assert MANIFEST.read_text(encoding="utf-8") == hooks.manifest()


def test_the_page_is_made_from_the_table() -> None:
    page = (ROOT / "docs" / "pre-commit.md").read_text(encoding="utf-8")
    assert page.endswith(hooks.page(__version__, NEED_ALL))


def test_pre_commit_takes_the_manifest() -> None:
    found = {hook["id"]: hook for hook in load_manifest(str(MANIFEST))}
    assert list(found) == ["kafka-gitops-lint", "kafka-gitops-lint-files", "kafka-gitops-commit-msg"]
    whole, files, message = found.values()
    assert (whole["pass_filenames"], whole["always_run"], whole["require_serial"]) == (False, True, True)
    assert (files["pass_filenames"], files["always_run"], files["types"]) == (True, False, ["yaml"])
    assert (message["pass_filenames"], message["always_run"], message["stages"]) == (True, True, ["commit-msg"])


@pytest.mark.parametrize("hook", hooks.HOOKS, ids=lambda hook: str(hook.id))
def test_what_a_hook_needs_stands_where_no_user_replaces_it(hook: hooks.Hook) -> None:
    written = {entry["id"]: entry for entry in yaml.safe_load(hooks.manifest())}[hook.id]
    assert "args" not in written
    program, command, *flags = written["entry"].split()
    args = parser_of(command).parse_args([*flags, "--format", "full"])
    assert (program, args.quiet, args.format) == ("kafka-gitops", True, "full")
    assert f"[{', '.join(written['stages'])}]" == hook.stages


@pytest.mark.parametrize("path", TAKEN)
def test_these_are_topologies(path: str) -> None:
    assert re.search(hooks.FILES, path)


@pytest.mark.parametrize("path", LEFT)
def test_these_are_not(path: str) -> None:
    assert not re.search(hooks.FILES, path)


def test_the_rules_that_are_left_out_exist() -> None:
    assert RULES.keys() >= NEED_ALL
