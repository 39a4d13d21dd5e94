"""All quotas of a cluster, and those that no file can say."""

import math

from kafka_gitops.kinds.census import NOT_OF_THE_TOPICS, Census, Choice, unwritable
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.quota.answers import outside
from kafka_gitops.kinds.quota.section import OF_ADDRESS, bare
from kafka_gitops.kinds.quota.share import live, quotas_of
from kafka_gitops.kinds.quota.spec import DEFAULT, UNITS, Quota
from kafka_gitops.settings import Settings

PLURAL = "quotas"


def census(systems: Systems, settings: Settings, choice: Choice) -> Census:
    """Every quota. Raises MissingRight; with patterns of topics there are none."""
    found = Census()
    if choice.topics:
        found.leave(PLURAL, NOT_OF_THE_TOPICS)
        return found
    for key, quota in sorted(live(quotas_of(systems)).items()):
        why = outside(settings.scopes, key, quota) or unsaid(quota)
        if why is None:
            found.specs[key] = quota
        else:
            found.leave(key, why)
    return found


def unsaid(quota: Quota) -> str | None:
    """Why no file can say a quota, in a clause, or None."""
    who = dict(quota.entity)
    user = who.get("user") or ""
    if user != bare(user):
        return f"brokers compare no user with {user}, so it limits nobody: take it away by hand"
    if DEFAULT in who.values() or "" in who.values():
        return "a file would take the name for the default"
    known = {limit for limit in UNITS if (limit == OF_ADDRESS) == ("ip" in who)}
    if unknown := sorted(quota.limits.keys() - known):
        return f"it has {', '.join(unknown)}, for which files have no word"
    if not all(math.isfinite(float(limit)) for limit in quota.limits.values()):
        return "one of its limits is not a number"
    return unwritable(*filter(None, who.values()))
