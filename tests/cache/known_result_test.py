"""A lint of what is as it was tells the same without judging; whatever differs, it judges again."""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from warming import BAD, WARNS, Desk, looks

from kafka_gitops import redact
from kafka_gitops.cache import key


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An empty repository with a cache of its own."""
    return Desk(tmp_path, monkeypatch, capsys)


CLEAN = "context: acme\nprojects: []\n"
BLANKS = "topology.project.prefix.format={{context}}\ntopology.topic.prefix.format={{context}} {{topic}}\n"
TOPIC = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: t\n    config: {{num.partitions: '6'}}\n{}"
SCHEMA = TOPIC.format("    schemas: {value.schema.file: order.avsc}\n")
OWN = """'''A rule.'''
from kafka_gitops.diagnostics import Severity
NAME, SEVERITY = "own-rule", Severity.warning
def check(topology, options):
    return iter(())
"""
ENVIRONMENTS = "environments:\n  dev: {topology: [topologies]}\n  prod: {topology: [topologies]}\n"


@pytest.mark.parametrize("form", ["full", "concise", "hook", "json", "gitlab", "sarif", "junit", "markdown"])
@pytest.mark.parametrize("text", [CLEAN, BAD, WARNS, "a: [", "context: a\u200bb\n"])
def test_what_is_known_is_told_in_the_same_bytes(form: str, text: str, desk: Desk) -> None:
    desk.write(topologies__t_yaml=text, topologies__README_md="x", topologies__below__t_yaml=BAD)
    cold, warm = desk.lint("--format", form), desk.lint("--format", form)
    assert cold.judged and not warm.judged
    assert warm.said == cold.said == desk.lint("--format", form, "--no-cache").said
    assert warm.err != ""


def test_reports_are_written_too(desk: Desk) -> None:
    desk.write(topologies__t_yaml=BAD)
    told = []
    for _ in range(2):
        judged = desk.lint("--report", "json=../out.json", "--report", "gitlab=../out.gitlab").judged
        told.append((Path("../out.json").read_text(), Path("../out.gitlab").read_text()))
        Path("../out.json").unlink()
    assert not judged
    assert told[0] == told[1]


def index(*paths: str) -> None:
    """Make git track these paths alone."""
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "rm", "-rq", "--cached", "--ignore-unmatch", "."], check=True)
    subprocess.run(["git", "add", *paths], check=True)


def day(after: int) -> str:
    """A day from today on, in UTC."""
    return str((datetime.now(timezone.utc) + timedelta(days=after)).date())


Row = tuple[dict[str, str], Callable[[Desk], object], tuple[str, ...]]
# What a verdict depends on: the files before, what changes, the options. The verdict of the second run must be another.
ROWS: dict[str, Row] = {
    "a text": ({"topologies__t_yaml": CLEAN}, lambda desk: desk.write(topologies__t_yaml=BAD), ()),
    "a text of the same length and time": (
        {"topologies__t_yaml": BAD},
        lambda desk: same_time("topologies/t.yaml", BAD.replace("new orders", "new_orders")),
        (),
    ),
    "a file more": ({"topologies__t_yaml": CLEAN}, lambda desk: desk.write(topologies__u_yaml=BAD), ()),
    "a file less": (
        {"topologies__t_yaml": CLEAN, "topologies__u_yaml": BAD},
        lambda desk: Path("topologies/u.yaml").unlink(),
        (),
    ),
    "a file below": (
        {"topologies__t_yaml": CLEAN, "topologies__below__t_yaml": CLEAN},
        lambda desk: desk.write(topologies__below__u_yaml=BAD),
        ("--recursive",),
    ),
    "a topology below that is not read": (
        {"topologies__t_yaml": CLEAN, "topologies__below__t_yaml": "a: 1\n"},
        lambda desk: desk.write(topologies__below__t_yaml=CLEAN),
        (),
    ),
    "a file of another kind": (
        {"topologies__t_yaml": CLEAN},
        lambda desk: desk.write(topologies__README_md="x"),
        (),
    ),
    "a link": (
        {"topologies__t_yaml": CLEAN, "a_yaml": CLEAN, "b_yaml": BAD},
        lambda desk: link("topologies/l.yaml", "../b.yaml"),
        (),
    ),
    "the customary place": ({"topology_yaml": BAD}, lambda desk: desk.write(topologies__t_yaml=CLEAN), ()),
    "a config": (
        {"topologies__t_yaml": BAD, "kafka_gitops_yaml": "rules: {}\n"},
        lambda desk: desk.write(kafka_gitops_yaml="rules: {topic-name-legal: warning}\n"),
        (),
    ),
    "a config where there was none": (
        {"topologies__t_yaml": BAD},
        lambda desk: desk.write(kafka_gitops_yaml="rules: {topic-name-legal: warning}\n"),
        (),
    ),
    "an environment": (
        {"topologies__t_yaml": WARNS, "kafka_gitops_yaml": ENVIRONMENTS},
        lambda desk: desk.write(kafka_gitops_yaml=ENVIRONMENTS.replace("prod: {", "prod: {kafka_version: '9.9', ")),
        ("-e", "prod"),
    ),
    "a policy": (
        {"topologies__t_yaml": WARNS, "policy_yml": "manage: {topics: ['acme.*']}\n"},
        lambda desk: desk.write(policy_yml="manage: {topics: ['other.*']}\n"),
        ("--policy", "policy.yml"),
    ),
    "roles": (
        {"topologies__t_yaml": CLEAN, "kafka_gitops_yaml": "roles: roles.yaml\n", "roles_yaml": "roles: []\n"},
        lambda desk: desk.write(roles_yaml="roles: 5\n"),
        (),
    ),
    "plans": (
        {"topologies__t_yaml": CLEAN, "kafka_gitops_yaml": "plans: plans.yaml\n"},
        lambda desk: desk.write(plans_yaml="plans: {}\n"),
        (),
    ),
    "a schema": (
        {"topologies__t_yaml": SCHEMA, "topologies__order_avsc": '"string"'},
        lambda desk: desk.write(topologies__order_avsc='"strong"'),
        (),
    ),
    "a schema that was not there": (
        {"topologies__t_yaml": SCHEMA},
        lambda desk: desk.write(topologies__order_avsc='"string"'),
        (),
    ),
    "a schema that is a link to elsewhere": (
        {"topologies__t_yaml": SCHEMA, "topologies__order_avsc": '"string"'},
        lambda desk: link("topologies/order.avsc", "/etc/hostname"),
        (),
    ),
    "a connector": (
        {"topologies__t_yaml": "context: a\nconnectors: [{name: c, path: c.json}]\n", "topologies__c_json": "{}"},
        lambda desk: desk.write(topologies__c_json="{"),
        (),
    ),
    "a client file": (
        {
            "topologies__t_yaml": WARNS,
            "kafka_gitops_yaml": "environments: {dev: {client_config: c.properties}}\n",
            "c_properties": "",
        },
        lambda desk: desk.write(c_properties=BLANKS),
        (),
    ),
    "a variable in a path": (
        {
            "topologies__t_yaml": WARNS,
            "kafka_gitops_yaml": "environments: {dev: {client_config: '${WHICH:-a}.properties'}}\n",
            "a_properties": "",
            "b_properties": BLANKS,
        },
        lambda desk: os.environ.update(WHICH="b"),
        (),
    ),
    "a variable of ours": (
        {
            "topologies__t_yaml": BAD,
            "kafka_gitops_yaml": "environments:\n  dev: {}\n  prod:\n    rules: {topic-name-legal: warning}\n",
        },
        lambda desk: os.environ.update(KAFKA_GITOPS_ENV="prod"),
        (),
    ),
    "a baseline": (
        {"topologies__t_yaml": BAD, "known_json": json.dumps({"format": 1, "findings": []})},
        lambda desk: desk.lint("--write-baseline", "known.json"),
        ("--baseline", "known.json"),
    ),
}


def same_time(path: str, text: str) -> None:
    """Another text with the times of the one before."""
    about = Path(path).stat()
    Path(path).write_text(text)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def link(path: str, target: str) -> None:
    """A link instead of what is there."""
    Path(path).unlink(missing_ok=True)
    Path(path).symlink_to(target)


@pytest.mark.parametrize("name", ROWS)
def test_another_input_is_judged_again(name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("WHICH", "KAFKA_GITOPS_ENV"):
        monkeypatch.setenv(variable, "")  # what a row sets is taken back
    files, change, options = ROWS[name]
    desk.write(**files)
    before = desk.lint(*options)
    known = desk.lint(*options)
    assert (before.judged, known.judged) == (True, False)
    assert known.said == before.said
    change(desk)
    after = desk.lint(*options)
    assert after.judged
    assert after.said == desk.lint(*options, "--no-cache").said != before.said
    assert desk.lint(*options).said == after.said


def test_what_git_tracks_is_an_input(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT", "1")
    desk.write(topologies__a_yaml=CLEAN, topologies__b_yaml=BAD)
    index("topologies/a.yaml")
    assert (desk.lint("--hook").code, desk.lint("--hook").judged) == (0, False)
    index("topologies")
    assert desk.lint("--hook").code == 1
    assert (desk.lint("--hook").code, desk.lint("--hook").judged) == (1, False)


def test_each_file_by_itself_is_known_too(desk: Desk) -> None:
    desk.write(topologies__a_yaml=CLEAN, topologies__b_yaml=BAD)
    paths = ("topologies/a.yaml", "topologies/b.yaml")
    cold, warm = desk.lint("--files-only", *paths), desk.lint("--files-only", *paths)
    assert (cold.judged, warm.judged, warm.said) == (True, False, cold.said)
    desk.write(topologies__a_yaml=BAD)
    assert desk.lint("--files-only", *paths).out.count("topic-name-legal") > cold.out.count("topic-name-legal")


def test_a_day_later_a_waiver_has_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    until = day(0)
    text = BAD.replace("new orders", f"new orders # kafka-gitops: allow topic-name-legal until {until}: soon")
    desk.write(topologies__t_yaml=text)
    before = desk.lint()
    assert not desk.lint().judged

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(timezone.utc) + timedelta(days=1)

    monkeypatch.setattr("kafka_gitops.cli.warm.datetime", Tomorrow)
    monkeypatch.setattr("kafka_gitops.cli.linting.datetime", Tomorrow)
    after = desk.lint()
    assert after.judged
    assert before.said != after.said


@pytest.mark.parametrize("part", ["version", "source", "installed", "python", "loaded"])
def test_another_tool_judges_again(part: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, library, code = tmp_path / "ours", tmp_path / "library", tmp_path / "code.py"
    (ours / "deep").mkdir(parents=True)
    (ours / "deep" / "rule.py").write_text("a = 1\n")
    library.mkdir()
    code.write_text("a = 1\n")
    monkeypatch.setattr(key, "_PACKAGE", str(ours))
    monkeypatch.setattr("sys.path", [str(library)])
    monkeypatch.setattr("pytest.__file__", str(code))
    desk.write(topologies__t_yaml=CLEAN)
    assert desk.lint().judged
    assert not desk.lint().judged
    changes: dict[str, Callable[[], object]] = {
        "version": lambda: monkeypatch.setattr(key, "__version__", "0"),
        "source": lambda: (ours / "deep" / "rule.py").write_text("a = 2\n"),
        "installed": lambda: (library / "yaml-7.dist-info").mkdir(),
        "python": lambda: monkeypatch.setattr("sys.version", "4"),
        "loaded": lambda: code.write_text("a = 2\n"),
    }
    changes[part]()
    assert desk.lint().judged


def test_options_are_inputs(desk: Desk) -> None:
    desk.write(topologies__t_yaml=WARNS)
    assert desk.lint().code == 0
    assert desk.lint("--fail-on", "warning").code == 1
    assert desk.lint("--fail-on", "warning", "topologies/t.yaml").judged
    os.chdir("topologies")
    assert desk.lint("t.yaml").judged
    os.chdir("..")


@pytest.mark.parametrize(
    "options",
    [("--no-cache",), ("-X", "sasl.password=letmein"), ("--write-baseline", "b.json")],
    ids=lambda options: options[0],
)
def test_some_runs_keep_nothing(options: tuple[str, ...], desk: Desk) -> None:
    desk.write(topologies__t_yaml=CLEAN)
    assert desk.lint(*options).judged
    assert desk.entries() == []
    desk.lint()
    assert desk.lint(*options).judged


def test_an_own_rule_is_always_run(desk: Desk) -> None:
    desk.write(topologies__t_yaml=CLEAN, own_py=OWN, kafka_gitops_yaml="rules: {plugins: [own.py]}\n")
    desk.lint()
    assert desk.lint("topologies/t.yaml").judged
    assert desk.entries() == []
    assert desk.lint("--no-plugins").judged
    assert not desk.lint("--no-plugins").judged


def test_a_pipeline_keeps_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write(topologies__t_yaml=CLEAN)
    desk.lint()
    monkeypatch.setenv("CI", "true")
    assert desk.lint().judged


def test_a_secret_is_neither_kept_nor_shown(desk: Desk) -> None:
    bad = BAD.replace("new orders", "hunter22 orders")
    desk.write(
        topologies__t_yaml=bad,
        kafka_gitops_yaml="environments: {dev: {client_config: c.properties}}\n",
        c_properties="sasl.password=hunter22\n",
    )
    first = desk.lint()
    assert "hunter22" not in first.out + first.err
    assert desk.lint().said == first.said
    assert desk.entries() == []
    redact.forget()  # as the next process has
    desk.write(topologies__t_yaml=BAD)
    desk.lint()
    assert not desk.lint().judged
    assert all(
        b"hunter22" not in path.read_bytes() and b"context: acme" not in path.read_bytes() for path in desk.entries()
    )


def test_no_place_is_looked_at_that_the_entry_does_not_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write(
        topologies__t_yaml=SCHEMA,
        topologies__order_avsc='"string"',
        topologies__below__t_yaml=CLEAN,
        kafka_gitops_yaml="roles: roles.yaml\nplans: plans.yaml\nenvironments: {dev: {client_config: c.properties}}\n",
        roles_yaml="roles: []\n",
        c_properties="",
    )
    touched: set[str] = set()
    opened: Any = open

    def noting(name: str, patch: pytest.MonkeyPatch) -> None:
        look = getattr(os, name)

        def noted(path: object = ".", *arguments: object, **options: object) -> object:
            if isinstance(path, str | bytes | os.PathLike):
                touched.add(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100
            return look(path, *arguments, **options)

        patch.setattr(os, name, noted)

    def noted_open(path: object, *arguments: Any, **options: Any) -> Any:
        if isinstance(path, str | os.PathLike):
            touched.add(os.path.abspath(path))  # noqa: PTH100
        return opened(path, *arguments, **options)

    with monkeypatch.context() as patch:
        for name in ("stat", "lstat", "scandir", "listdir", "readlink"):
            noting(name, patch)
        patch.setattr("builtins.open", noted_open)
        patch.setattr("io.open", noted_open)
        desk.lint()
    known = set(looks(desk))
    inside = {path for path in touched if Path(path).is_relative_to(desk.root)}
    assert len(inside) > 10
    above = {str(folder) for path in known for folder in Path(path).parents}
    assert inside <= known | above
