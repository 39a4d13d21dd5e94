"""Who may have a plan: platform x run x what the change edits -> verdict. docs/trust.md is made from these rows."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

PLAN, LINT = "plan", "lint only"
TOPICS = "plan of topics, against the snapshot of main: no connection"
FORKS = "`ci.snapshot_for_forks: true` on main"


class Run(NamedTuple):
    """A run as a platform tells of it; `event` is GitHub's, `fetched`: the tip of main is in the clone."""

    platform: str
    says: str
    env: Mapping[str, str]
    event: Mapping[str, Any] = {}
    words: tuple[str, ...] = ()
    fetched: bool = True


class Case(NamedTuple):
    """A run of a change that edits something, and what becomes of it."""

    run: Run
    edits: str
    verdict: str


GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/streams"}
REPOSITORY = {"repository": {"default_branch": "main"}}


def pull(ref: str, *, fork: bool = False) -> dict[str, Any]:
    """A pull request; HEAD and BASE become commits."""
    source = {"full_name": "stranger/streams" if fork else "acme/streams"}
    return {
        **REPOSITORY,
        "pull_request": {"number": 7, "head": {"sha": "HEAD", "repo": source}, "base": {"ref": ref, "sha": "BASE"}},
    }


def github(says: str, event: Mapping[str, Any], words: tuple[str, ...] = (), **env: str) -> Run:
    """A run on GitHub."""
    return Run("GitHub", says, {**GITHUB, **env}, event, words)


