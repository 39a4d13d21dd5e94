"""What moves from one entry to another is a change, though the same words stand in the file before and after it."""

import pytest
from hooking import git
from judging import BASE, DAY, NEW, ORDERS, WEEK, Site, cluster, granted, site
from making import topic
from recording import Recording

__all__ = ["cluster", "site"]
TWO = """\
context: acme
projects:
- name: p
  topics:
  - name: orders
    dataType: avro
    FLAG
    config: {num.partitions: "1", replication.factor: "1"}
  - name: orders
    dataType: json
    config: {num.partitions: "1", replication.factor: "1"}
"""
ACCESS = """\
- name: acme.ledger
  config: {num.partitions: "1", replication.factor: "1"}
access:
- {principal: User:acme-intern, cannot: WRITE, topic: acme.ledger}
- {principal: User:acme-intern, cannot: READ, topic: acme.orders}
"""
REMOVED = "removed:\n- {topic: acme.lent, release: true, because: x}\n- {topic: acme.gone, because: y}\n"


def swapped(text: str, one: str, other: str) -> str:
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


@pytest.mark.parametrize("flag", ["protected: true", "keyed: true", "metadata: {owner: a}"])
def test_a_flag_moves_to_the_topic_of_another_data_type(site: Site, cluster: Recording, flag: str) -> None:
    cluster.topics = {f"acme.p.orders.{name}": topic(1, 1) for name in ("avro", "json")}
    before = TWO.replace("FLAG", flag)
    site.begin(("topologies/a.yaml", before))
    moved = TWO.replace("    FLAG\n", "").replace("dataType: json", f"dataType: json\n    {flag}")
    assert site.judge(("topologies/a.yaml", moved)).code in (1, 4)
    key = "metadata.owner" if "owner" in flag else f"topics.{flag.split(':')[0]}"
    assert f"topologies/a.yaml changes {key}" in site.reasons()
    assert "topic acme.p.orders.json changes `protected`, `keyed` or `metadata`" in site.reasons()


def test_a_flag_comes_with_the_move_to_another_file(site: Site) -> None:
    moved = BASE.replace("  protected", "  metadata: {owner: me}\n  protected")
    site.judge(("topologies/a.yaml", "context: unused\nspecial_topics: []\n"), ("topologies/b.yaml", moved))
    assert "topic acme.orders changes `protected`, `keyed` or `metadata`" in site.reasons()


def test_expectations_change_places_and_the_grant_that_one_forbade_is_made(site: Site, cluster: Recording) -> None:
    cluster.topics["acme.ledger"] = topic(1, 1)
    site.begin(("topologies/a.yaml", BASE + ACCESS))
    grant = granted("User:acme-intern", "acme.ledger").removeprefix(BASE).replace("READ", "WRITE")
    assert site.judge(("topologies/a.yaml", BASE + ACCESS + grant)).code == 1
    moved = swapped(ACCESS, "topic: acme.ledger", "topic: acme.orders")
    assert site.judge(("topologies/a.yaml", BASE + moved + grant)).code == 4
    assert "topologies/a.yaml changes access.cannot" in site.reasons()


def test_a_release_moves_to_another_topic_and_its_author_accepts_that(site: Site) -> None:
    site.begin(("topologies/a.yaml", BASE + REMOVED))
    site.write("topologies/a.yaml", BASE + swapped(REMOVED, "acme.lent", "acme.gone"))
    git(site.home, "commit", "-qam", "x\n\nKafka-Gitops-Accept: change-topic-deleted acme.lent")
    assert site.judge().code == 4
    assert "topologies/a.yaml changes removed.release" in site.reasons()
    assert any(said.endswith(": change-topic-deleted") for said in site.reasons()), site.reasons()


def test_what_the_author_accepts_still_needs_another_person(site: Site) -> None:
    site.write("topologies/a.yaml", BASE.replace(DAY, "3600000"))
    git(site.home, "commit", "-qam", "x\n\nKafka-Gitops-Accept: retention-shrink acme.orders")
    assert site.judge().code == 4
    assert any(said.endswith(": change-retention-shrink") for said in site.reasons()), site.reasons()


def test_below_a_name_that_stands_twice_nothing_is_judged_by_itself(site: Site, cluster: Recording) -> None:
    cluster.topics["acme.p.a"] = topic(1, 1, retention_ms=DAY)
    config = f'{{num.partitions: "1", replication.factor: "1", retention.ms: "{DAY}"}}'
    once = f"context: acme\nprojects:\n- name: p\n  topics:\n  - name: a\n    config: {config}\n"
    for again, reasons in (("", []), ("- name: p\n  topics: []\n", ["topologies/a.yaml changes topics.name"])):
        site.begin(("topologies/a.yaml", once + again))
        site.judge(("topologies/a.yaml", once.replace(DAY, WEEK) + again))
        assert [reason for reason in site.reasons() if reason.startswith("topologies/")][-1:] == reasons


def test_another_order_needs_no_person(site: Site) -> None:
    two = NEW.replace("acme.new", "acme.two").replace("CONFIG", "")
    site.begin(("topologies/a.yaml", f"context: unused\nspecial_topics:\n{ORDERS}{two}{REMOVED}"))
    third = two.replace("acme.two", "acme.three")
    removed = swapped(REMOVED, "{topic: acme.lent, release: true, because: x}", "{topic: acme.gone, because: y}")
    result = site.judge(("topologies/a.yaml", f"context: unused\nspecial_topics:\n{two}{third}{ORDERS}{removed}"))
    assert (result.code, site.reasons()) == (0, []), result
