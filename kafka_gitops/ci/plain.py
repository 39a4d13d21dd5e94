"""No CI platform that we know: texts on stdout, report files, nothing posted."""

from collections.abc import Mapping

from kafka_gitops.ci import Channel, Context, Result, body, files

NAME = "plain"


# what CIs set that are not known here: most of them the first, Azure Pipelines, TeamCity and AWS CodeBuild their own
_CI = ("CI", "TF_BUILD", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ID")


def detect(env: Mapping[str, str]) -> Context:
    """A run anywhere; `KAFKA_GITOPS_BASE` names the commit to compare with, and is for pipelines alone."""
    here = not env.get("KAFKA_GITOPS_BASE") and all(env.get(name, "").lower() in ("", "0", "false") for name in _CI)
    return Context(NAME, base=env.get("KAFKA_GITOPS_BASE") or None, local=here)


def report(context: Context, result: Result, channel: Channel) -> None:
    """The log, and the files that every CI can keep."""
    channel.write(body.log(result))
    files.save(result, channel)
    channel.save("summary.md", body.render(context, result))
