"""`import --teams`: the folders, their configs, the policies, and what the run says."""

from pathlib import Path

import pytest
from desk import Desk
from making import acl, topic
from recording import Recording, stand_in

CONFIG = """\
topology: old/
naming: {separator: "."}
kafka_version: "3.10"
manage: {topics: ["*"], principals: ["*"], cluster: [CREATE]}
roles: roles.yaml
environments:
  prod:
    bootstrap: broker:9092
    brokers: 1
    topology: elsewhere/
    broker_defaults: {default.replication.factor: "1"}
    client:
      security.protocol: SASL_PLAINTEXT
      sasl.mechanism: PLAIN
      sasl.username: ${USER_OF_RUN:-admin}
      sasl.password: secret-in-clear
"""
TEAMS = """\
teams:
  payments: {topics: ["acme.pay.*"], principals: ["User:pay-*"]}
  orders: {topics: [acme.orders.placed], principals: ["User:orders-svc"], cluster: [CREATE]}
  risk: {principals: ["User:risk"]}
"""
SAID = """\
3 topics, 5 ACLs, read from cluster cluster-1 (environment prod)
  payments: 1 topic, 2 ACLs  new/payments
  orders: 1 topic, 2 ACLs  new/orders
  risk: nothing  new/risk
In no team's files (2):
  topic legacy: no team claims it
  acl User:orders-svc may READ group *: it is on every group, and no team has all
Rights on a team's names for another team's principals (1):
  acl User:pay-svc may READ topic acme.orders.placed: orders states it for payments
note: kafka-gitops.yaml:16:22: sasl.password is written there itself; the teams' files have "${SASL_PASSWORD}"
Next:
  cd new/payments; kafka-gitops lint; kafka-gitops plan
  give the platform's repository 3 policies, which bound each team: kafka-gitops plan --policy ../policies/payments.yaml
"""
MANAGE = """\
manage:
  topics: ["acme.pay.*"]
  groups: [billing]
  transactional_ids: []
  users: ["pay-*"]
  quota_users: ["pay-*"]
  subjects: ["acme.pay.*"]
"""
OWN = f"""\
topology: topologies/
prune: [acls]
{MANAGE}naming:
  separator: "."
kafka_version: "3.10"
environments:
  prod:
    bootstrap: "broker:9092"
    brokers: 1
    broker_defaults:
      default.replication.factor: "1"
    client:
      security.protocol: SASL_PLAINTEXT
      sasl.mechanism: PLAIN
      sasl.username: "${{USER_OF_RUN:-admin}}"
      sasl.password: "${{SASL_PASSWORD}}"
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    there = {name: topic(1, 1) for name in ("acme.pay.paid", "acme.orders.placed", "legacy")}
    rights = {
        acl("pay-svc", "READ", "topic:acme.pay.paid"),
        acl("pay-svc", "READ", "topic:acme.orders.placed"),
        acl("pay-svc", "READ", "group:billing"),
        acl("orders-svc", "READ", "group:*"),
        acl("orders-svc", "CREATE", "cluster"),
    }
    stand_in(monkeypatch, Recording(topics=there, acls=rights))
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", CONFIG)
    made.write("teams.yaml", TEAMS)
    return made


def test_each_team_has_its_folder_and_its_policy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.ok("import", "--only", "topics,acls", "--teams", "teams.yaml", "--out", "new") == SAID
    new = desk.home / "new"
    assert sorted(str(path.relative_to(new)) for path in new.rglob("*") if path.is_file()) == [
        "orders/kafka-gitops.yaml",
        "orders/topologies/topology.yaml",
        "payments/kafka-gitops.yaml",
        "payments/topologies/topology.yaml",
        "policies/orders.yaml",
        "policies/payments.yaml",
        "policies/risk.yaml",
        "risk/kafka-gitops.yaml",
    ]
    assert (new / "payments" / "kafka-gitops.yaml").read_text(encoding="utf-8") == OWN
    assert (new / "policies" / "payments.yaml").read_text(encoding="utf-8") == MANAGE
    assert not [path for path in new.rglob("*.yaml") if "secret-in-clear" in path.read_text(encoding="utf-8")]
    monkeypatch.setenv("SASL_PASSWORD", "of-the-test")
    for name in ("payments", "orders"):
        team = Desk(new / name)
        assert team.run("lint", "--policy", f"../policies/{name}.yaml").code == 0
        assert team.ok("plan", "--policy", f"../policies/{name}.yaml", "--exit-code").startswith("No changes.")


@pytest.mark.parametrize(
    ("words", "teams", "code", "said"),
    [
        (("--missing",), TEAMS, 64, "--teams cuts one environment into new folders."),
        (("-e", "prod,test"), TEAMS, 64, "--teams cuts one environment into new folders."),
        ((), "teams: {policies: {}}", 64, 'no team can be called "policies"'),
        (
            (),
            "teams: {a: {topics: [x]}, b: {topics: [x]}}",
            78,
            'teams.yaml:1:40: the team "b" claims topics x, and "a"',
        ),
    ],
)
def test_what_cannot_be_cut_writes_nothing(
    desk: Desk, words: tuple[str, ...], teams: str, code: int, said: str
) -> None:
    desk.write("teams.yaml", teams)
    ran = desk.run("import", *words, "--teams", "teams.yaml", "--out", "new")
    assert ran.code == code and said in ran.err, ran
    assert not (desk.home / "new").exists()