GITLAB = {"GITLAB_CI": "true", "CI_PROJECT_ID": "1", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_SHA": "HEAD"}
MERGE = {"CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1"}
MERGE |= {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "BASE", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
JENKINS = {"JENKINS_URL": "http://j/"}
CHANGE = {**JENKINS, "CHANGE_ID": "7", "BRANCH_NAME": "PR-7", "CHANGE_TARGET": "main"}
BITBUCKET = {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": "HEAD"}
DESTINATION = "BITBUCKET_PR_DESTINATION_BRANCH"
REQUEST = {**BITBUCKET, "BITBUCKET_PR_ID": "5", DESTINATION: "main", "BITBUCKET_PR_DESTINATION_COMMIT": "BASE"}
MAIN = ("--branch", "main")

REQUESTS = (  # changes for main, which the platform knows: here it is the files that decide
    github("pull request", pull("main")),
    Run("GitLab", "merge request", {**GITLAB, **MERGE}),
    Run("Jenkins", "change request, `--branch main`", CHANGE, words=MAIN),
    Run("Bitbucket", "pull request, `--branch main`", REQUEST, words=MAIN),
    Run("another CI", "`--branch main`", {"CI": "true", "KAFKA_GITOPS_BASE": "BASE"}, words=MAIN),
)
QUEUE = {"merge_group": {"base_sha": "BASE", "base_ref": "refs/heads/main"}}
COMMENT = {"GITHUB_EVENT_NAME": "issue_comment", "GITHUB_REF": "refs/heads/main", "GITHUB_SHA": "BASE"}
RUNS = (  # other runs, with a topic alone that is edited
    (github("pull request from a fork", pull("main", fork=True)), LINT),
    (github(f"the same, {FORKS}", pull("main", fork=True)), TOPICS),
    (github(f"the same into another branch, {FORKS}", pull("mine", fork=True)), LINT),
    (github("pull request into another branch", pull("mine")), LINT),
    (github("pull request into a branch named `refs/heads/main`", pull("refs/heads/main")), LINT),
    (github("merge queue of main", {**REPOSITORY, **QUEUE}), PLAN),
    (github("merge queue of main, main not fetched", {**REPOSITORY, **QUEUE})._replace(fetched=False), LINT),
    (github("push to main", REPOSITORY, GITHUB_REF="refs/heads/main"), PLAN),
    (github("comment on a change, whose commit is checked out", REPOSITORY, (), **COMMENT), LINT),
    (github("the same, `--merged`", REPOSITORY, ("--merged",), **COMMENT), PLAN),
    (github("push to another branch", REPOSITORY, GITHUB_REF="refs/heads/mine"), LINT),
    (github("push to a protected branch", REPOSITORY, GITHUB_REF="refs/heads/x", GITHUB_REF_PROTECTED="true"), PLAN),
    (github("push to a branch named `refs/heads/main`", REPOSITORY, GITHUB_REF="refs/heads/refs/heads/main"), LINT),
    (github("push to a branch named `refs/tags/v1`, `--branch refs/tags/v*`", REPOSITORY, ("--branch", "refs/tags/v*"),
           GITHUB_REF="refs/heads/refs/tags/v1"), LINT),
    (github("push of a tag, `--branch refs/tags/v*`", REPOSITORY, ("--branch", "refs/tags/v*"),
           GITHUB_REF="refs/tags/v1"), PLAN),
    (github("schedule", {}, GITHUB_EVENT_NAME="schedule", GITHUB_REF="refs/heads/main"), PLAN),
    (github("an event without a default branch", {}, GITHUB_REF="refs/heads/main"), LINT),
    (Run("GitLab", "merge request, main not fetched", {**GITLAB, **MERGE}, fetched=False), LINT),
    (Run("GitLab", "merge request from a fork", {**GITLAB, **MERGE, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2"}), LINT),
    (Run("GitLab", f"the same, {FORKS}", {**GITLAB, **MERGE, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2"}), TOPICS),
    (Run("GitLab", "merge request into another branch",
        {**GITLAB, **MERGE, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "mine"}), LINT),
    (Run("GitLab", "push to main", {**GITLAB, "CI_COMMIT_BRANCH": "main"}), PLAN),
    (Run("GitLab", "push to main, another commit checked out",
        {**GITLAB, "CI_COMMIT_BRANCH": "main", "CI_COMMIT_SHA": "BASE"}), LINT),
    (Run("GitLab", "push to another branch", {**GITLAB, "CI_COMMIT_BRANCH": "mine"}), LINT),
    (Run("GitLab", "push to a protected branch",
        {**GITLAB, "CI_COMMIT_BRANCH": "x", "CI_COMMIT_REF_PROTECTED": "true"}), PLAN),
    (Run("Jenkins", "change request", CHANGE), LINT),
    (Run("Jenkins", "change request into another branch", {**CHANGE, "CHANGE_TARGET": "mine"}), LINT),
    (Run("Jenkins", "change request from a fork, `--branch main`", {**CHANGE, "CHANGE_FORK": "m"}, words=MAIN), LINT),
    (Run("Jenkins", f"the same, {FORKS}", {**CHANGE, "CHANGE_FORK": "m"}, words=MAIN), TOPICS),
    (Run("Jenkins", "change request, `--branch main`, main not fetched", CHANGE, words=MAIN, fetched=False), LINT),
    (Run("Jenkins", "the primary branch", {**JENKINS, "BRANCH_NAME": "main", "BRANCH_IS_PRIMARY": "true"}), PLAN),
    (Run("Jenkins", "a branch", {**JENKINS, "BRANCH_NAME": "main"}), LINT),
    (Run("Jenkins", "main, `--branch main`", {**JENKINS, "BRANCH_NAME": "main"}, words=MAIN), PLAN),
    (Run("Jenkins", "a job of no branch", JENKINS), LINT),
    (Run("Jenkins", "a job of no branch, `--merged`", JENKINS, words=("--merged",)), PLAN),
    (Run("Jenkins", "change request, `--merged`", CHANGE, words=("--merged",)), LINT),
    (Run("Bitbucket", "pull request", REQUEST), LINT),
    (Run("Bitbucket", "pull request into another branch, `--branch main`", {**REQUEST, DESTINATION: "x"}, words=MAIN), LINT),
    (Run("Bitbucket", "a branch", {**BITBUCKET, "BITBUCKET_BRANCH": "main"}), LINT),
    (Run("Bitbucket", "main, `--branch main`", {**BITBUCKET, "BITBUCKET_BRANCH": "main"}, words=MAIN), PLAN),
    (Run("another CI", "any run", {"CI": "true"}), LINT),
    (Run("another CI", "with KAFKA_GITOPS_BASE", {"KAFKA_GITOPS_BASE": "BASE"}), LINT),
    (Run("another CI", "Azure Pipelines, which does not set CI", {"TF_BUILD": "True"}), LINT),
    (Run("another CI", "`--branch main`, main not fetched", {"CI": "true"}, words=MAIN, fetched=False), LINT),
    (Run("another CI", "`--merged`", {"CI": "true"}, words=("--merged",)), PLAN),
    (Run("no CI", "by hand", {}), PLAN),
)  # fmt: skip
EDITS = {  # what the change edits -> what becomes of it in REQUESTS
    "a topic": PLAN,
    "a topic, begun before main changed its config": PLAN,
    "`kafka-gitops.yaml`": LINT,
    "another config that would win": LINT,
    "the client file": LINT,
    "the certificate": LINT,
    "the policy": LINT,
    "a link": LINT,
    "`.gitattributes`, so that the checkout has another config": PLAN,
}


def cases() -> Iterator[Case]:
    """All rows."""
    for run in REQUESTS:
        for edits, verdict in EDITS.items():
            yield Case(run, edits, verdict)
    for run, verdict in RUNS:
        yield Case(run, "a topic", verdict)


def table() -> str:
    """The rows as Markdown: what files decide, once for all platforms, then the runs."""
    known = "; ".join(f"{run.platform}: {run.says}" for run in REQUESTS)
    files = [f"| {edits} | {_shown(verdict)} |" for edits, verdict in EDITS.items()]
    runs = [f"| {run.platform} | {run.says} | {_shown(verdict)} |" for run, verdict in RUNS]
    head = f"A change for the main branch whose tip is in the clone ({known}):"
    other = "Other runs, of a change that edits a topic alone:"
    first = ["| the change edits | becomes |", "| --- | --- |", *files]
    second = ["| where | run | becomes |", "| --- | --- | --- |", *runs]
    return "\n".join([head, "", *first, "", other, "", *second])


def _shown(verdict: str) -> str:
    return "**plan**" if verdict == PLAN else verdict
