"""What a change adds that silences findings is listed in the comment, the summary and the log of its pipeline."""

from pathlib import Path

import pytest
from ci_trust_test import Site, site
from hooking import git, head

from kafka_gitops.ci import Context, Result, body
from kafka_gitops.lint.silences import ACCEPTANCE, BASELINE, WAIVER, Silence, of_waivers
from kafka_gitops.report import silenced
from kafka_gitops.text.source import Source, parse

__all__ = ["site"]
WIDE = """\
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: kept
    config: {retention.ms: "-1"}
"""
WAIVED = WIDE.replace("    config", "    # kafka-gitops: allow topic-retention: audit log\n    config")
CONFIG = "baseline: known.json\nenvironments: {{prod: {{bootstrap: '127.0.0.1:9'}}}}\n"


def source(text: str, path: str = "t.yaml") -> Source:
    return parse(path, text)


def test_a_waiver_that_is_new_or_covers_something_else_is_told() -> None:
    (told,) = of_waivers([source(WIDE)], [source(WAIVED)])
    assert told == Silence(WAIVER, "topic-retention", "audit log", "t.yaml", 7)
    assert list(of_waivers([source(WAIVED)], [source(f"# moved\n{WAIVED}", "other.yaml")])) == []
    assert len(list(of_waivers([source(WAIVED)], [source(WAIVED.replace('"-1"', '"-2"'))]))) == 1
    assert len(list(of_waivers([source(WAIVED)], [source(WAIVED), source(WAIVED, "b.yaml")]))) == 1


def test_what_does_not_count_as_a_waiver_is_none() -> None:
    assert list(of_waivers([], [source(WAIVED.replace(": audit log", ""))])) == []


MANY = [
    *(Silence(WAIVER, "topic-owner", "soon", f"topologies/p{n}.yaml", 3) for n in range(500)),
    Silence(BASELINE, "topic-unused", "topologies/a.yaml/projects/pay/topics/orders"),
    Silence(WAIVER, "acl-operation-broad", "it ``` needs | <b>it</b>\n::error::x", "topologies/zz.yaml", 7),
    Silence(ACCEPTANCE, "cluster-admin", "User:zzz may ALTER cluster, by Eve @all (commit 1a2b3c4)"),
]


def test_acceptances_and_rules_about_rights_come_first_and_a_rule_takes_one_line() -> None:
    assert list(silenced.lines(MANY)) == [
        "This change silences findings",
        "  1 acceptance of cluster-admin: User:zzz may ALTER cluster, by Eve @all (commit 1a2b3c4)",
        "  1 waiver of acl-operation-broad: it ``` needs | <b>it</b>\\n::error::x (topologies/zz.yaml:7)",
        "  500 waivers of topic-owner: first: soon (topologies/p0.yaml:3)",
        "  1 baseline entry of topic-unused: topologies/a.yaml/projects/pay/topics/orders",
    ]
    text = body.render(Context("github"), Result("lint", "lint", silences=MANY))
    assert text.startswith(
        "**This change silences findings**\n\n"
        "* 1 acceptance of `cluster-admin`: User:zzz may ALTER cluster, by Eve @\u200ball \\(commit 1a2b3c4\\)\n"
        "* 1 waiver of `acl-operation-broad`: ````it ``` needs \\| <b>it</b> ::error::x```` (`topologies/zz.yaml:7`)\n"
        "* 500 waivers of `topic-owner`: first: `soon` (`topologies/p0.yaml:3`)\n"
    )


def test_made_up_names_are_cut_and_counted() -> None:
    made = [Silence(ACCEPTANCE, f"no-{number}", "x") for number in range(1000)]
    assert list(silenced.lines(made))[-1] == "  and 850 more rules: see the files and the commits"
    assert len(silenced.markdown(made, None).encode()) < 20_000


@pytest.mark.parametrize("words", [("plan",), ("lint",)])
def test_a_pull_request_lists_what_it_silences(site: Site, words: tuple[str, ...]) -> None:
    (site.home / "kafka-gitops.yaml").unlink()
    site.commit(("kafka-gitops.yaml", CONFIG.replace("{{", "{").replace("}}", "}")), ("topologies/a.yaml", WIDE))
    site.ok("lint", "--write-baseline=known.json", "--config", "/dev/null", "topologies")
    git(site.home, "add", "-A")
    git(site.home, "commit", "-qm", "a baseline")
    site.base = head(site.home)
    known = (site.home / "known.json").read_text()
    more = '{"fingerprint": "f", "rule": "acl-anyone", "path": "topologies/a.yaml", "address": "/x"},\n  {'
    site.commit(("topologies/a.yaml", WAIVED), ("known.json", known.replace("{\n   ", f"{more}\n   ", 1)))
    git(site.home, "commit", "-qm", "go\n\nKafka-Gitops-Accept: topic-delete acme.pay.orders", "--allow-empty")
    result = site.pull(*words)
    for where in (result.out, Path(site.home, "kafka-gitops-reports", "summary.md").read_text()):
        assert "This change silences findings" in where, result
        for said in (
            "1 acceptance of",
            "topic-delete",
            "1 waiver of",
            "audit log",
            "1 baseline entry of",
            "acl-anyone",
        ):
            assert said in where
