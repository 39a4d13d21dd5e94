"""Jinja templates for names, sandboxed and kept to expressions; jinja2 is imported only when there is one."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from kafka_gitops.reading.bounds import MOST_NAME

MAX_TEMPLATE = 2_000  # characters

_NODES = frozenset(
    ("Template", "Output", "TemplateData", "Name", "Const", "If", "CondExpr", "Test", "Filter", "And", "Or", "Not",
     "Compare", "Operand", "Getattr", "Getitem", "Slice", "Concat", "Add", "Sub", "Keyword")
)  # fmt: skip
_FILTERS = ("capitalize", "d", "default", "first", "last", "length", "lower", "string", "title", "trim", "upper")


class BadTemplate(Exception):
    """The template cannot be read or rendered; the message says why."""


@lru_cache(maxsize=1_000)
def template(text: str) -> Callable[[Mapping[str, str]], str]:
    """A function that renders the template with variables; both may raise BadTemplate.

    There are no loops, assignments, calls or imports, so a template cannot run long or grow large. As in the
    reference's Jinjava, a variable that is not there renders empty.
    """
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    if len(text) > MAX_TEMPLATE:
        raise BadTemplate(f"the template has {len(text):,} characters, at most {MAX_TEMPLATE:,} are read")
    environment = ImmutableSandboxedEnvironment(keep_trailing_newline=True)
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | {"replace": _replace}
    environment.globals = {}
    try:
        _refuse(environment.parse(text))
        compiled = environment.from_string(text)
    except TemplateError as error:
        raise BadTemplate(f'the template "{text}" cannot be read: {error.message}') from error
    except (RecursionError, SyntaxError) as error:  # the latter is Python's, for the code that Jinja makes of it
        raise BadTemplate(f'the template "{text}" cannot be read: it is nested too deep') from error

    def render(variables: Mapping[str, str]) -> str:
        try:
            name = compiled.render(variables)
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise BadTemplate(f'the template "{text}" cannot be rendered: {error}') from error
        if len(name) > MOST_NAME:
            raise BadTemplate(f'the template "{text}" renders to {len(name):,} characters')
        return name

    return render


def _replace(text: str, old: str, new: str) -> str:
    replaced = str(text).replace(old, new)
    if len(replaced) > MOST_NAME:
        raise ValueError("a replacement grows too long")
    return replaced


def _refuse(root: object) -> None:
    from jinja2 import TemplateSyntaxError, nodes

    assert isinstance(root, nodes.Node)
    for node in root.find_all(nodes.Node):
        kind = type(node).__name__
        if kind not in _NODES:
            raise TemplateSyntaxError(f"{kind} is not allowed: only variables, conditions and filters are", 1)
