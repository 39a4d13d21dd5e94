"""The command line as frozen values: argparse ends where it begins."""

import argparse

import pytest

from kafka_gitops.cli import main
from kafka_gitops.cli.request import Files, Lint, Plans, Request, made, names

REQUIRED = {
    "explain": ["topic-name"],
    "migrate": ["x.yaml", "--from", "strimzi", "--out", "y"],
    "import": ["--out", "y"],
    "diff": ["test", "prod"],
    "undo": ["20261120-140512-0a1b2c"],
    "snapshot": ["-o", "y"],
    "fleet": ["x"],
    "completion": ["bash"],
}


def dests(name: str) -> set[str]:
    return {action.dest for action in main.parser_of(name)._actions} - {"help"}


def of(name: str) -> type[Request]:
    found: type[Request] = main.module_of(name).Request
    return found


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_option_is_a_field_of_the_commands_request(name: str) -> None:
    assert dests(name) <= {*names(of(name))}


@pytest.mark.parametrize("name", main.COMMANDS)
def test_what_is_not_given_is_as_the_request_says(name: str) -> None:
    """Who makes a request without a command line gets the same."""
    words = REQUIRED.get(name, [])
    parsed = main.parser_of(name).parse_args(words)
    given = {one: value for one, value in vars(made(of(name), parsed)).items() if one in _needed(name)}
    assert made(of(name), parsed) == of(name)(**given)


def _needed(name: str) -> set[str]:
    required = {action.dest for action in main.parser_of(name)._actions if action.required}
    return required | ({"out"} if name == "import" else set())


def test_a_request_is_not_changed() -> None:
    request = made(Lint, argparse.Namespace(paths=["a"], fail_on="never", base=None))
    assert (request.paths, request.fail_on, request.base) == (("a",), "never", None)
    with pytest.raises(AttributeError):
        request.base = "HEAD"  # type: ignore[misc]


def test_only_fields_are_taken() -> None:
    """A name that no request has is nothing that travels along."""
    assert not hasattr(made(Files, argparse.Namespace(paths=[], change="x")), "change")
    assert made(Plans, argparse.Namespace()) == Plans()
