"""JulieOps' managed prefixes: what lies outside them is taken out of the desired state (its ResourceFilter)."""

from kafka_gitops.reading.draft import Draft
from kafka_gitops.scope import managed_inside
from kafka_gitops.settings import ManagedPrefixes


def apply(draft: Draft) -> None:
    """Drop topics and bindings outside the managed prefixes, with one note that counts them."""
    managed = draft.language.managed
    if managed == ManagedPrefixes():
        return
    topics = [topic for topic in draft.topics if managed.has_topic(topic.name)]
    before = {acl for grant in draft.grants for acl in grant.acls}
    kept = {acl for acl in before if managed_inside(managed, acl)}
    grants = [grant._replace(acls=tuple(acl for acl in grant.acls if acl in kept)) for grant in draft.grants]
    gone, dropped = len(draft.topics) - len(topics), len(before) - len(kept)
    if gone or dropped:
        counts = f"{gone} topic{'s' * (gone != 1)} and {dropped} ACL{'s' * (dropped != 1)}"
        draft.notes.append(f"Outside the managed prefixes, and so left out: {counts}")
    draft.topics, draft.grants = topics, grants
