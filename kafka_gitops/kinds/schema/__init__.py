"""Schemas in a registry with Confluent's API: their versions, what they refer to, the level of their subjects.

```yaml
context: acme
schemas:
- {subject: acme.common.address, file: schemas/address.avsc}
- subject: acme.pay.orders-value
  file: schemas/order.avsc
  compatibility: BACKWARD_TRANSITIVE
  references:
  - {name: com.acme.Address, subject: acme.common.address, version: latest}
```

`schemas/address.avsc`:

```json
{"type": "record", "name": "Address", "namespace": "com.acme", "fields": [{"name": "city", "type": "string"}]}
```

`schemas/order.avsc`:

```json
{"type": "record", "name": "Order", "namespace": "com.acme", "fields": [
  {"name": "id", "type": "long"},
  {"name": "shipped_to", "type": "com.acme.Address"}]}
```

`subject` is the full name; `file` is relative to the file that says it, else to the topology; `type` is AVRO, JSON or
PROTOBUF, left out: by the ending of the file (`.avsc`, `.json`, `.proto`). `compatibility` is the subject's own level;
left out, it is never touched. With `values: true` `${values.NAME}` is replaced in the file, which is else taken as it
is. A reference to a subject that others declare says `foreign: true`. JulieOps' `schemas` of a topic are the same.

**What is compared.** Schemas as parsed, never as texts; whether a text is there already is what the registry says. A
text that is registered and not the newest version is satisfied: one note, and no difference, so that producers may
register versions themselves (`schemas: {foreign_versions: drift}` in kafka-gitops.yaml makes it one). A registry may
take two schemas for the same and keep the old one (of an alias, a doc, the default of an enum): every plan says so, and
none changes it.

**Before the merge** the registry is asked whether a new version keeps to the level of its subject. One that does not
cannot be done: the plan tells why, with the line of our file where that is known.

**An apply** registers what others refer to first. `version: latest` of a subject in the same change is the version that
this change makes. A level that lets more pass is set before the version, a stricter one after it; where the
registration fails then, the level is set back.

**Removal** is soft: `removed: [{schema: acme.pay.orders-value}]`, or one version with `version: 3`. A subject that
others refer to is refused, with their names. Nothing is ever deleted for good.

**Scope.** With `manage`, `subjects` names the subjects; none where it is left out. A change of a schema always needs a
reviewer: auto-approve covers topology files only.

It was tried on Apicurio Registry 3.3.3. Confluent's own differs where it is known to: it gives reasons for what is
incompatible, it has a level of its own (BACKWARD) where nobody set one, and it lets a schema be deleted to which only
deleted ones refer.
"""

from functools import partial

from kafka_gitops.kinds import contract, holding
from kafka_gitops.kinds.parts import Right
from kafka_gitops.kinds.schema import answers, risks, section, spec

NAME, PLURAL = "schema", "schemas"
UNIT = ("schema", "schemas")
ALWAYS, ANY_NAME = False, False
SECTIONS, REMOVED, FORMS = section.SECTIONS, section.REMOVABLE, section.FORMS
DANGERS = risks.DANGERS
_right = partial(Right, system="registry")
RIGHTS = (
    _right(
        "plan",
        "GET",
        "/subjects and /config of the schema registry",
        "schemas cannot be compared",
        "may read subjects",
    ),
    _right(
        "plan",
        "POST",
        "/subjects/* and /compatibility of the schema registry",
        "no version is checked before the merge",
        "may check schemas",
    ),
    _right(
        "apply",
        "POST, PUT, DELETE",
        "/subjects and /config of the schema registry",
        "schemas cannot be changed",
        "may write subjects",
    ),
)
MANAGE = {"subjects": "Subjects of the schema registry; a pattern ends in * or is exact; none where left out."}
PROTECT = {"subjects": "Subjects that are never deleted; a pattern ends in * or is exact."}
DELETES = 5
SINGLE = holding.among("compatibility")
SCHEMA = spec.SCHEMA
EXISTS: frozenset[str] = frozenset()
PATIENCE = 10.0
LOOKS = answers.LOOKS

dump, load, export = spec.dump, spec.load, answers.export
outside, protected, by_itself = contract.within("subjects"), contract.by_name("subjects"), answers.by_itself
claims = answers.claims
units, needs, barred = contract.each, answers.needs, contract.unbarred
plan, actual = contract.later(f"{__name__}.share", "plan"), contract.later(f"{__name__}.seen", "actual")
phases = contract.held(f"{__name__}.steps", "STEPS")
reached, resumes, ignored = contract.equal, contract.by_fields, contract.nothing
everything = contract.later(f"{__name__}.census", "census")
