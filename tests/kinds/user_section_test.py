"""Users in files: both forms of them, and each mistake word by word with its place, never with what a password is."""

import pytest
import yaml
from reading import messages, understood

from kafka_gitops.kinds import user
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Key

HEAD = "context: c\nprojects: []\n"
SMALL, LARGE = "SCRAM-SHA-256", "SCRAM-SHA-512"


def read(text: str) -> dict[str, dict[str, Credential]]:
    """The credentials by the names of users; the text has no mistake."""
    found = understood(f"{HEAD}{text}\n")
    assert messages(found) == []
    specs = {key.name: spec for key, spec in found.wanted("user").items()}
    return {name: dict(spec.mechanisms) for name, spec in specs.items() if isinstance(spec, User)}


def wrong(text: str) -> list[str]:
    return [message.removeprefix("a.yaml:") for message in messages(understood(f"{HEAD}{text}\n"))]


def test_both_forms_at_the_top_of_a_file() -> None:
    text = f"""\
users:
- {{name: app, mechanism: {LARGE}, iterations: 8192, password: "${{APP}}", rotate: 2026-11-01}}
- {{name: "User:batch", mechanisms: {{{SMALL}: {{password: "${{OLD}}"}}, {LARGE}: {{password: "${{NEW}}", rotate: 2}}}}}}
"""
    assert read(text) == {
        "app": {LARGE: Credential(8192, "APP", "2026-11-01")},
        "batch": {SMALL: Credential(None, "OLD"), LARGE: Credential(None, "NEW", "2")},
    }


@pytest.mark.parametrize("segment", ["eu", "{a: b}"])
def test_what_is_no_list_stays_a_part_of_names(segment: str) -> None:
    found = understood(f"context: c\nusers: {segment}\nprojects: [{{name: p, topics: [{{name: t}}]}}]\n")
    assert found.of("user") == ()


def test_a_project_has_users() -> None:
    found = understood(
        f'context: c\nprojects: [{{name: p, users: [{{name: a, mechanism: {LARGE}, password: "${{A}}"}}]}}]\n'
    )
    assert [declared.project for declared in found.of("user")] == ["p"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('users: [{name: a, password: "${A}"}]',
         ['3:10: error missing-key a user needs the key "mechanism" (say how it logs in: mechanism: SCRAM-SHA-512)']),
        ("users: [{name: a, mechanism: SCRAM-SHA-512}]",
         ['3:10: error missing-key a user needs the key "password"'
          ' (write the name of a variable: password: "${ORDERS_PASSWORD}")']),
        ('users: [{name: a, mechanism: PLAIN, password: "${A}"}]',
         ['3:30: error wrong-type found text, "PLAIN", expected one of SCRAM-SHA-256, SCRAM-SHA-512']),
        ('users: [{name: a, mechanism: SCRAM-SHA-512, iterations: 4095, password: "${A}"}]',
         ['3:57: error wrong-type found a number, "4095", expected a whole number from 4096 to 16384']),
        ('users: [{name: a, mechanism: SCRAM-SHA-512, iterations: 16385, password: "${A}"}]',
         ['3:57: error wrong-type found a number, "16385", expected a whole number from 4096 to 16384']),
        ("users: [{name: a, mechanism: SCRAM-SHA-512, password: [canary-1, canary-2]}]",
         ["3:56: error wrong-type found a list, expected the name of a variable, as ${NAME}"
          ' (write the name of a variable: password: "${ORDERS_PASSWORD}")']),
        ("users: [{name: a, mechanism: SCRAM-SHA-512, mechanisms: {SCRAM-SHA-256: {password: '${A}'}}}]",
         ['3:19: error unknown-key "mechanism" stands beside "mechanisms", which says it for each'
          " (move it there, or delete one of the two)"]),
        ("users: [{name: a, mechanisms: {}}]",
         ["3:31: error missing-key a user needs a mechanism (say how it logs in: mechanism: SCRAM-SHA-512)"]),
        ("users: [{name: '', mechanism: SCRAM-SHA-512, password: '${A}'}]",
         ["3:16: error missing-key the name of the user is empty (say who it is by the bare name: name: NAME)"]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(text: str, expected: list[str]) -> None:
    assert wrong(text) == expected
    assert "canary" not in "".join(wrong(text))


def test_declared_and_removed_is_a_contradiction_but_for_another_mechanism() -> None:
    declared = f'users: [{{name: a, mechanism: {LARGE}, password: "${{A}}"}}]\n'
    assert wrong(f"{declared}removed: [{{user: a, mechanism: {SMALL}}}]") == []
    for removal in ("{user: a}", f"{{user: a, mechanism: {LARGE}}}"):
        (told,) = wrong(f"{declared}removed: [{removal}]")
        assert told.startswith("4:") and "both declared and removed" in told


def test_what_is_exported_is_read_again() -> None:
    for found in ({LARGE: 8192}, {LARGE: 8192, SMALL: 4096}):
        spec = User({mechanism: Credential(iterations) for mechanism, iterations in found.items()})
        section, entry = user.export(Key("user", "my app"), spec)
        again = read(yaml.safe_dump({section: [entry]}))["my app"]
        assert {mechanism: credential.iterations for mechanism, credential in again.items()} == found
        assert {credential.variable for credential in again.values()} == {"MY_APP_PASSWORD"}
