"""Users in topology files: the section `users`, and how `removed:` names one or one of its mechanisms."""

from kafka_gitops import holds, redact
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.kinds.section import Forms, Named, Removable, Section
from kafka_gitops.kinds.user.spec import ITERATIONS, MECHANISMS, NAME, Credential, User, bare, variable
from kafka_gitops.model import Declared, Key, Removal, Spec
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import Integer, ListOf, Map, Matching, OneOf, Shape, Text
from kafka_gitops.shape.found import near
from kafka_gitops.shape.json_schema import Json, name_of, one_of
from kafka_gitops.text.source import Node

CALLED = "a user"
REFERENCE = 'write the name of a variable: password: "${ORDERS_PASSWORD}"'


class Password(Matching):
    """The name of a variable; no message ever holds what stands there, which may be a password."""

    def look(self, node: Node, found: list[Diagnostic]) -> None:
        """What is no text is told here, a text that names no variable by `user-password`."""
        if node.raw is None or node.is_null:
            said = f"found {node.what}, expected {self.what}"
            found.append(Diagnostic(node.head, "wrong-type", Severity.error, said, REFERENCE))


_PASSWORD = Password(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}", "the name of a variable, as ${NAME}")
_CREDENTIAL: dict[str, Shape] = {"iterations": Integer(*ITERATIONS), "password": _PASSWORD, "rotate": Text()}
_ALONE = ("mechanism", *_CREDENTIAL)
_KEYS = {"name", "mechanism", "mechanisms", holds.KEY, *_CREDENTIAL}
_HINTS = {
    "principal": "say who it is by the bare name: name: NAME",
    "user": "say who it is by the bare name: name: NAME",
    "password": REFERENCE,
    "mechanism": f"say how it logs in: mechanism: {MECHANISMS[1]}",
}
_MECHANISM = Map(_CREDENTIAL, ("password",), hints={"password": REFERENCE}, called="a mechanism of a user")
SHAPE = ListOf(
    Map(
        {
            "name": Text(),
            "mechanism": OneOf(MECHANISMS),
            "mechanisms": Map(dict.fromkeys(MECHANISMS, _MECHANISM), called="the mechanisms of a user"),
            **_CREDENTIAL,
            holds.KEY: holds.SHAPE,
        },
        ("name",),
        hints=_HINTS,
        called=CALLED,
    ),
    called="a list of users",
)
SAYS = {
    "users": "Users that log in by SCRAM.",
    "name": "The user's bare name: it is the principal User:NAME then.",
    "mechanism": "How the user logs in.",
    "mechanisms": "Several ways to log in, each with its own password, as while clients move from one to the other.",
    **dict.fromkeys(MECHANISMS, "The credential of this mechanism."),
    "iterations": "How often the password is hashed; 4096 where it is left out and the user is new.",
    "password": "The variable that holds the password when it is written, as ${NAME}; never the password.",
    "rotate": "Any text; a change of it writes the password again, which is in the variable then.",
}


def read(draft: Draft, items: Node, place: Place | None) -> None:
    """Declare the users of a list; what may be a password in one is kept out of every report from here on."""
    for node in items.items:
        _hide(node)
        name = draft.optional(node, "name") if node.is_map else None
        if not name:
            if node.is_map and "name" in node.map:
                draft.error(node.map["name"].head, "missing-key", "the name of the user is empty", _HINTS["principal"])
            continue
        mechanisms = _mechanisms(draft, node)
        if mechanisms:
            project = place.project if place else None
            draft.declare(Declared(Key(NAME, bare(name)), User(mechanisms), node, project))


def _mechanisms(draft: Draft, node: Node) -> dict[str, Credential]:
    """The credentials of an entry, in either form; what contradicts itself is noted."""
    many = node.map.get("mechanisms")
    if many is None:
        mechanism = draft.optional(node, "mechanism")
        if mechanism is None:
            draft.error(node.head, "missing-key", 'a user needs the key "mechanism"', _HINTS["mechanism"])
        if "password" not in node.map:
            draft.error(node.head, "missing-key", 'a user needs the key "password"', REFERENCE)
        return {mechanism: _credential(node)} if mechanism in MECHANISMS else {}
    for key in _ALONE:
        if key in node.map:
            said = f'"{key}" stands beside "mechanisms", which says it for each'
            draft.error(node.map[key].key_span, "unknown-key", said, "move it there, or delete one of the two")
    if many.is_map and not many.map:
        draft.error(many.head, "missing-key", "a user needs a mechanism", _HINTS["mechanism"])
    return {key: _credential(child) for key, child in many.map.items() if key in MECHANISMS}


def _credential(node: Node) -> Credential:
    iterations, password, rotate = (node.map.get(key) for key in _CREDENTIAL)
    number = iterations.text if iterations is not None else ""
    return Credential(
        int(number) if number.isascii() and number.isdigit() else None,
        variable(password.raw) if password is not None and password.raw is not None else None,
        rotate.raw if rotate is not None else None,  # as written: a date is none of YAML's here
    )


def _hide(node: Node) -> None:
    """Keep literals out of the lines that a report shows: of `password`, and of keys that were meant for it."""
    for key, child in node.map.items():
        if key == "mechanisms":
            for mechanism in child.map.values():
                _hide(mechanism)
        elif key == "password" or (key not in _KEYS and (redact.is_secret_key(key) or near(key, ("password",)))):
            for one in (child, *child.items, *child.map.values()):
                if one.raw and variable(one.raw) is None:
                    _keep(key, one.raw)


def _keep(key: str, literal: str) -> None:
    """A word, or a few characters, may stand anywhere: it is hidden beside its key alone."""
    if len(literal) >= 6 and not literal.isalpha():
        redact.keep_secret(literal)
    for quote in ("", '"', "'"):
        redact.keep_secret(f"{key}: {quote}{literal}{quote}")
    redact.keep_secret(f'"{key}": "{literal}"')


def _removed(draft: Draft, node: Node) -> str | None:
    return bare(draft.text(node)) or None


def _holds(spec: Spec, removal: Removal) -> bool:
    """Whether what the files declare is what a statement takes away."""
    return removal.part is None or (isinstance(spec, User) and removal.part in spec.mechanisms)


def _refine(defs: dict[str, Json]) -> None:
    """Say in the JSON Schema that a user has one mechanism, or several under `mechanisms`."""
    many: Json = {"required": ["mechanisms"]}
    one: Json = {"required": ["mechanism", "password"], "not": many}
    defs[name_of(CALLED)]["oneOf"] = [one, {**many, "not": one_of(_ALONE, "anyOf")}]


SECTIONS = (Section("users", ("file", "project"), SHAPE, SAYS, read, refine=_refine),)
REMOVED = Removable(
    "The bare name of a user that is to be taken away.",
    Named("mechanism", OneOf(MECHANISMS), "The only mechanism of a user that is taken away; without it all are."),
    _removed,
    _holds,
)
FORMS: Forms = {}
