"""`import -e dev,test,prod` on a real broker: three environments become one set of files, and their three plans are empty."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from altering import eventually
from desk import Desk

from kafka_gitops.sandbox import Sandbox, running

pytestmark = pytest.mark.kafka
ENVIRONMENTS = {"dev": (1, 3600000, "x1"), "test": (2, 86400000, "y2"), "prod": (6, 604800000, "CN=z")}
ESTATE = """\
context: "@{env}"
projects:
- name: pay
  topics:
  - {{name: orders, config: {{num.partitions: "{size}", replication.factor: "1", retention.ms: "{kept}"}}}}
  - {{name: refunds, config: {{num.partitions: "2", replication.factor: "1", cleanup.policy: compact}}}}
  producers: [{{principal: "User:@pay-{env}"}}]
acls:
- {{principals: ["User:@{who}"], allow: [READ], topics: ["@{env}.pay.orders"], groups: ["@{env}-readers"]}}
- {{principals: ["User:@{who}"], deny: [WRITE], topics: ["@{env}.*"], hosts: [10.0.0.{size}]}}
quotas:
- {{user: "@pay-{env}", producer_byte_rate: {kept}}}
users:
- {{name: "@pay-{env}", mechanism: SCRAM-SHA-256, iterations: {rounds}, password: "${{PAY_PASSWORD}}"}}
"""
ALONE = 'special_topics:\n- {name: "@prod.audit", config: {num.partitions: "1", replication.factor: "1"}}\n'
FOLDED = """\
context: "@${values.env}"
- {principal: "User:@pay-${values.env}"}
- {name: orders, config: {num.partitions: "${values.partitions}", replication.factor: "1", \
retention.ms: "${values.retention_ms}"}}
- {name: refunds, config: {num.partitions: "2", replication.factor: "1", cleanup.policy: compact}}
- user: "@pay-${values.env}"
producer_byte_rate: ${values.producer_byte_rate}
iterations: ${values.iterations}
password: "${VARIABLE}"
"""


def config(kafka: Sandbox, prefix: str) -> dict[str, object]:
    return {
        "rules": {"topic-owner": "off"},
        "environments": {
            env: {
                "bootstrap": kafka.bootstrap,
                "brokers": 1,
                "manage": {
                    "topics": [f"{prefix}{env}.*"],
                    "groups": [f"{prefix}{env}-*"],
                    "principals": [f"User:{prefix}pay-{env}", f"User:{prefix}{who}"],
                    "users": [f"{prefix}pay-{env}"],
                },
            }
            for env, (_, _, who) in ENVIRONMENTS.items()
        },
    }


def test_three_environments_fold_into_one_set_of_files_whose_three_plans_are_empty(
    tmp_path: Path, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAY_PASSWORD", "a-password-of-tests")
    prefix = prefix.replace(".", "-")
    variable = f"{prefix}pay_env_password".replace("-", "_").upper()
    monkeypatch.setenv(variable, "a-password-of-tests")
    desk, settings = Desk(tmp_path), config(kafka, prefix)
    desk.write("kafka-gitops.yaml", yaml.safe_dump(settings))
    for env, (size, kept, who) in ENVIRONMENTS.items():
        text = ESTATE.format(env=env, size=size, kept=kept, who=who, rounds=4096 + size)
        desk.write(f"{env}/{env}.yaml", (text + ALONE * (env == "prod")).replace("@", prefix))
        desk.ok("apply", env, "-e", env, "--yes", "--accept", "deny-added")
    eventually(lambda: all(desk.run("plan", env, "-e", env, "--exit-code").code == 0 for env in ENVIRONMENTS))

    out = desk.ok("import", "-e", "dev,test,prod", "--out", "topologies")
    made = {str(path.relative_to(tmp_path)): path.read_text() for path in sorted(tmp_path.glob("topologies/**/*.yaml"))}
    for env, more in yaml.safe_load(_block(out))["environments"].items():
        settings["environments"][env] |= more  # type: ignore[index]
    desk.write("kafka-gitops.yaml", yaml.safe_dump(settings))
    assert list(made) == ["topologies/only-prod/only-prod.yaml", "topologies/topology.yaml"]
    told = made["topologies/topology.yaml"].replace(prefix, "@").replace(variable, "VARIABLE")
    assert {*FOLDED.splitlines()} <= {line.strip() for line in told.splitlines()}
    assert '"User:${values.P_principal}"' in told.replace(prefix[:-1], "P") and 'hosts: ["${values.host}"]' in told
    assert (
        "Not folded, of prod alone in topologies/only-prod (1):\n"
        f"  topic {prefix}prod.audit: not every environment has it\n"
    ) in out
    for env in ENVIRONMENTS:
        assert "matches the files" in desk.ok("plan", "-e", env, "--exit-code")
    assert desk.run("lint").code == 0
    desk.ok("import", "-e", "dev,test,prod", "--out", "again")
    assert {path: (tmp_path / path.replace("topologies", "again", 1)).read_text() for path in made} == made


def test_several_environments_are_each_named_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for named in ("dev,", "dev,dev"):
        result = desk.run("import", "-e", named, "--out", "topologies")
        assert (result.code, result.err) == (
            64,
            "error: Several environments fold, each named once.\n  For example: -e dev,test,prod\n",
        )


@pytest.mark.skipif(not os.environ.get("KAFKA_GITOPS_LONG"), reason="three clusters: make long")
def test_three_clusters_fold_whole_and_the_printed_lines_are_all_that_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAY_PASSWORD", "a-password-of-tests")
    monkeypatch.setenv("PAY_ENV_PASSWORD", "a-password-of-tests")
    with ExitStack() as stack:
        clusters = {env: stack.enter_context(running()) for env in ENVIRONMENTS}
        settings = {
            "rules": {"topic-owner": "off"},
            "environments": {env: {"bootstrap": one.bootstrap, "brokers": 1} for env, one in clusters.items()},
        }
        desk = Desk(tmp_path)
        desk.write("kafka-gitops.yaml", yaml.safe_dump(settings))
        for env, (size, kept, who) in ENVIRONMENTS.items():
            text = ESTATE.format(env=env, size=size, kept=kept, who=who, rounds=4096 + size)
            desk.write(f"{env}/{env}.yaml", text.replace("@", ""))
            desk.ok("apply", env, "-e", env, "--yes", "--accept", "deny-added")
            eventually(lambda env=env: desk.run("plan", env, "-e", env, "--exit-code").code == 0)  # type: ignore[misc]
        out = desk.ok("import", "-e", "dev,test,prod", "--out", "topologies", "--only", "topics,acls,quotas")
        assert "Not folded" not in out
        for env, more in yaml.safe_load(_block(out))["environments"].items():
            settings["environments"][env] |= more  # type: ignore[index]
        desk.write("kafka-gitops.yaml", yaml.safe_dump(settings))
        for env in ENVIRONMENTS:
            assert f"What bounds these files of {env}, for kafka-gitops.yaml" in out
            assert "matches the files" in desk.ok("plan", "-e", env, "--exit-code")


def _block(out: str) -> str:
    """The lines that the run prints for the config."""
    return out.partition("what its environments say already:\n")[2].partition("What bounds")[0].partition("Next:")[0]
