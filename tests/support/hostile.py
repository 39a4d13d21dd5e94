"""A change whose every text wants to be more: a command of a shell or of a CI, markup, a mention, a quick action."""

import json
import re
from pathlib import Path

from hooking import git, write

WORDS = (
    "$(cd;touch pwned)",
    '"; cd; touch pwned; "',
    "'; cd; touch pwned; '",
    "`cd;touch pwned`",
    "&& cd && touch pwned #",
    "x\n::stop-commands::pwned\n::add-mask::pwned\n::set-output name=pwned::pwned",
    "x\n::error::pwned\r::set-env name=pwned::pwned\n ::add-path::pwned",
    "##[error]pwned ##vso[task.complete]pwned",
    "@acme @all",
    "<img src=x onerror=pwned()> --> <script>",
    "a | b `c` **d** [e](https://evil.example.org) ![f](https://evil.example.org/f.png)",
    "x\n/merge\n/close",
    "\x1b[2J\x1b]0;pwned\x07 \u202e section_start:1:pwned\r\x1b[0K",
    "$KAFKA_PASSWORD ${KAFKA_PASSWORD} ${{ secrets.KAFKA_PASSWORD }} {{ 7*7 }} %s",
)


def findings(prefix: str) -> dict[str, str]:
    """Topology files, named and filled with hostile text, that do not pass lint: path below the repository -> text."""
    return {
        path: f"context: unused\nspecial_topics:\n- name: {_quoted(prefix + word)}\n"
        f"  config: {{{_quoted(word)}: {_quoted(word)}}}\n  metadata: {{owner: {_quoted(word)}}}\n"
        for path, word in _paths("wrong").items()
    }


def rights(prefix: str) -> dict[str, str]:
    """Files that pass lint, whose hostile text reaches the cluster: in the names of principals and of groups."""
    return {
        path: f"context: unused\nspecial_topics:\n- name: {prefix}hostile-{number}\n  metadata: {{owner: {_quoted(word)}}}\n"
        f"  config: {{}}\nacls:\n- principals: [{_quoted(f'User:{prefix}{passing(word)}')}]\n  allow: [READ]\n"
        f"  topics: [{prefix}hostile-{number}]\n  groups: [{_quoted(prefix + passing(word))}]\n"
        for number, (path, word) in enumerate(_paths("right").items())
    }


def passing(word: str) -> str:
    """As much of a hostile text as lint lets into a name: nothing that hides, no placeholder."""
    shown = re.sub(r"[\x00-\x1f\x7f\u202e]+", " ", word).strip()
    return re.sub(r"\$\{+|\{\{", "[[", shown).replace("<script>", "<script src=x>").replace("$KAFKA", "$xKAFKA")


NAMES = set(map(passing, WORDS))
FOUND = 2 * len(WORDS) + 4  # two errors for each of `findings`; warnings of placeholders and stars beside `rights`


def commit(home: Path, files: dict[str, str]) -> None:
    """Commit files in a repository, by an author and with a message of the same kind."""
    for name, text in files.items():
        write(home / name, text)
    git(home, "add", "-A")
    said = "\n\n".join([*WORDS[:-2], f"Kafka-Gitops-Accept: {WORDS[0]} {WORDS[9]}"])
    git(home, "-c", f"user.name={WORDS[0]} {WORDS[8]}", "commit", "-qm", said)


def _paths(start: str) -> dict[str, str]:
    return {f"topologies/{start}{number} {word.replace('/', '')}.yaml": word for number, word in enumerate(WORDS)}


def _quoted(text: str) -> str:
    return json.dumps(text)


def touched(*folders: Path) -> list[Path]:
    """The files that a shell made of hostile text."""
    return [path for folder in folders for path in folder.rglob("pwned")]


def inert_line(line: str) -> None:
    """Fail for a line of a log that a CI or a terminal would obey."""
    assert not line.lstrip().startswith("::"), repr(line)
    assert not set(line) & set("\x1b\u202e\r\x07"), repr(line)
    assert not re.search(r"##(vso)?\[", line), repr(line)


def inert_log(text: str) -> None:
    """Fail for a log with such a line; colours are allowed, which we and the runners have."""
    for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines():
        inert_line(line)


def inert_markdown(text: str) -> None:
    """Fail for a comment that calls, shows or links what somebody wrote."""
    outside = "".join(part for index, part in enumerate(_fenced(text)) if index % 2 == 0)
    assert not set(text) & set("\x1b\u202e")
    for found in (r"(?<!\\)<(img|script)", r"@(acme|all|team)", r"\]\(https://evil", "https://evil"):
        assert not re.search(found, outside), (found, outside)


def inert_note(text: str) -> None:
    """The same of a note of GitLab, where a line that begins with a slash is a command."""
    inert_markdown(text)
    assert not re.search(r"^\s*/", text, re.MULTILINE), text


def _fenced(text: str) -> list[str]:
    """The text outside and inside of code, in turn: blocks, then spans of one backtick or more."""
    parts = re.split(r"(?ms)^```diff\n(.*?)^```$", text)
    outside = [re.sub(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", part) for part in parts[::2]]
    return [piece for pair in zip(outside, [*parts[1::2], ""], strict=True) for piece in pair]
