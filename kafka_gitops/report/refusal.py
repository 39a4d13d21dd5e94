"""Why a plan may not be applied, and what can be done about it."""

from collections.abc import Sequence

from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent, Refusal, accept_trailer, open_risks

MOST = 10  # lines to copy


def refused(refusals: Sequence[Refusal], *, shown: bool = True) -> tuple[str, str]:
    """The sentence and the help of a refusal: every reason, then every way through; `shown`: the plan stands above."""
    if len(refusals) == 1:
        way = refusals[0].way
        look = "Look at it above. " if shown else ""
        return _said(refusals), f"{look}To allow this run: {way}" if way else ""
    lines = [f"{refusal.sentence}{f': {refusal.way}' if refusal.way else ''}" for refusal in refusals]
    ways = " ".join(dict.fromkeys(refusal.way for refusal in refusals if refusal.way))
    closing = [f"To allow this run: {ways}"] if ways and all(refusal.way for refusal in refusals) else []
    return _said(refusals), "\n".join([*lines, *closing])


def proposed(plan: Plan, refusals: Sequence[Refusal], given: Consent) -> tuple[str, str]:
    """The same for a change that nobody has merged: a commit of it can accept a risk; no option can be given to it."""
    lines = [accept_trailer(risk.name, change) for change, risk in open_risks(plan, given)]
    help = [refusal.sentence for refusal in refusals] if len(refusals) > 1 else []
    if lines:
        more = [f"and {len(lines) - MOST:,} more"] if len(lines) > MOST else []
        help += ["To accept, end the message of a commit with:", *lines[:MOST], *more]
    limits = [refusal.way for refusal in refusals if refusal.way and refusal.way.startswith("--max-deletes")]
    if limits:
        help.append(f"To raise a limit, run the pipeline by hand on the main branch with: {' '.join(limits)}")
    return _said(refusals), "\n".join(help)


def _said(refusals: Sequence[Refusal]) -> str:
    return f"Refused: {refusals[0].sentence}." if len(refusals) == 1 else f"Refused for {len(refusals)} reasons:"
