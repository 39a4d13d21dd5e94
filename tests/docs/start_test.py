"""What a lint loads: as many of our modules as it needs, and nothing that takes long to load."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOPICS = "context: a\nprojects:\n- name: p\n  topics:\n  - {name: t, config: {num.partitions: '6'}}\n"
RIGHTS = f"{TOPICS}  consumers:\n  - {{principal: 'User:a', group: g}}\n"
QUOTAS = f"{TOPICS}quotas:\n- {{user: a, producer_byte_rate: 1}}\n"
# {what is there: (its text, the words of the run, how many modules of ours it loads at most)}
RUNS = {
    "a hook with nothing to do": (None, "lint --hook", 30),
    "a lint of topics": (TOPICS, "lint t.yaml", 165),
    "a lint of topics and rights": (RIGHTS, "lint t.yaml", 190),
    "a lint of topics and quotas": (QUOTAS, "lint t.yaml", 190),
}
# Libraries that take milliseconds each; what other files, commands or a change need
LIBRARIES = {"html", "yaml", "importlib.metadata", "jsonschema", "jinja2", "tabulate"}
OTHERS = {
    *("kafka_gitops.plan", "kafka_gitops.clients", "kafka_gitops.schemas"),
    *("kafka_gitops.config.schema", "kafka_gitops.config.resolve"),
    *(f"kafka_gitops.rules.{family}" for family in ("change", "connector", "julieops", "reading", "schema", "user")),
    *(f"kafka_gitops.kinds.{kind}" for kind in ("topic", "acl", "user", "schema", "connector")),
}


def loaded(folder: Path, words: str) -> set[str]:
    """The modules of a run, by a process of its own without what makes an installation editable."""
    code = f"import sys; from kafka_gitops.cli.main import main; main({words.split()!r}); print(*sys.modules, file=sys.stderr)"
    root = str(Path(__file__).parents[2])
    env = {**os.environ, "PYTHONPATH": root, "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, check=True)
    return {*done.stderr.splitlines()[-1].split()}


@pytest.mark.parametrize("name", RUNS)
def test_no_run_loads_more_than_it_needs(name: str, tmp_path: Path) -> None:
    text, words, most = RUNS[name]
    if text is not None:
        (tmp_path / "t.yaml").write_text(text)
    found = loaded(tmp_path, words)
    assert sorted(found & (LIBRARIES | OTHERS)) == []
    assert ("dataclasses" in found) == ("quotas" in name)  # a kind's plan has some, which takes 8 ms
    own = {one for one in found if one.partition(".")[0] == "kafka_gitops"}
    assert len(own) <= most, sorted(own)
    assert ("kafka_gitops.kinds.quota" in found) == ("quotas" in name)
    assert ("kafka_gitops.rules.acl" in found) == ("rights" in name)
