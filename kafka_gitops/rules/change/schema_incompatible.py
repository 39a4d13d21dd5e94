"""An Avro schema that does not keep to the level of compatibility that its subject declares.

Judged without a registry, by the rules of Avro's own libraries: BACKWARD means that the new schema reads what the old
one wrote, FORWARD that the old one reads what the new one writes, FULL both. The old schema is the base commit's; the
registry has the last word, in the plan, and for a level that ends in _TRANSITIVE the older versions too. Where the
change loosens or tightens the level, the looser of the two is held, since it is in force when the version is
registered. Needs the extra `schemas`.

Bad:

```yaml
# before
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": []}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc, compatibility: BACKWARD}
# after
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "id", "type": "long"}]}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc, compatibility: BACKWARD}
```

Good:

```yaml
# before
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": []}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc, compatibility: BACKWARD}
# after
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "id", "type": "long", "default": 0}]}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc, compatibility: BACKWARD}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops import schemas
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds.schema.levels import at_least
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.schema.entries import by_subject, references

NAME = "change-schema-incompatible"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each reason why a changed schema does not keep to its level."""
    old, new = by_subject(before), by_subject(after)
    for subject, now in new.items():
        was = old.get(subject)
        if was is None or now.spec.type != schemas.AVRO or was.spec.type != schemas.AVRO:
            continue
        level = _held(was.spec.compatibility, now.spec.compatibility)
        if level is None or (was.spec.text == now.spec.text and now.spec.references == was.spec.references):
            continue
        from kafka_gitops.schemas.levels import Version, clashes

        version = Version(was.spec.text, references(was, old))
        for one in clashes(level, now.spec.text, references(now, new), [version]) or ():
            said = f"{one.field}: {one.message}" if one.field else one.message
            declared = (now.at("compatibility"), f"{subject} declares {now.spec.compatibility}")
            yield Note(now.span(one.line, one.column), f"not {level}: {said}", one.help, (declared,), subject)


def _held(was: str | None, now: str | None) -> str | None:
    """The level that is in force when the version is registered; both where neither is looser; None: the registry's."""
    if now is None:
        return None
    before, after = ((level or now).removesuffix("_TRANSITIVE") for level in (was, now))
    if at_least(before, after):
        return after
    return before if at_least(after, before) else "FULL"
