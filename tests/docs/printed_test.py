"""Every command of ours that a message, a page or a template names is one: our own parser takes it."""

import argparse
import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from kafka_gitops.cli import main as cli
from kafka_gitops.errors import UsageError

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "kafka_gitops").rglob("*.py"))
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "bench/*.md", "tests/*.md", "templates/**/*", "*.example*", "*.yml")
    for path in ROOT.glob(pattern)
    if path.is_file() and path.name not in ("commands.md", "CONTRIBUTING.md")  # the help itself; run on a copy
)
HOLE = "HOLE"  # what a message fills in
NAMED = re.compile(rf"(?<![\w/.\[-])kafka-gitops ((?:-\S+ (?:[^-\s]\S* )?)*(?:{'|'.join(cli.COMMANDS)})\b[^\n`]*)")
_END = re.compile(r"[.,;:)]+$")
_OPERATOR = re.compile(r"^(?:[<>|&;]|\d?>|\|\||&&)")
# Where `kafka-gitops` and a word of ours stand side by side and name no command
TITLES = ("kafka-gitops apply: ", "kafka-gitops lint: ", 'kafka-gitops lint"')


def texts(path: Path) -> Iterator[str]:
    """The texts of a module that a run can print: no docstrings but those of rules, which `explain` prints."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        documents = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
        if documents and not (isinstance(node, ast.Module) and path.parent.name in ("rules", "cli")):
            skipped.add(id(node.body[0].value))  # type: ignore[attr-defined]
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in ast.walk(node) if part is not node)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else HOLE for part in node.values)  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def in_prose(text: str) -> list[str]:
    """The words of a command at the start of a sentence's rest: what follows it in plain words is none of it."""
    words = re.sub(r"[][]", "", text.partition(" (")[0]).split(" ")
    at = next(index for index, word in enumerate(words) if _END.sub("", word) in cli.COMMANDS)
    found = [*words[:at], _END.sub("", words[at])]
    takes = _takes_value(found[-1])
    for before, word in zip(words[at:], words[at + 1 :], strict=False):
        bare = _END.sub("", word)
        is_word = word.startswith("-") or bare.isupper() or re.search(r"[./=@]\w", bare) or before in takes
        if _END.search(before) or not (is_word or (found == ["ci"] and bare in ("lint", "plan", "apply", "drift"))):
            break
        found.append(bare)
    return found


def _takes_value(name: str) -> set[str]:
    actions = cli.parser_of(name)._actions
    return {option for action in actions if action.nargs is None for option in action.option_strings}


def in_shell(text: str) -> list[str]:
    """The words of a command in a shell, without what follows it there."""
    text = re.sub(r"\$\{\{.*?\}\}|\{\{.*?\}\}", "VALUE", text)
    text = re.sub(r"[][]", "", text) if text.endswith("]") else text  # a synopsis has its options in brackets
    words = shlex.split(text, comments=True)
    end = next((at for at, word in enumerate(words) if _OPERATOR.match(word)), len(words))
    return words[:end]


def refused(words: list[str]) -> str | None:
    """Why our parser does not take a command line."""
    words = ["github" if word == "PLATFORM" else word for word in words]  # on a page that is about all of them
    at = cli._command_at(words)
    if at is None or words[at] not in cli.COMMANDS:
        return f"no command: {words}"
    try:
        cli.parser_of(words[at]).parse_args([*words[:at], *words[at + 1 :]])
    except (UsageError, argparse.ArgumentTypeError) as error:
        return f"{words}: {error}"
    except SystemExit:
        return None  # --help
    return None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "kafka_gitops")))
def test_a_command_in_a_message_is_one(path: Path) -> None:
    for text in texts(path):
        for found in NAMED.finditer(text):
            if not text[found.start() :].startswith(TITLES):
                example = text.startswith("kafka-gitops") and path.parent.name == "cli" and "'s " not in text
                assert (example and not refused(in_shell(found[1]))) or refused(in_prose(found[1])) is None, text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "kafka_gitops")))
def test_what_is_filled_into_a_command_is_quoted_by_the_function_for_it(path: Path) -> None:
    for text in texts(path):
        for found in NAMED.finditer(text):
            words = [] if text[found.start() :].startswith(TITLES) else in_prose(found[1])
            assert not any(HOLE in word for word in words), f"build it by kafka_gitops.shell: {text}"
        assert not re.search(rf"(kafka-acls|openssl|keytool) -\S.*{HOLE}", text), text


def spans(path: Path) -> Iterator[str]:
    """The commands of a page: its lines in blocks, and its code in a line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        for block in re.findall(r"(?ms)^ *```\w*\n(.*?)^ *```", text):
            yield from re.sub(r"\\\n\s*", " ", block).splitlines()
        text = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
        yield from (" ".join(code.split()) for code in re.findall(r"(?s)`([^`]+)`", text))
    else:
        yield from re.sub(r"\\\n\s*", " ", text).splitlines()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_command_on_a_page_is_one(path: Path) -> None:
    for span in spans(path):
        for found in NAMED.finditer(span):
            alone = not span[: found.start()].strip(" $-")
            words = in_shell(found[1]) if alone and path.suffix == ".md" else in_prose(found[1])
            assert refused(words) is None, span


@pytest.mark.parametrize(
    "text",
    [
        "kafka-gitops lint --bse main",
        "see kafka-gitops ci plan --approve it",
        "kafka-gitops plan -o",
        "kafka-gitops ci lnt",
    ],
)
def test_a_command_that_is_none_is_found(text: str) -> None:
    [found] = NAMED.finditer(text)
    assert refused(in_prose(found[1])) is not None or refused(in_shell(found[1])) is not None


def test_the_scan_sees_the_commands_of_messages_and_pages() -> None:
    messages = [text for path in MODULES for text in texts(path) if NAMED.search(text)]
    pages = [span for path in PAGES for span in spans(path) if NAMED.search(span)]
    assert len(messages) > 40 and len(pages) > 60, (len(messages), len(pages))
