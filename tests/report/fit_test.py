"""A plan at 80 columns: places drop to lines of their own, sentences wrap between words, commands stay whole."""

from pathlib import Path

import pytest
from desk import Desk, topology
from hypothesis import given
from hypothesis import strategies as st
from plan_report_test import PLAN, SIZES
from progress_test import on_a_terminal

from kafka_gitops.plan.policy import Consent
from kafka_gitops.report import plan_text
from kafka_gitops.report.fit import fit
from kafka_gitops.report.views import PlanView
from kafka_gitops.sandbox import Sandbox

AT_80 = """\
Plan for prod (cluster 5L6g3nShT…, 348 topics, 1,204 ACLs) from commit 3f2c1d9
  1 topic and 1 ACL to create, 2 topics to update, 1 topic to delete; 1 risk; 1
  cannot be done

Risks
  ! retention-shrink  topic acme.pay.orders
      604800000 (7 days) -> 86400000 (1 day): records older than 1 day are
      deleted
      topologies/pay.yaml:12
        blocks until accepted: --accept retention-shrink:acme.pay.orders

  + topic acme.pay.refunds
      topologies/pay.yaml:31
      partitions          6
      retention.ms        86400000 (1 day)
      replication         the broker's default
  ~ topic acme.pay.orders
      topologies/pay.yaml:12
      retention.ms        604800000 (7 days) -> 86400000 (1 day)
      segment.ms          7200000 (2 hours) -> default 604800000 (7 days)
        not in the file
  ~ topic acme.pay.payments
      topologies/pay.yaml:25
      partitions          3 -> 6
      note: partitions-grow: records with the same key may land in another
      partition
  - topic acme.pay.old
      topologies/pay.yaml:50
  + acl   User:reporting may READ topic acme.pay.refunds
      topologies/pay.yaml:22
"""


def test_a_plan_at_80_columns() -> None:
    text = plan_text.render(PlanView(PLAN, SIZES, Consent()))
    assert fit(text, 80).startswith(AT_80)
    assert fit(text, 200) == fit(text, None) == fit(text, 20) == text


def test_colours_take_no_room() -> None:
    text = plan_text.render(PlanView(PLAN, SIZES, Consent()))
    painted = plan_text.render(PlanView(PLAN, SIZES, Consent(), paint=lambda said, _: f"\x1b[31m{said}\x1b[0m"))
    assert fit(painted, 80).replace("\x1b[31m", "").replace("\x1b[0m", "") == fit(text, 80)


@given(st.text(alphabet="ab. -", max_size=200), st.integers(40, 90))
def test_words_are_kept_and_fit_where_they_can(line: str, width: int) -> None:
    told = fit(line, width)
    assert told.split() == line.split()
    longest = max(map(len, line.split()), default=0)
    if " -" not in line and not line.startswith("-"):
        assert all(len(one.strip()) <= max(longest, width) for one in told.splitlines())


@pytest.mark.kafka
def test_a_real_plan_on_a_real_terminal(tmp_path: Path, kafka: Sandbox, prefix: str) -> None:
    desk = Desk(tmp_path)
    desk.write(
        "t.yaml",
        topology(
            prefix, "orders-of-the-whole-company-that-came-back-to-us.returned-again-and-again retention.ms=86400000"
        ),
    )
    program = "import sys; from kafka_gitops.cli.main import main; sys.exit(main(sys.argv[1:]))"
    words = ("plan", "t.yaml", "--client-config", "client.properties")
    (desk.home / "client.properties").write_text(f"bootstrap.servers={kafka.bootstrap}\n")
    for columns in (80, 140):
        lines = on_a_terminal(program, columns, *words, cwd=desk.home).replace("\r", "").splitlines()
        assert max(map(len, lines)) <= columns + 9  # colours
        assert any(line.startswith("      t.yaml:") for line in lines) is (columns == 80)
