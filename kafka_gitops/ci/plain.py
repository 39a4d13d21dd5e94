"""No CI platform that we know: texts on stdout, report files, nothing posted."""

from collections.abc import Mapping

from kafka_gitops.ci import Channel, Context, Result, body, files

NAME = "plain"


def detect(env: Mapping[str, str]) -> Context:
    """A run anywhere; `KAFKA_GITOPS_BASE` names the commit to compare with."""
    return Context(NAME, base=env.get("KAFKA_GITOPS_BASE") or None)


def report(context: Context, result: Result, channel: Channel) -> None:
    """The log, and the files that every CI can keep."""
    channel.write(body.log(result))
    files.save(result, channel)
    channel.save("summary.md", body.render(context, result))
