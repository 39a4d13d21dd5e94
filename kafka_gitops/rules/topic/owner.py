"""A topic that nobody owns.

Whom to ask before a topic changes, and whom to wake when it breaks, is written in its metadata. A placeholder (`TBD`,
`unknown`, nothing) is no owner. With `teams`, an owner must be one of them. The rule is off until it is configured;
the case of a metadata key, and `-`, `_` and `.` in it, do not count.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    metadata: {criticality: high}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    metadata: {owner: team-pay}
```

Options: `keys` (`owner`, `team`), the metadata keys that may name one; `teams` (any), the known teams.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, label, name_place

NAME = "topic-owner"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {"keys": ("owner", "team"), "teams": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic without an owner, and each owner that is none of the known teams."""
    keys, teams = options.texts("keys"), options.texts("teams")
    for declared in topology.topics:
        if declared.dlq:
            continue
        found = label(declared, keys)
        if found is None:
            help = f"say whose it is: metadata: {{{keys[0] if keys else 'owner'}: TEAM}}"
            yield Note(name_place(declared), f'topic "{declared.name}" has no owner', help)
        elif teams:
            for node in found.items or [found]:
                if node.text not in teams:
                    yield Note(node.head, *_unknown(node.text, teams))


def _unknown(name: str, teams: tuple[str, ...]) -> tuple[str, str]:
    import difflib

    near = difflib.get_close_matches(name, teams, 1)
    help = f'did you mean "{near[0]}"?' if near else f"the known teams are: {', '.join(sorted(teams))}"
    return f'there is no team "{name}"', help
