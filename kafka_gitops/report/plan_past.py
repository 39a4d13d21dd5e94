"""What a plan says of the snapshot that it was made against in the place of a cluster."""

from collections.abc import Iterator

from kafka_gitops.plan.make import Plan
from kafka_gitops.report import words
from kafka_gitops.report.markup import text


def lines(plan: Plan) -> Iterator[str]:
    """How old it is, what is missing in it, and what nobody was asked; nothing of a plan on a cluster."""
    past = plan.past
    if past is None:
        return
    age = f" ({past.age})" if past.age else ""
    of = "" if past.topics_only else f" of cluster {words.short_id(plan.cluster)}"
    yield f"Against a snapshot{of}, made {past.made}{age}: this plan cannot be applied."
    if past.topics_only:
        yield "Only topics were planned; one that the main branch does not declare counts as absent."
    yield from (f"not asked: {what}" for what in past.not_asked)


def markdown(plan: Plan) -> str:
    """The same as a note for a change request."""
    return "".join(f"> {text(line)}<br>\n" for line in lines(plan))
