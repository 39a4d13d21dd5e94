"""What may be merged without a person, and changes that try to slip through: real files and git, a cluster in memory."""

from pathlib import Path

import pytest
from hooking import git
from judging import BASE, CONFIG, DAY, GRANT, MANAGE, NEW, ORDERS, WEEK, Site, cluster, granted, new, site
from making import acl, topic
from recording import Recording

from kafka_gitops.cli import planning
from kafka_gitops.plan.autoapprove import elsewhere

__all__ = ["cluster", "site"]
GOOD = {
    "a comment": BASE + "# words\n",
    "a new topic": new(),
    "a compacted topic": new(", cleanup.policy: compact"),
    "longer retention": BASE.replace(DAY, WEEK),
    "unlimited retention": BASE.replace(DAY, "-1"),
    "a grant": granted(),
    "a prefix within the scope": granted(what='"acme.orders.*"'),
}
SNEAKY = {
    "a smuggled config": (new(", unclean.leader.election.enable: 'true'"), "sets unclean.leader.election.enable"),
    "small segments": (new(", segment.ms: '60000'"), "sets segment.ms"),
    "shorter retention": (BASE.replace(DAY, "3600000"), "changes retention.ms"),
    "another size": (BASE.replace(f'"{DAY}"', f'"{WEEK}", retention.bytes: "1"'), "changes retention.bytes"),
    "more partitions": (BASE.replace('partitions: "1"', 'partitions: "2"'), "changes partitions from 1 to 2"),
    "another policy": (BASE.replace(DAY, f'{DAY}", cleanup.policy: "compact'), "changes cleanup.policy"),
    "protected removed": (BASE.replace("  protected: true\n", ""), "changes special_topics.protected"),
    "protected moved": (
        BASE.replace("  protected: true\n", "") + NEW.replace("CONFIG", "") + "  protected: true\n",
        "changes special_topics.protected",
    ),
    "a topic dropped": ("context: unused\nspecial_topics: []\n", "topic acme.orders is taken away"),
    "a removal": (BASE + "removed: [{topic: acme.old}]\n", "changes removed.topic"),
    "a project that is let go of": (BASE + "removed: [{release: {project: pay}}]\n", "changes release.project"),
    "patterns that are let go of": (BASE + "removed: [{release: {groups: [g]}}]\n", "changes release.groups"),
    "an expectation": (BASE + "access: [{principal: User:x, cannot: READ, topic: acme.orders}]\n", "changes access"),
    "a deny": (granted().replace("allow:", "deny:"), "only DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE"),
    "all operations": (granted().replace("[READ]", "[ALL]"), "only DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE"),
    "the cluster": (
        granted().replace("topics: [acme.orders]", "cluster: true").replace("READ", "IDEMPOTENT_WRITE"),
        "only DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE",
    ),
    "a right removed": (
        BASE + "removed: [{acl: {principals: [User:acme-app], allow: [READ], topics: [acme.orders]}}]\n",
        "changes acl.",
    ),
    "a transactional id, which manage does not state": (
        granted().replace("topics: [acme.orders]", "transactional_ids: [acme.x]").replace("READ", "WRITE"),
        "`manage.transactional_ids`",
    ),
    "a protected topic": (
        new().replace("- name: acme.new", "- name: acme.new\n  protected: true"),
        "changes special_topics",
    ),
    "a reason that silences a warning": (
        new().replace("- name: acme.new", "- name: acme.new\n  metadata: {retention-reason: x}"),
        "gives a reason in `metadata`, which silences a warning",
    ),
    "a prefix of more than one project": (granted(what='"acme.*"'), "the prefix covers more than one project"),
    "a prefix of groups": (
        granted(what='"acme.*"').replace("  topics: [", "  groups: ["),
        "User:acme-app may READ group acme.*: the prefix covers more than one project",
    ),
    "a waiver": (BASE.replace("  protected", "  # kafka-gitops: allow topic-owner: x\n  protected"), "a waiver, or"),
}


