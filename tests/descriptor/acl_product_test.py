"""An item of `acls` is multiplied only when the product is one that somebody can look at."""

import time

import pytest
from linting import TODAY, read
from reading import messages

from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import binding_place
from kafka_gitops.settings import RuleSetting, Settings

HELP = " (name a prefix for topics, ALL for operations, or fewer of each)"


def item(*, principals: int, topics: int, groups: int = 0, hosts: int = 1, number: int = 0) -> str:
    def named(form: str, count: int) -> str:
        return ", ".join(f"{form}{number}.{one}" for one in range(count))

    more = f"\n  groups: [{named('g', groups)}]" if groups else ""
    return (
        f"- principals: [{named('User:p', principals)}]\n  allow: [READ, DESCRIBE]\n  topics: [{named('t', topics)}]"
        f"{more}\n  hosts: [{', '.join(f'10.0.0.{one}' for one in range(hosts))}]\n"
    )


def topology(*items: str) -> Topology:
    return read("context: c\nprojects: []\nacls:\n" + "".join(items))


def test_the_most_that_one_item_gives() -> None:
    found = topology(item(principals=50, topics=60, groups=40, hosts=1))
    assert (len(found.acls), messages(found)) == (10_000, [])


@pytest.mark.parametrize(
    ("principals", "topics", "groups", "hosts", "count"),
    [(51, 60, 40, 1, "10,200"), (50, 60, 40, 2, "20,000"), (1000, 1000, 0, 1, "2,000,000")],
)
def test_one_item_that_gives_too_many(principals: int, topics: int, groups: int, hosts: int, count: str) -> None:
    found = topology(item(principals=principals, topics=topics, groups=groups, hosts=hosts))
    said = f"this item multiplies to {count} bindings, at most 10,000 are read"
    assert messages(found) == [f"t.yaml:4:3: error acl-too-many {said}{HELP}"]
    assert found.acls == {}


def test_all_items_that_give_too_many() -> None:
    found = topology(*(item(principals=50, topics=100, number=number) for number in range(11)))
    said = "the items of acls multiply to 110,000 bindings here, at most 100,000 are read"
    assert messages(found) == [f"t.yaml:44:3: error acl-too-many {said}{HELP}"]
    assert len(found.acls) == 100_000


def test_forty_items_are_refused_before_they_are_multiplied() -> None:
    begun = time.process_time()
    found = topology(*(item(principals=1000, topics=1000, number=number) for number in range(40)))
    assert [one.rule for one in lint.run(found, Settings(), today=TODAY)] == ["acl-too-many"] * 40
    assert time.process_time() - begun < 5


def test_nothing_silences_it() -> None:
    waiver = "# kafka-gitops: allow acl-too-many: many\n"
    found = lint.run(topology(waiver, item(principals=1000, topics=1000)), Settings(), today=TODAY)
    assert [one.rule for one in found] == ["waiver-malformed", "acl-too-many"]
    off = Settings(rules={"acl-too-many": RuleSetting(Severity.off, place="kafka-gitops.yaml:1:9")})
    with pytest.raises(ConfigError) as caught:
        lint.run(topology(), off)
    assert caught.value.message == (
        "kafka-gitops.yaml:1:9: The rule acl-too-many is always error, not off: a plan refuses the same."
    )


LITERAL = """context: c
projects: []
acls:
- principals: ["User:a"]
  allow: [READ]
  topics: ["t*", {literal: "t*"}, {literal: u}]
  groups: [{literal: "g*"}]
removed:
- {acl: {principals: ["User:a"], allow: [CREATE_TOKENS], users: [{literal: "User:x*"}]}}
"""


def test_a_literal_name_that_ends_in_a_star_stands_for_itself() -> None:
    found = read(LITERAL)
    assert messages(found) == []
    assert list(map(str, found.acls)) == [
        "User:a may READ topic t*",
        'User:a may READ topic "t*"',
        "User:a may READ topic u",
        'User:a may READ group "g*"',
    ]
    assert list(map(str, found.revoked)) == ['User:a may CREATE_TOKENS user "User:x*"']
    grant = found.grants[0]
    places = {str(acl): binding_place(grant, acl).column for acl in grant.acls}
    assert [*places.values()] == [12, 19, 36, 13]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ('{literal: "*"}', '6:22: error wrong-type no name is a literal "*": for Kafka it is every name (write "*" for every name)'),
        ("{literl: a}", '6:13: error unknown-key a literal name has no key "literl" (did you mean "literal"?; known keys: literal)'),
        ("{}", '6:12: error missing-key a literal name needs the key "literal"'),
        ("[a]", '6:13: error wrong-type found a list, expected text (write "a")'),
        ("{literal: [a]}", '6:23: error wrong-type found a list, expected text (write "a")'),
    ],
)  # fmt: skip
def test_what_is_no_literal_name(name: str, said: str) -> None:
    text = f'context: c\nprojects: []\nacls:\n- principals: ["User:a"]\n  allow: [READ]\n  topics: [{name}]\n'
    assert messages(read(text)) == [f"t.yaml:{said}"]
