"""`owner` and `ledger`: two forms, two levels, and a policy that only makes them stricter."""

from collections.abc import Callable
from pathlib import Path

import pytest
from configuring import Ran, effective, home, refusal, run

from kafka_gitops.settings import Ledger

__all__ = ["home", "run"]
pytestmark = pytest.mark.usefixtures("home")

FILE = """\
owner: payments
ledger: {actors: id}
environments: {prod: {ledger: required}, dev: {ledger: {mode: optional, keep: 30d}}, test: {}}
"""


def policy(text: str) -> str:
    """The path of a policy with this text."""
    Path("policy.yaml").write_text(text, encoding="utf-8")
    return "policy.yaml"


def test_it_is_off_unless_somebody_says_so() -> None:
    assert effective().settings.ledger == Ledger("off", None, "login", 400)
    assert not effective(FILE, environment="test").settings.ledger.on


def test_a_word_stands_for_its_mode_and_levels_merge() -> None:
    assert effective(FILE, environment="prod").settings.ledger == Ledger("required", "payments", "id", 400)
    assert effective(FILE, environment="dev").settings.ledger == Ledger("optional", "payments", "id", 30)
    for both in ("ledger: required", "ledger: {mode: required, keep: 9d}"):
        text = f"{both}\nenvironments: {{prod: {{ledger: optional}}}}\n"
        assert effective(text, environment="prod").settings.ledger.mode == "optional"


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        ("off", "optional", Ledger("optional")),
        ("off", "{mode: required, actors: id}", Ledger("required", actors="id")),
        ("required", "off", Ledger("required")),
        ("{mode: required, actors: none, keep: 90d}", "{mode: optional, actors: id, keep: 30d}", None),
        ("{mode: optional, keep: 90d}", "{keep: 400d}", Ledger("optional", keep=400)),
    ],
)
def test_a_policy_makes_it_stricter(ours: str, theirs: str, found: Ledger | None) -> None:
    found = Ledger("required", None, "none", 90) if found is None else found
    assert effective(f"ledger: {ours}\n", policy=policy(f"ledger: {theirs}\n")).settings.ledger == found


def test_a_policy_names_no_owner() -> None:
    assert refusal(policy=policy("owner: x\n")).startswith('[78] policy.yaml:1:1: a policy has no key "owner"')


def test_what_it_cannot_be_is_said_with_its_place() -> None:
    assert refusal("ledger: on\n") == (
        '[78] kafka-gitops.yaml:1:9: found true/false, "on", expected one of off, optional, required or a mapping (a ledger)'
    )
    assert refusal("ledger: {keep: 5w, who: x}\nowner: ''\n").splitlines() == [
        '[78] kafka-gitops.yaml:1:16: found text, "5w", expected a number of days, such as 400d',
        'kafka-gitops.yaml:1:20: a ledger has no key "who"; known keys: actors, keep, mode',
        "kafka-gitops.yaml:2:8: found text, expected a name of up to 200 characters",
    ]


def test_config_shows_it_with_its_origin(run: Callable[..., Ran]) -> None:
    Path("kafka-gitops.yaml").write_text(FILE, encoding="utf-8")
    shown = run("config", "-e", "prod").out.splitlines()
    first = next(at for at, line in enumerate(shown) if line.startswith("owner"))
    assert shown[first : first + 5] == [
        "owner: payments                                   # kafka-gitops.yaml:1:8",
        "ledger:",
        "  mode: required                                  # kafka-gitops.yaml:3:31",
        "  actors: id                                      # kafka-gitops.yaml:2:18",
        '  keep: "400d"                                    # default',
    ]
    Path("kafka-gitops.yaml").write_text("ledger: {mode: required}\n", encoding="utf-8")
    assert "ledger: required                                  # kafka-gitops.yaml:1:16" in run("config").out
    Path("kafka-gitops.yaml").write_text("", encoding="utf-8")
    assert "ledger" not in run("config").out
