"""Jenkins: JUnit for its test results, Checkstyle for its issues, Markdown to archive; plugins read the files."""

from collections.abc import Mapping
from pathlib import Path

from kafka_gitops.ci import Channel, Context, Result, body, branch, files

NAME = "jenkins"
FORMATS = {"checkstyle": "lint.checkstyle.xml", **files.LINT}  # of SARIF its Warnings plugin takes no columns
_NOT_FETCHED = (
    "The target branch was not fetched, so the change is not compared with it.\n"
    "Let the branch source discover pull requests `merged with the target branch` (docs/jenkins.md)."
)


def detect(env: Mapping[str, str]) -> Context | None:
    """A build of a multibranch pipeline, by the variables of its branch source, our Jenkinsfile and the git plugin."""
    if not env.get("JENKINS_URL"):
        return None
    request = env.get("CHANGE_ID") or None
    tag = env.get("TAG_NAME")
    here = f"refs/tags/{tag}" if tag else branch(env.get("BRANCH_NAME"))  # it may have a branch's name
    before = _target(env) if request else env.get("KAFKA_GITOPS_BASE") or env.get("GIT_PREVIOUS_SUCCESSFUL_COMMIT")
    return Context(
        NAME,
        base=before or None,
        head=env.get("GIT_COMMIT"),
        change_request=request,
        trusted=not env.get("CHANGE_FORK"),
        distrust="the change request comes from a fork" if env.get("CHANGE_FORK") else "",
        run_url=env.get("BUILD_URL"),
        repository=env.get("JOB_NAME"),
        target=branch(env.get("CHANGE_TARGET")) if request else here,
        actor=env.get("BUILD_USER_ID") or None,  # of the plugin build-user-vars
        default_branch=here if env.get("BRANCH_IS_PRIMARY") == "true" and not request else None,
    )


def report(context: Context, result: Result, channel: Channel) -> None:
    """The log and the files; Jenkins is asked nothing."""
    if context.change_request is not None and context.base is None:
        channel.warn(_NOT_FETCHED)
    channel.write(body.log(result))
    files.save(result, channel, FORMATS)
    channel.save("summary.md", body.render(context, result))
    channel.save("has-changes", body.facts(result)["has-changes"] + "\n")  # for a Jenkinsfile, which reads no JSON


def _target(env: Mapping[str, str]) -> str | None:
    """The target branch as far as it was fetched: a branch source that takes the head alone does not."""
    git, target = Path(env.get("WORKSPACE", "."), ".git"), f"origin/{env.get('CHANGE_TARGET', '')}"
    reference, packed = f"refs/remotes/{target}", git / "packed-refs"
    if (git / reference).is_file():
        return target
    known = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return target if any(line.endswith(f" {reference}") for line in known) else None
