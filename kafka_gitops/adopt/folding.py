"""The resources of several environments that are one: with a value where they differ in a name, number or principal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.adopt.inventory import Inventory
from kafka_gitops.adopt.pairing import Pairs, mark, marks
from kafka_gitops.adopt.values import LONGEST, NUMBER, Signs
from kafka_gitops.errors import listed
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.kinds.quota import spec as quotas
from kafka_gitops.kinds.quota.spec import Quota
from kafka_gitops.kinds.schema.spec import Schema
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, Key, Spec, Topic, acl_key


class Differs(Exception):
    """Why resources of several environments are not one, in a clause."""


class Folds(NamedTuple):
    """What is one, by its key with signs: its spec, and its key in each environment; and why the rest is not."""

    specs: dict[Key, Spec]
    keys: dict[Key, tuple[Key, ...]]
    why: dict[Key, str]  # of resources of all environments, as they are called there, where they are paired


class _Fold:
    """What is known while environments are folded."""

    def __init__(self, environments: Sequence[str], pairs: Pairs, signs: Signs, families: Sequence[str]) -> None:
        self.environments, self._pairs, self.signs = environments, pairs, signs
        self._templates = [pairs.template(at) for at in range(len(environments))]
        self._words = {at: signs.text(families[at], part.texts) for at, part in enumerate(pairs.parts)}

    def template(self, at: int, name: str) -> str | None:
        """The template of a name of an environment."""
        return self._templates[at].get(name)

    def name(self, template: str) -> str:
        """A template with signs for its parts."""
        for number in set(marks(template)):
            template = template.replace(mark(number), self._words[number])
        return template

    def named(self, names: Sequence[str]) -> str | None:
        """The one name of several, None where they are not one."""
        found = {self.template(at, name) for at, name in enumerate(names)}
        (first, *more) = found
        return None if more or first is None else self.name(first)

    def texts(self, family: str, texts: Sequence[str | None]) -> str | None:
        """A text that may differ: the same, one name, or a value. Raises Differs where it is not there everywhere."""
        if None in texts and len(set(texts)) > 1:
            there = [name for name, text in zip(self.environments, texts, strict=True) if text is not None]
            raise Differs(f"{family} is set in {listed(there)} alone")
        known = [text for text in texts if text is not None]
        if not known or len(set(known)) == 1:
            return texts[0]
        if (one := self.named(known)) is not None:
            return one
        if any(len(text) > LONGEST or not text.isprintable() or "${values." in text for text in known):
            raise Differs(f"{family} differs, and is no text for a value")
        if all(NUMBER.fullmatch(text) for text in known):
            return str(self.signs.number(family, known))
        return self.signs.text(family, known)

    def number(self, family: str, numbers: Sequence[int | None]) -> int | None:
        """The same for numbers."""
        found = self.texts(family, [None if one is None else str(one) for one in numbers])
        return None if found is None else int(found)


def folds(
    inventories: Sequence[Inventory],
    environments: Sequence[str],
    pairs: Pairs,
    signs: Signs,
    families: Sequence[str],
    without: frozenset[Key],
) -> Folds:
    """What is one in all environments; `families` name the parts of names, `without` are keys of it to leave out."""
    fold, found = _Fold(environments, pairs, signs, families), Folds({}, {}, {})
    kinds = dict.fromkeys(key.kind for inventory in inventories for key in inventory.specs)
    for kind in kinds:
        if kind == "acl":
            continue
        each = [_templated(fold, at, inventory.of(kind)) for at, inventory in enumerate(inventories)]
        for template in each[0]:
            if not all(template in one for one in each):
                continue
            keys = tuple(one[template] for one in each)
            specs = [inventory.specs[key] for inventory, key in zip(inventories, keys, strict=True)]
            try:
                key, spec = _one(fold, template, specs)
            except Differs as why:
                found.why.update(dict.fromkeys(keys, str(why)))
                continue
            if key not in without:
                found.specs[key], found.keys[key] = spec, keys
    for acl, keys in _rights(fold, inventories):
        if acl_key(acl) not in without:
            found.specs[acl_key(acl)], found.keys[acl_key(acl)] = acl, keys
    return found


def _templated(fold: _Fold, at: int, specs: Mapping[Key, Spec]) -> dict[tuple[str, str], Key]:
    """The resources of a kind by kind and template; those without one have none."""
    found: dict[tuple[str, str], Key] = {}
    for key, spec in specs.items():
        if isinstance(spec, Quota):
            names = [None if value is None else fold.template(at, value) for _, value in spec.entity]
            if any(name is None and value is not None for name, (_, value) in zip(names, spec.entity, strict=True)):
                continue
            parts = (f"{kind}={name}" for (kind, _), name in zip(spec.entity, names, strict=True))
            found[key.kind, "\n".join(parts)] = key
        elif (template := fold.template(at, key.name)) is not None:
            found[key.kind, template] = key
    return found


def _one(fold: _Fold, template: tuple[str, str], specs: Sequence[Spec]) -> tuple[Key, Spec]:
    """The one resource of several. Raises Differs where they are not one."""
    makers: Mapping[type, Callable[..., Spec]] = {
        Topic: _topic,
        Quota: _quota,
        User: _user,
        Schema: _schema,
        Connector: _connector,
    }
    spec = makers[type(specs[0])](fold, specs)
    if isinstance(spec, Quota):
        return quotas.key(spec.entity), spec
    return Key(template[0], fold.name(template[1])), spec


def _keys(what: str, mappings: Sequence[Mapping[str, object]], environments: Sequence[str]) -> list[str]:
    """The keys that all have. Raises Differs where some have more."""
    every = sorted({key for one in mappings for key in one})
    for key in every:
        there = [name for name, one in zip(environments, mappings, strict=True) if key in one]
        if len(there) < len(mappings):
            raise Differs(f"{what}{key} is set in {listed(there)} alone")
    return every


def _topic(fold: _Fold, specs: Sequence[Topic]) -> Topic:
    configs = [spec.config for spec in specs]
    config = {key: fold.texts(key, [one[key] for one in configs]) for key in _keys("", configs, fold.environments)}
    return Topic(
        fold.number("partitions", [spec.partitions for spec in specs]),
        fold.number("replicas", [spec.replication for spec in specs]),
        {key: text for key, text in config.items() if text is not None},
    )


def _quota(fold: _Fold, specs: Sequence[Quota]) -> Quota:
    entity = []
    for position, (kind, value) in enumerate(specs[0].entity):
        names = [spec.entity[position][1] or "" for spec in specs]
        entity.append((kind, None if value is None else fold.named(names)))
    limits = [spec.limits for spec in specs]
    keys = _keys("", limits, fold.environments)
    found = {key: fold.texts(key, [one[key] for one in limits]) for key in keys}
    return Quota(tuple(entity), {key: text for key, text in found.items() if text is not None})


def _user(fold: _Fold, specs: Sequence[User]) -> User:
    each = [spec.mechanisms for spec in specs]
    return User(
        {
            key: Credential(fold.number("iterations", [one[key].iterations for one in each]))
            for key in _keys("", each, fold.environments)
        }
    )


def _schema(fold: _Fold, specs: Sequence[Schema]) -> Schema:
    first = specs[0]
    if any((spec.type, spec.text) != (first.type, first.text) for spec in specs):
        raise Differs("its text differs")
    if any(len(spec.references) != len(first.references) for spec in specs):
        raise Differs("its references differ")
    references = []
    for each in zip(*(spec.references for spec in specs), strict=True):
        subject = fold.named([one.subject for one in each])
        if subject is None or len({(one.name, one.version) for one in each}) > 1:
            raise Differs("its references differ")
        references.append(each[0]._replace(subject=subject))
    level = fold.texts("compatibility", [spec.compatibility for spec in specs])
    if level != first.compatibility:
        raise Differs("its compatibility differs")
    return first._replace(references=tuple(references))


def _connector(fold: _Fold, specs: Sequence[Connector]) -> Connector:
    first, configs = specs[0], [spec.config for spec in specs]
    if any((spec.state, spec.keep) != (first.state, first.keep) for spec in specs):
        raise Differs("its state, or what it keeps, differs")
    config = {key: fold.texts(key, [one[key] for one in configs]) for key in _keys("", configs, fold.environments)}
    return first._replace(config={key: text for key, text in config.items() if text is not None})


def _rights(fold: _Fold, inventories: Sequence[Inventory]) -> Iterator[tuple[Acl, tuple[Key, ...]]]:
    """The bindings that are one: the same but for names, and for the host where each environment has one of its own."""
    each: list[dict[Acl, dict[str, Acl]]] = []
    for at, inventory in enumerate(inventories):
        own: dict[Acl, dict[str, Acl]] = {}
        for acl in (spec for spec in inventory.specs.values() if isinstance(spec, Acl)):
            who, name = fold.template(at, acl.principal), fold.template(at, acl.name)
            if who is not None and name is not None:
                own.setdefault(acl._replace(principal=who, name=name, host=""), {})[acl.host] = acl
        each.append(own)
    for template in each[0]:
        hosts = [own.get(template, {}) for own in each]
        real = template._replace(principal=fold.name(template.principal), name=fold.name(template.name))
        same = [host for host in hosts[0] if all(host in one for one in hosts)]
        for host in same:
            yield real._replace(host=host), tuple(acl_key(one[host]) for one in hosts)
        rest = [[host for host in one if host not in same] for one in hosts]
        if all(len(one) == 1 for one in rest):
            host = fold.signs.text("host", [one[0] for one in rest])
            yield real._replace(host=host), tuple(acl_key(own[one[0]]) for own, one in zip(hosts, rest, strict=True))