HIDDEN = {  # what cannot be seen, or is taken for another: an error, or a warning of which a person decides
    "a filler": (granted(who='"User:acme-app\\u3164"'), "no plan was made"),
    "an accent of its own": (granted(who='"User:acme-app\\u0301"'), "no plan was made"),
    "a Cyrillic letter": (granted(who='"User:acme-\\u0430pp"'), "name-mixed-scripts"),
    "a line end of YAML alone": (f"# see the wiki\x85removed: [{{topic: acme.orders}}]\n{BASE}", "no plan was made"),
    "text turned around": (f"{BASE}# \u202e\n", "no plan was made"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_hides_needs_a_person(site: Site, name: str) -> None:
    text, reason = HIDDEN[name]
    result = site.judge(("topologies/a.yaml", text))
    assert result.code in (1, 4) and "May be merged" not in result.out, result
    assert any(reason in one for one in site.reasons()), (site.reasons(), result)


def test_a_file_of_which_git_shows_no_diff_needs_a_person(site: Site) -> None:
    (site.home / "topologies" / "a.yaml").write_bytes(new().encode("utf-16"))
    result = site.judge()
    assert result.code == 4 and "May be merged" not in result.out, result
    assert any("file-encoding" in one for one in site.reasons()), site.reasons()


OUTSIDE = {  # lint stops these before; the list has to know them by itself
    "the cluster": (
        granted().replace("topics: [acme.orders]", "cluster: true").replace("READ", "ALTER"),
        "only DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE",
    ),
    "a topic outside the scope": (new().replace("acme.new", "bank.new"), "topic bank.new is outside"),
    "a wider prefix": (granted(what='"acm*"'), "outside the repository's own"),
    "every topic": (granted(what='"*"'), "outside the repository's own"),
    "everybody": (granted(who='"User:*"'), "the principal is not one of"),
    "who has not logged in": (granted(who="User:ANONYMOUS"), "the principal is not one of"),
    "another principal": (granted(who="User:bank"), "outside the repository's own"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_on_the_list_needs_no_person(site: Site, name: str) -> None:
    result = site.judge(("topologies/a.yaml", GOOD[name]))
    assert result.code == 0, (result, site.reasons())
    assert "May be merged without a person" in result.out
    assert site.reasons() == []


@pytest.mark.parametrize("name", SNEAKY)
def test_what_is_not_on_the_list_needs_one(site: Site, name: str) -> None:
    text, reason = SNEAKY[name]
    result = site.judge(("topologies/a.yaml", text))
    assert result.code in (1, 4), result
    assert "May be merged" not in result.out
    assert any(reason in one for one in site.reasons()), (site.reasons(), result)


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_outside_is_stopped_by_lint_and_not_on_the_list(
    site: Site, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    text, reason = OUTSIDE[name]
    result = site.judge(("topologies/a.yaml", text))
    assert (result.code, site.reasons()) == (1, ["no plan was made"])
    monkeypatch.setattr(planning, "_stop_on_errors", lambda *_: None)
    assert site.judge().code == 1
    assert any(reason in one for one in site.reasons()), site.reasons()


def test_longer_on_one_topic_does_not_hide_shorter_on_another(site: Site, cluster: Recording) -> None:
    cluster.topics["acme.pay"] = topic(1, 1, retention_ms=WEEK)
    git(site.home, "checkout", "-q", "main")
    both = BASE + ORDERS.replace("acme.orders", "acme.pay").replace(DAY, WEEK)
    site.commit(("topologies/a.yaml", both))
    git(site.home, "checkout", "-q", "-B", "change")
    swapped = both.replace(DAY, "x").replace(WEEK, DAY).replace('"x"', f'"{WEEK}"')
    assert site.judge(("topologies/a.yaml", swapped)).code in (1, 4)
    assert f"topic acme.pay changes retention.ms from {WEEK} to {DAY}" in site.reasons()


@pytest.mark.parametrize(("topics", "approved"), [(19, True), (20, False)])
def test_many_at_once_need_a_person(site: Site, topics: int, approved: bool) -> None:
    """A grant counts once for a principal and a resource, whatever its operations."""
    one = NEW.replace("CONFIG", "")
    grant = GRANT.replace("WHO", "User:acme-app").replace("WHAT", "acme.orders").replace("READ", "READ, DESCRIBE")
    text = BASE + "".join(one.replace("acme.new", f"acme.n{number}") for number in range(topics)) + grant
    assert site.judge(("topologies/a.yaml", text)).code == (0 if approved else 4)
    said = "creates or changes 21 topics and grants, without a person at most 20 (`limits.auto_approve`)"
    assert site.reasons() == ([] if approved else [said])


def test_the_files_count_where_the_cluster_has_it_already(site: Site, cluster: Recording) -> None:
    site.begin(("kafka-gitops.yaml", MANAGE + CONFIG + "limits: {auto_approve: 0}\n"))
    cluster.acls.add(acl("acme-app", "READ", "topic:acme.orders"))
    assert site.judge(("topologies/a.yaml", granted())).code == 4
    said = "creates or changes 1 topic or grant, without a person at most 0 (`limits.auto_approve`)"
    assert site.reasons() == [said]


@pytest.mark.parametrize("name", ["roles.yaml", "policy.yaml", ".gitlab-ci.yml", "topologies/x.txt", "CODEOWNERS"])
def test_any_other_file_needs_a_person(site: Site, name: str) -> None:
    result = site.judge(("topologies/a.yaml", new()), (name, "roles: [] # edited\n"))
    assert result.code == 4, result
    assert f"the file {Path(name).name} is changed and is not a topology file" in site.reasons()


def test_an_edited_config_is_not_even_planned(site: Site) -> None:
    result = site.judge(("kafka-gitops.yaml", MANAGE.replace("acme.*", "*") + CONFIG), ("topologies/a.yaml", new()))
    assert result.code == 4, result
    assert site.reasons() == ["no plan was made"]


def test_a_link_needs_a_person(site: Site) -> None:
    (site.home / "topologies" / "a.yaml").rename(site.home / "elsewhere.txt")
    (site.home / "topologies" / "a.yaml").symlink_to("../elsewhere.txt")
    result = site.judge()
    assert result.code == 4, result
    assert "this change edits topologies/a.yaml: a link or a submodule" in result.out
    assert site.reasons() == ["no plan was made"]


def test_only_what_was_read_as_itself_is_a_topology_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from a directory of the repository that reads what lies beside it."""
    home = tmp_path.resolve() / "streams"
    home.mkdir()
    monkeypatch.chdir(home)
    (home / "link.yaml").symlink_to("a.yaml")
    read = ["a.yaml", "../other/b.yaml", "link.yaml"]
    assert elsewhere([home / "a.yaml", home.parent / "other" / "b.yaml"], read) == []
    assert elsewhere([home.parent / "README.md", home / "link.yaml"], read) == [
        "the file README.md is changed and is not a topology file",
        "the file link.yaml is changed and is not a topology file",
    ]


def test_a_file_that_leaves_the_topology_needs_a_person(site: Site) -> None:
    git(site.home, "mv", "topologies/a.yaml", "a.yaml")
    assert site.judge(("topologies/b.yaml", new())).code == 4
    assert "the file a.yaml is changed and is not a topology file" in site.reasons()


def test_a_new_topic_under_an_old_waiver_needs_a_person(site: Site) -> None:
    git(site.home, "checkout", "-q", "main")
    waived = BASE.replace("special_topics", "# kafka-gitops: allow topic-name-pattern: old\nspecial_topics")
    site.commit(("topologies/a.yaml", waived))
    git(site.home, "checkout", "-q", "-B", "change")
    site.judge(("topologies/a.yaml", waived + NEW.replace("CONFIG", "")))
    assert "a waiver, or what it covers, is changed" in site.reasons()


def test_without_manage_nobody_has_anything_of_his_own(site: Site) -> None:
    git(site.home, "checkout", "-q", "main")
    site.commit(("kafka-gitops.yaml", CONFIG))
    git(site.home, "checkout", "-q", "-B", "change")
    assert site.judge(("topologies/a.yaml", new())).code == 4
    assert "`manage` does not say what is the repository's own" in site.reasons()


def test_a_branch_from_before_a_stricter_config_needs_a_person(site: Site) -> None:
    git(site.home, "checkout", "-q", "main")
    site.commit(("kafka-gitops.yaml", MANAGE.replace("acme.*", "bank.*") + CONFIG))
    git(site.home, "checkout", "-q", "change")
    result = site.judge(("topologies/a.yaml", new()))
    assert (result.code, site.reasons()) == (1, ["no plan was made"]), result
    assert 'the topic "acme.new" is outside `manage`' in result.err  # of the main branch


def test_a_branch_that_lacks_commits_of_its_target_needs_a_person(site: Site) -> None:
    git(site.home, "checkout", "-q", "main")
    site.commit(("README.md", "words"))
    git(site.home, "checkout", "-q", "change")
    assert site.judge(("topologies/a.yaml", new())).code == 4
    assert site.reasons() == ["the target has commits that this change does not have: rebase it"]


def test_a_topic_that_somebody_made_already_needs_a_person(site: Site, cluster: Recording) -> None:
    cluster.topics["acme.new"] = topic(1, 1)
    assert site.judge(("topologies/a.yaml", new())).code == 4
    assert site.reasons() == ["topic acme.new is on the cluster already"]


def test_an_error_that_the_run_lets_pass_needs_a_person(site: Site) -> None:
    git(site.home, "checkout", "-q", "main")
    site.commit(
        (
            "kafka-gitops.yaml",
            (MANAGE + CONFIG).replace("topic-retention: off", "topic-retention: {max: 1h, severity: error}"),
        )
    )
    git(site.home, "checkout", "-qb", "another")
    result = site.judge(("topologies/a.yaml", new(', retention.ms: "3000000"')), words=("--fail-on", "never"))
    assert (result.code, site.reasons()) == (4, ["lint has findings that fail the run"])


def test_a_verdict_is_about_a_plan(site: Site) -> None:
    result = site.run("ci", "apply", "--auto-approve", "--base", "main", "--yes")
    assert result.code == 64
    assert "--auto-approve judges a plan" in result.err


@pytest.mark.parametrize(("text", "verdict"), [(new(), "true"), (SNEAKY["a smuggled config"][0], "false")])
def test_github_gets_an_output(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, verdict: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    (tmp_path / "event.json").write_text('{"repository": {"default_branch": "main"}}')
    git(site.home, "update-ref", "refs/remotes/origin/main", "main")
    result = site.judge(("topologies/a.yaml", text))
    assert ("::notice title=kafka-gitops::Needs a person: " in result.out, "::error" in result.out) == (
        verdict == "false",
        False,
    )
    lines = (tmp_path / "output").read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("auto-approve<<"))
    assert lines[at + 1] == verdict


READS = "- principals: [User:acme-other]\n  allow: [READ]\n  groups: [{group}]\n"


@pytest.mark.parametrize(
    ("theirs", "mine", "shared"),
    [
        ("acme.pay", "acme.pay", True),
        ('"acme.pay*"', "acme.pay-1", True),
        ("acme.pay-1", '"acme.pay*"', True),
        ('"acme.p*"', '"acme.pay*"', True),
        ("acme.pay", "acme.ship", False),
        ("acme.pay", "acme.pay-1", False),
    ],
)
def test_the_group_of_another_principal_needs_a_person(site: Site, theirs: str, mine: str, shared: bool) -> None:
    begun = BASE + "acls:\n" + READS.format(group=theirs)
    site.begin(("topologies/a.yaml", begun))
    given = READS.format(group=mine).replace("acme-other", "acme-app")
    site.judge(("topologies/a.yaml", begun + given))
    said = "User:acme-other reads with that group, and would share its partitions"
    assert any(said in reason for reason in site.reasons()) is shared, site.reasons()


@pytest.mark.parametrize(("kept", "too_long"), [("86400000", False), ("86400001", True), ("-1", True)])
def test_more_retention_than_the_rule_is_set_to_needs_a_person_where_it_is_off_too(
    site: Site, kept: str, too_long: bool
) -> None:
    config = (MANAGE + CONFIG).replace("topic-retention: off", "topic-retention: {severity: off, max: 1d}")
    site.begin(("kafka-gitops.yaml", config))
    site.judge(("topologies/a.yaml", new(f', retention.ms: "{kept}"')))
    said = ["topic acme.new keeps records longer than `topic-retention` lets it (1d)"]
    assert site.reasons() == (said if too_long else [])


def merged_alone(site: Site, when: str) -> None:
    git(site.home, "commit", "-q", "--allow-empty", "-m", "Merged\n\nKafka-Gitops-Merged: alone", "--date", when)


@pytest.mark.parametrize(("today", "approved"), [(1, True), (2, False)])
def test_so_many_a_day_are_merged_without_a_person(
    site: Site, monkeypatch: pytest.MonkeyPatch, today: int, approved: bool
) -> None:
    site.begin(("kafka-gitops.yaml", MANAGE + CONFIG + "limits: {auto_approve_per_day: 2}\n"))
    git(site.home, "checkout", "-q", "main")
    with monkeypatch.context() as patch:
        patch.setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z")
        merged_alone(site, "2020-01-01T00:00:00Z")
    for _ in range(today):
        merged_alone(site, "2020-01-01T00:00:00Z")  # the author's date does not count
    with monkeypatch.context() as patch:
        patch.setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z")
        git(site.home, "commit", "-q", "--allow-empty", "-m", "A clock that is wrong hides nothing before it")
    git(site.home, "checkout", "-qB", "change")
    assert site.judge(("topologies/a.yaml", new())).code == (0 if approved else 4)
    said = "2 changes of the last 24 hours had no person, at most 2 are (`limits.auto_approve_per_day`)"
    assert site.reasons() == ([] if approved else [said])


@pytest.mark.parametrize("options", ["--base=HEAD", "--only topics", "--no-only-change"])
def test_who_starts_a_run_has_no_say_in_a_verdict(site: Site, monkeypatch: pytest.MonkeyPatch, options: str) -> None:
    """Compared with itself a change does nothing, and whatever it does would be merged."""
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", options)
    result = site.judge(("topologies/a.yaml", BASE.replace('partitions: "1"', 'partitions: "9"')))
    assert result.code == 64
    assert "With --auto-approve nobody may add options (KAFKA_GITOPS_OPTIONS)." in result.err
    assert site.reasons() == ["no plan was made"]
