"""A schema registry with Confluent's API (v7) over REST: Confluent's own, Apicurio's, others that speak it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from kafka_gitops.clients.http import ApiError, in_flight, shaped
from kafka_gitops.clients.rest import Service, open_service, written
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.schema.live import Asked, Level, Verdict, Version
from kafka_gitops.kinds.schema.spec import Reference, Schema
from kafka_gitops.settings import Rest

_ABSENT = (40401, 40402, 40403)  # subject, version, schema
_UNREADABLE = 422
_UNABLE = (_UNREADABLE, 500)  # Apicurio 3.3.3 resolves references when it registers, and not when it tests
_NO_LEVEL = 40408  # of its own; Apicurio says 200 and NONE, or that there is no subject
_CODES = {
    409: "INCOMPATIBLE_SCHEMA",
    42201: "INVALID_SCHEMA",
    42203: "INVALID_COMPATIBILITY",
    42206: "REFERENCE_EXISTS",
}
_Item = TypeVar("_Item")
_Got = TypeVar("_Got")


class SchemaRegistry:
    """The Protocol `Registry` of kinds/schema, on a server."""

    def __init__(self, service: Service, context: str | None = None) -> None:
        self._service = service
        self._prefix = f":.{context}:" if context else ""

    @property
    def where(self) -> str:
        """The address that answered."""
        return self._service.api.bases[0]

    def subjects(self) -> frozenset[str]:
        """All subjects of the context."""
        return self._listed("subjects")

    def deleted(self) -> frozenset[str]:
        """All subjects of the context, also those that are softly deleted."""
        return self._listed("subjects?deleted=true")

    def _listed(self, path: str) -> frozenset[str]:
        mark = "&" if "?" in path else "?"
        query = f"{mark}subjectPrefix={quote(self._prefix, safe='')}" if self._prefix else ""
        with shaped(self.where):
            names = [str(name) for name in self._read(f"{path}{query}")]
        own = (name for name in names if name.startswith(self._prefix) and (self._prefix or not name.startswith(":")))
        return frozenset(name[len(self._prefix) :] for name in own)

    def latest(self, subjects: Sequence[str]) -> Mapping[str, Version]:
        """The newest versions."""
        found = self._each(lambda name: self._version(name, "latest"), subjects)
        return {name: one for name, one in zip(subjects, found, strict=True) if one is not None}

    def version(self, subject: str, number: int) -> Version | None:
        """One version."""
        return self._version(subject, str(number)) or self._version(subject, f"{number}?deleted=true")

    def _version(self, subject: str, which: str) -> Version | None:
        found = self._absent(f"{self._path(subject)}/versions/{which}")
        if found is None:
            return None
        with shaped(self.where):
            references = tuple(
                Reference(one["name"], self._short(one["subject"]), one["version"])
                for one in found.get("references") or ()
            )
            return Version(
                found["version"], found["id"], found.get("schemaType") or "AVRO", found["schema"], references
            )

    def numbers(self, subject: str, *, deleted: bool = False) -> tuple[int, ...]:
        """The versions of a subject."""
        found = self._absent(f"{self._path(subject)}/versions{'?deleted=true' if deleted else ''}")
        with shaped(self.where):
            return tuple(int(one) for one in found or ())

    def lookup(self, asked: Sequence[Asked]) -> Sequence[int | None]:
        """Which versions these are."""

        def one(what: Asked) -> int | None:
            try:
                found = self._absent(self._path(what.subject), self._body(what.schema))
            except ApiError as error:
                if error.status != _UNREADABLE:  # of a reference that is not there yet, too
                    raise
                found = None
            with shaped(self.where):
                return None if found is None else int(found["version"])

        return self._each(one, asked)

    def levels(self, subjects: Sequence[str]) -> Mapping[str, Level]:
        """The levels, own and in force."""
        return dict(zip(subjects, self._each(self._level, subjects), strict=True))

    def _level(self, subject: str) -> Level:
        path = f"config/{quote(self._prefix + subject, safe='')}"
        own = self._level_at(path)
        effective = self._level_at(f"{path}?defaultToGlobal=true") or self._level_at("config") or "NONE"
        if own == "NONE" != effective:
            own = None  # Apicurio's word for none of its own
        return Level(own, effective)

    def _level_at(self, path: str) -> str | None:
        found = self._absent(path, none=(*_ABSENT, _NO_LEVEL))
        with shaped(self.where):
            return None if found is None else str(found.get("compatibilityLevel") or found["compatibility"])

    def test(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        """Whether these keep to their levels."""

        def one(what: Asked) -> Verdict:
            path = f"compatibility/subjects/{quote(self._prefix + what.subject, safe='')}/versions?verbose=true"
            try:
                found = self._service.ask("POST", path, self._body(what.schema), harmless=True)
            except ApiError as error:
                unable = what.schema.references and error.status in _UNABLE
                if error.code in _ABSENT or unable:
                    return Verdict(True, (), False)
                if error.status != _UNREADABLE:
                    raise
                return Verdict(False, (error.said,))
            with shaped(self.where):
                return Verdict(bool(found["is_compatible"]), tuple(map(str, found.get("messages") or ())))

        return self._each(one, asked)

    def referrers(self, subject: str, number: int) -> tuple[str, ...]:
        """Who refers to a version."""
        ids = self._absent(f"{self._path(subject)}/versions/{number}/referencedby") or []
        names = []
        for one in ids:
            with shaped(self.where):
                found = self._absent(f"schemas/ids/{int(one)}/versions?deleted=true") or []
                names += [f"{self._short(use['subject'])} version {use['version']}" for use in found]
        return tuple(dict.fromkeys(names))

    def register(self, asked: Asked) -> Problem | None:
        """Add a version."""
        return self._write("POST", f"{self._path(asked.subject)}/versions", self._body(asked.schema))

    def set_level(self, subject: str, level: str | None) -> Problem | None:
        """Give a subject its own level."""
        path = f"config/{quote(self._prefix + subject, safe='')}"
        return self._write("DELETE", path) if level is None else self._write("PUT", path, {"compatibility": level})

    def delete(self, subject: str, number: int | None = None) -> Problem | None:
        """Delete softly."""
        return self._write("DELETE", self._path(subject) + ("" if number is None else f"/versions/{number}"))

    def _path(self, subject: str) -> str:
        return f"subjects/{quote(self._prefix + subject, safe='')}"

    def _short(self, subject: str) -> str:
        return subject.removeprefix(self._prefix)

    def _body(self, schema: Schema) -> dict[str, Any]:
        body: dict[str, Any] = {"schema": schema.text}
        if schema.type != "AVRO":
            body["schemaType"] = schema.type
        if schema.references:
            body["references"] = [
                {"name": one.name, "subject": self._prefix + one.subject, "version": one.version}
                for one in schema.references
            ]
        return body

    def _each(self, ask: Callable[[_Item], _Got], items: Sequence[_Item]) -> list[_Got]:
        return [ask(items[0])] if len(items) == 1 else list(in_flight(ask, items))

    def _read(self, path: str, body: object = None) -> Any:
        return self._service.ask("GET" if body is None else "POST", path, body, harmless=True)

    def _absent(self, path: str, body: object = None, *, none: Sequence[int] = _ABSENT) -> Any:
        """What is there; None where the registry itself says that it is not."""
        try:
            return self._read(path, body)
        except ApiError as error:
            if error.status == 404 and error.code in none:
                return None
            raise

    def _write(self, method: str, path: str, body: object = None) -> Problem | None:
        """None for done, else why not, in the registry's words."""

        def refused(error: ApiError) -> Problem | None:
            if method == "DELETE" and error.code in (*_ABSENT, _NO_LEVEL):
                return None
            return Problem(_CODES.get(error.code or 0, f"HTTP {error.status}"), error.said or error.message)

        return written(lambda: self._service.ask(method, path, body), refused)


def open_registry(rest: Rest, env: Mapping[str, str]) -> SchemaRegistry:
    """The registry by its settings; nothing is asked yet. Raises ConfigError as `open_service`."""
    return SchemaRegistry(open_service("the schema registry", rest, env), rest.context)
