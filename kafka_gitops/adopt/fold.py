"""Several environments as one set of files: `${values.NAME}` where they differ, and beside it what is of some alone."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.adopt import files, pairing, proof, values
from kafka_gitops.adopt.documents import Document
from kafka_gitops.adopt.folding import Folds, folds
from kafka_gitops.adopt.inventory import Inventory, Left, Made, Shape
from kafka_gitops.adopt.pairing import Pairs, Part
from kafka_gitops.adopt.places import places
from kafka_gitops.adopt.values import Signs
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.quota.spec import Quota
from kafka_gitops.kinds.user.spec import User
from kafka_gitops.model import Acl, Key, Spec
from kafka_gitops.settings import Language
from kafka_gitops.writing import grouping

_TRIES = 5  # each leaves out what did not come back
_PARTS = ("env", "env_upper", "env_part", "prefix", "suffix")
_NOT_ALL = "not every environment has it"


class Folded(NamedTuple):
    """The files of all environments, those of one alone (below `only-NAME`), its values, and what does not fold."""

    made: list[Made]
    only: Mapping[str, list[Made]]
    values: Mapping[str, Mapping[str, str]]
    folded: int  # resources of each environment that the files of all declare
    apart: Mapping[str, tuple[Left, ...]]


def fold(inventories: Mapping[str, Inventory], shape: Shape, languages: Mapping[str, Language]) -> Folded:
    """Files that declare, with the values of each environment, exactly what is there.

    Raises KafkaGitopsError where they would not, which nobody should see.
    """
    environments, each = list(inventories), list(inventories.values())
    pairs = _pairs(each, environments)
    without: frozenset[Key] = frozenset()
    for _ in range(_TRIES):
        signs = Signs([*_every_text(each), *environments])
        found = folds(each, environments, pairs, signs, _families(pairs), without)
        result = _made(inventories, found, signs, shape, languages[environments[0]])
        odd = {
            name: _odd(one, [*result.made, *result.only.get(name, ())], languages[name], result.values[name])
            for name, one in inventories.items()
        }
        if not any(odd.values()):
            return result
        bad = [key for key, keys in found.keys.items() if any(map(_in, keys, odd.values()))]
        if not bad:
            break
        without |= {*bad}
    said = listed([f"{name}: {one}" for name, keys in odd.items() for one in keys], most=3)
    raise KafkaGitopsError(
        f"The files that were made do not say what is on the servers: {said}",
        help="Nothing was written. Please report it with the names above; import each environment by itself.",
    )


def _in(key: Key, keys: Sequence[object]) -> bool:
    return key in keys


def _made(inventories: Mapping[str, Inventory], found: Folds, signs: Signs, shape: Shape, language: Language) -> Folded:
    """The files of what folds and of the rest, with the values by their names."""
    made = files.unproved(Inventory(found.specs), shape, language)
    named = signs.named()
    made = [values.filled(one, {sign: name for sign, (name, _) in named.items()}) for one in made]
    used = {name: texts for name, texts in named.values() if any(f"${{values.{name}}}" in one.text for one in made)}
    own, only, apart = {}, {}, {}
    for at, (name, inventory) in enumerate(inventories.items()):
        own[name] = {value: texts[at] for value, texts in sorted(used.items(), key=_order)}
        if rest := _rest(inventory, found, at):
            only[name] = _flat(rest, made, f"only-{name}")
        apart[name] = tuple(Left(str(key), found.why.get(key, _NOT_ALL)) for key in rest)
    return Folded(made, only, own, len(found.specs), apart)


def _order(value: tuple[str, object]) -> tuple[bool, str]:
    """The parts of names first."""
    return value[0] not in _PARTS and "principal" not in value[0], value[0]


def _pairs(each: Sequence[Inventory], environments: Sequence[str]) -> Pairs:
    names = [frozenset(_names(one)) for one in each]
    pairs = pairing.paired(names, environments)
    people = _people(each, pairs)
    return pairing.also(pairs, names, people) if people else pairs


def _names(inventory: Inventory) -> list[str]:
    """What in an inventory is a name that environments may have in their own form."""
    found: list[str] = []
    for key, spec in inventory.specs.items():
        if isinstance(spec, Acl):
            found += [spec.principal, spec.name]
        elif isinstance(spec, Quota):
            found += [value for _, value in spec.entity if value is not None]
        else:
            found.append(key.name)
            found += [one.subject for one in getattr(spec, "references", ())]
    return found


def _every_text(each: Sequence[Inventory]) -> list[str]:
    return [str(one) for inventory in each for key, spec in inventory.specs.items() for one in (key, spec)]


def _people(each: Sequence[Inventory], pairs: Pairs) -> list[Part]:
    """Principals whose names have nothing in common, and who alone may do the same in each environment."""
    found: list[dict[frozenset[object], list[str]]] = []
    for at, inventory in enumerate(each):
        templates = pairs.template(at)
        rights: dict[str, set[object]] = {}
        for acl in (spec for spec in inventory.specs.values() if isinstance(spec, Acl)):
            if acl.principal not in templates:
                what = acl._replace(principal="", host="", name=templates.get(acl.name, ""))
                rights.setdefault(acl.principal, set()).add(what)
        own: dict[frozenset[object], list[str]] = {}
        for who, may in rights.items():
            own.setdefault(frozenset(may), []).append(who)
        found.append(own)
    same = [may for may in found[0] if all(len(own.get(may, ())) == 1 for own in found)]
    people = sorted(tuple(own[may][0].removeprefix("User:") for own in found) for may in same)
    return [Part("whole", one) for one in people]


def _families(pairs: Pairs) -> list[str]:
    """What each part is called: the first that is not of a principal is the environment's own."""
    found: list[str] = []
    for part in pairs.parts:
        upper = all(text.isupper() for text in part.texts if text)
        if part.form == "whole":
            common = _common(part.texts)
            found.append(f"{common}_principal" if common else "principal")
        elif part.form == "part":
            found.append("env" if "env" not in found else "env_upper" if upper else "env_part")
        else:
            found.append(part.form)
    return found


