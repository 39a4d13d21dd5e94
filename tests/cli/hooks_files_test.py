"""The commit hook for changed files, each by itself, in real pre-commit and real prek."""

import pytest
from hooking import FILES, Repository
from hooks_test import BAD, EXPECTED, GOOD, problem

pytestmark = pytest.mark.hooks


def test_the_hook_for_files_reads_each_by_itself(repository: Repository) -> None:
    repository.commit(
        ("topologies/access.yaml", EXPECTED),
        ("topologies/a.yaml", GOOD.format("pay")),
        ("topologies/b.yaml", BAD.format("pay")),
        hook=FILES,
    )
    assert repository.findings("--all-files") == [problem("topologies/b.yaml")]


def test_the_hook_for_files_leaves_alone_what_is_no_topology_here(repository: Repository) -> None:
    repository.commit(
        ("kafka-gitops.yaml", "topology: topologies\nplans: topologies/plans.yaml\nroles: topologies/roles.yaml\n"),
        ("topologies/plans.yaml", "plans: {small: {config: {num.partitions: '1'}}}\n"),
        ("topologies/roles.yaml", "roles: []\n"),
        ("topologies/a.yaml", GOOD.format("pay").replace("orders", "orders\n    plan: small")),
        ("examples/topologies/b.yaml", BAD.format("pay")),
        ("k8s/deployment.yaml", "kind: Deployment\n"),
        hook=FILES,
    )
    assert repository.findings("--all-files") == []
