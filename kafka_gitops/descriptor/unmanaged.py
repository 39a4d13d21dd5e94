"""What the language takes and no run makes, ksqlDB and role bindings: told once for each, never left out silently."""

from collections.abc import Iterator

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.reading.draft import Draft

NAMED = 10  # further places beside the first
KSQL, ROLES = "ksqlDB", "RBAC"
_SAID = {
    KSQL: (
        ("file of ksqlDB is", "files of ksqlDB are"),
        "no run creates, changes or deletes a stream or a table",
        "deploy them with ksqlDB's own tools; the ACLs of its users are managed",
    ),
    ROLES: (
        ("section of role bindings is", "sections of role bindings are"),
        "rights are given as Kafka's own ACLs, and none stands in for a role",
        "write the rights as ACLs (consumers, producers, acls), or give the roles with Confluent's own tools",
    ),
}


def findings(draft: Draft) -> Iterator[Diagnostic]:
    """A warning for each of the two that the files name, at the first place."""
    for what, (words, said, help) in _SAID.items():
        places = sorted(dict.fromkeys(draft.unmanaged.get(what, ())))
        if places:
            related: tuple[tuple[Span, str], ...] = tuple((place, "and here") for place in places[1 : NAMED + 1])
            message = f"{len(places):,} {words[len(places) > 1]} not managed: {said}"
            yield Diagnostic(places[0], "not-managed", Severity.warning, message, help, related)