def _common(texts: Sequence[str]) -> str:
    """What names begin with, up to their first sign."""
    size = next((at for at, chars in enumerate(zip(*texts, strict=False)) if len(set(chars)) > 1), 0)
    return texts[0][:size].strip("-_.=").lower() if size > 2 else ""


def _rest(inventory: Inventory, found: Folds, at: int) -> dict[Key, Spec]:
    """What of an environment is not in the files of all."""
    known = {keys[at] for keys in found.keys.values()}
    return {key: spec for key, spec in sorted(inventory.specs.items()) if key not in known}


def _flat(specs: Mapping[Key, Spec], made: Sequence[Made], folder: str) -> list[Made]:
    """A file for what is of one environment alone, by full names, which can be read beside those of all."""
    root = next((places(one.text) for one in made if one.path.endswith(".yaml")), None)
    context = root.at("context") if root is not None else None
    document = Document((("context", context.text if context is not None else "main"),))
    texts: dict[str, str] = {}
    taken: set[str] = set()
    acls = sorted(spec for spec in specs.values() if isinstance(spec, Acl))
    for key, spec in specs.items():
        if isinstance(spec, Acl):
            continue
        section, entry = KINDS[key.kind].export(key, spec)
        if "file" in entry:
            entry["file"] = files.beside(str(entry["file"]), taken)
            texts[entry["file"]] = files.text_of(key, spec)
        document.at(None).setdefault(section, []).append(entry)
    for item, _ in grouping.items(dict.fromkeys(acls)):
        document.at(None).setdefault("acls", []).append(item)
    return [
        Made(f"{folder}/{folder}.yaml", document.text),
        *(Made(f"{folder}/{path}", one) for path, one in texts.items()),
    ]


def _odd(inventory: Inventory, made: Sequence[Made], language: Language, own: Mapping[str, str]) -> list[Key | str]:
    """What the files do not say as it is, with the values of an environment."""
    topology = proof.read(made, language._replace(values={**language.values, **values.read(own)}))
    wrong: list[Key | str] = [*proof.errors(topology)]
    state = topology.state
    keys = sorted(state.keys() | inventory.specs.keys())
    return wrong + [key for key in keys if not _equal(key, state.get(key), inventory.specs.get(key))]


def _equal(key: Key, ours: Spec | None, theirs: Spec | None) -> bool:
    """Whether files that say one say the other; the variables of passwords are called otherwise in files of all."""
    if isinstance(ours, User) and isinstance(theirs, User):
        return ours.iterations == theirs.iterations
    return proof.equal(key, ours, theirs)
