"""Own rules: the contract, what is refused, what goes wrong in one, and who may switch them off."""

from pathlib import Path

import pytest
from desk import Desk

RULE = '''\
"""A topic whose name is too long."""

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.rules.contract import name_place

NAME = "team-naming"
SEVERITY = Severity.error
OPTIONS = {"most": 5}


def check(topology, options):
    for declared in topology.topics:
        if len(declared.name) > options.number("most"):
            yield Note(name_place(declared), f"{declared.name} is too long", "shorten it")
'''
TOPOLOGY = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: orders\n"
FOUND = "topologies/pay.yaml:5:11: error team-naming acme.pay.orders is too long\n"
CONFIG = "rules: {plugins: [policies/naming.py]}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A repository with a topic and an own rule."""
    found = Desk(tmp_path / "repo")
    (found.home / ".git").mkdir(parents=True)
    found.write("topologies/pay.yaml", TOPOLOGY)
    found.write("policies/naming.py", RULE)
    found.write("kafka-gitops.yaml", CONFIG)
    return found


def out(desk: Desk, *words: str) -> str:
    """The findings, a line each."""
    return desk.run("lint", "--format", "concise", *words).out


def test_an_own_rule_has_options_severities_and_waivers_like_ours(desk: Desk) -> None:
    assert out(desk) == FOUND
    desk.write("kafka-gitops.yaml", "rules: {plugins: [policies/naming.py], team-naming: {severity: info, most: 6}}\n")
    assert out(desk) == FOUND.replace("error", "info")
    desk.write("kafka-gitops.yaml", "rules: {plugins: [policies/naming.py], team-naming: {most: 99}}\n")
    assert out(desk) == ""
    desk.write("kafka-gitops.yaml", CONFIG)
    desk.write("topologies/pay.yaml", TOPOLOGY.replace("orders", "orders  # kafka-gitops: allow team-naming: OPS-1"))
    assert out(desk) == ""
    assert not list(desk.home.rglob("__pycache__"))


def test_in_every_format(desk: Desk) -> None:
    for form in ("full", "json", "sarif", "junit", "gitlab", "github"):
        assert "acme.pay.orders is too long" in desk.run("lint", "--format", form).out


def test_off_in_untrusted_runs(desk: Desk) -> None:
    desk.write("policies/naming.py", "raise SystemExit(9)\n")
    desk.write("kafka-gitops.yaml", "rules: {plugins: [policies/naming.py], team-naming: error}\n")
    assert desk.run("lint", "--format", "concise", "--no-plugins")[:2] == (0, "")


@pytest.mark.parametrize(("listed", "found"), [("[]", ""), ("[policies/naming.py]", FOUND), ("[other.py]", "")])
def test_a_policy_says_which_may_run(desk: Desk, listed: str, found: str) -> None:
    desk.write("policy.yaml", f"rules: {{plugins: {listed}}}\n")
    assert out(desk, "--policy", "policy.yaml") == found


def test_plan_and_render_do_not_mind_the_names_of_own_rules(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", "rules: {plugins: [policies/naming.py], team-naming: error}\n")
    assert desk.run("render").code == 0


def test_the_names_of_rules_are_still_checked(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", "rules:\n  plugins: [policies/naming.py]\n  team-namin: error\n")
    found = desk.run("lint")
    assert found.code == 78
    assert 'kafka-gitops.yaml:3:3: There is no rule "team-namin". Did you mean "team-naming"?' in found.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = (\n", "policies/naming.py:1: '(' was never closed"),
        ("\n\n1 / 0\n", "policies/naming.py:3: the plug-in cannot be loaded: ZeroDivisionError: division by zero"),
        ("import nothing_like_it\n", "policies/naming.py:1: the plug-in cannot be loaded: ModuleNotFoundError: No mod"),
        ("raise SystemExit\n", "policies/naming.py:1: the plug-in cannot be loaded: SystemExit"),
        ("", "policies/naming.py: NAME is None, expected words with hyphens such as team-naming"),
        ("NAME = 'Team'\n", "policies/naming.py: NAME is 'Team', expected words with hyphens"),
        ("NAME = 'a'\n", "policies/naming.py: SEVERITY is None, expected a Severity such as Severity.warning"),
        (
            RULE.replace('{"most": 5}', "{'most': None}"),
            "policies/naming.py: OPTIONS is not a mapping of names to defaults",
        ),
        (RULE.replace("def check", "def chek"), "policies/naming.py: there is no check(topology, options)"),
        (RULE.replace("team-naming", "topic-owner"), "policies/naming.py: there is already a rule topic-owner"),
        (
            RULE.replace("len(declared.name)", "len(declared.nam)"),
            "policies/naming.py:13: the rule team-naming failed: AttributeError: 'TopicDecl' object has no attribute 'nam'",
        ),
        (
            RULE.replace("yield Note", "yield str"),
            "policies/naming.py:14: the rule team-naming failed: TypeError: ",
        ),
    ],
)
def test_what_is_wrong_with_one_is_one_sentence(desk: Desk, text: str, said: str) -> None:
    desk.write("policies/naming.py", text)
    found = desk.run("lint")
    assert (found.code, found.out) == (78, "")
    assert found.err.startswith(f"error: {said}")
    assert "Traceback" not in found.err


def test_a_rule_that_yields_something_else(desk: Desk) -> None:
    desk.write("policies/naming.py", RULE.replace("yield Note(name_place(declared), ", "yield ("))
    assert "the rule team-naming failed: TypeError: yielded tuple, expected Note" in desk.run("lint").err


def test_never_from_outside_the_repository(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(RULE)
    (desk.home / "policies" / "link.py").symlink_to(tmp_path / "outside.py")
    for path in ("../outside.py", str(tmp_path / "outside.py"), "policies/link.py"):
        desk.write("kafka-gitops.yaml", f"rules: {{plugins: ['{path}']}}\n")
        found = desk.run("lint")
        assert found.code == 78
        assert "a plug-in must be inside the repository" in found.err
    desk.write("kafka-gitops.yaml", "rules: {plugins: [policies/none.py]}\n")
    assert "policies/none.py: there is no such file" in desk.run("lint").err


def test_below_the_config(desk: Desk) -> None:
    assert Desk(desk.home / "topologies").run("lint", "--format", "concise", "pay.yaml").out == FOUND.replace(
        "topologies/", ""
    )
