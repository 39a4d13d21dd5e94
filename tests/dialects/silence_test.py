"""Nothing of another tool's files is dropped in silence: whatever is added or changed is in the result or listed."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, TypeAlias

import pytest
import yaml
from estates import Case, cases, taken, told

from kafka_gitops.dialects import DIALECTS, documents
from kafka_gitops.text.source import Node

Path: TypeAlias = tuple[str | int, ...]
ASIDE = {  # what says nothing about Kafka, by the path in a document
    "strimzi": r"apiVersion|items/\d+/apiVersion|metadata/name|metadata/labels/strimzi.io/cluster|",  # "": the List itself
    "jikkou": r"(items/\d+/)?(apiVersion|metadata/name)|metadata/labels|kind|spec/topics|",
    "topicctl": r"meta/name|meta/(cluster|environment|region)",
    "kdef": r"apiVersion|metadata/name",
    "devshawn": r"services/\w+/principal",
    "list": r"",
    "terraform": r"|(terraform_version|serial|lineage|outputs|version)(/.*)?|resources/\d+"
    r"|resources/\d+/(mode|name|module|provider|instances/\d+)|resources/\d+/instances/\d+/(index_key|schema_version|status)"
    r"|resources/\d+/instances/\d+/attributes/(id|timeouts|kafka_cluster/0)|resource|resource/\w+|module"
    r"|resources/2/.*|resource/kafka_topic/one(/.*)?",  # a data source; a resource with something to work out
}
DELETED = "deletions are statements"  # nothing else counts of what is to be deleted


WHOLE = ("strimzi.io/managed", "strimzi.io/pause-reconciliation")


def flat(path: Path) -> str:
    return "/".join(map(str, path[1:]))


def every(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Each value of a document with its path."""
    yield path, value
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in below:
        yield from every(one, (*path, key))


def changed(documents: list[Any], path: Path, value: Any) -> list[Any]:
    """The documents with a key more at a mapping, or with another scalar."""
    made = deepcopy(documents)
    above: Any = made
    for key in path[:-1]:
        above = above[key]
    if isinstance(value, dict):
        above[path[-1]]["zzz"] = "zzz"
    elif isinstance(value, bool):
        above[path[-1]] = not value
    elif isinstance(value, (int, float)):
        above[path[-1]] = value + 7
    else:
        above[path[-1]] = f"{value}x"
    return made


def text(path: str, documents: list[Any]) -> str:
    if path.endswith((".json", ".tfstate")):
        return json.dumps(documents[0], indent=1)
    return yaml.safe_dump_all(documents, sort_keys=False)


def result(name: str, files: dict[str, str]) -> list[str]:
    """What files come to without lines: what is added moves them."""
    try:
        return sorted(re.sub(r"(\S+):\d+(:\d+)?", r"\1", line) for line in told(name, files))
    except AssertionError:  # our own reader has an error
        return ["refused"]


def places(name: str, files: dict[str, str]) -> dict[tuple[str, int, int], str]:
    """Where something was not taken over, and what."""
    return {(one.span.path, one.span.line, one.span.column): one.what for one in taken(name, files).left}


def is_listed(root: Node, path: Path, listed: dict[tuple[str, int, int], str]) -> bool:
    """Whether a value, or something that it is in, was not taken over."""
    nodes = [root]
    for key in path:
        nodes.append(nodes[-1].items[key] if isinstance(key, int) else nodes[-1].map[str(key)])
    for node in nodes[:]:  # a whole resource is listed at what says so
        said = (("kind",), ("spec",), *(("metadata", "annotations", key) for key in WHOLE))
        nodes += [one for keys in said if node.is_map and (one := node.get(*keys)) is not None]
    for node in nodes:
        first = next(iter(node.map), None)  # begins where a mapping does
        for span in (node.key_span, node.head, node.span):
            what = listed.get((span.path, span.line, span.column))
            if what is not None and not (first and what.endswith(first)):
                return True
    return False


def plain(case: Case) -> dict[str, list[Any]]:
    """The files of a case as data: those of YAML and JSON."""
    return {
        path: [one for one in yaml.safe_load_all(content) if one is not None]
        for path, content in case.files.items()
        if not path.endswith((".tf", ".tpl"))
    }


def silent(name: str, case: Case) -> Iterator[str]:
    """What can be changed in the files of a case without a word."""
    data = plain(case)
    files = {**case.files, **{path: text(path, documents) for path, documents in data.items()}}
    before, listed = result(name, files), places(name, files)
    for path, found in data.items():
        roots = [one.root for one in documents.documents(path, files[path])]
        for at, value in every(found):
            root = roots[at[0]] if at and isinstance(at[0], int) else None
            if root is None or isinstance(value, list) or re.fullmatch(ASIDE[name], flat(at)):
                continue
            if is_listed(root, at[1:], listed):
                continue
            if result(name, {**files, path: text(path, changed(found, at, value))}) == before:
                yield f"{case.name}: {path} {flat(at)}"


@pytest.mark.parametrize("name", DIALECTS)
def test_what_is_added_or_changed_is_in_the_result_or_listed(name: str) -> None:
    sound = [case for case in cases(name) if not any(line.startswith("error ") for line in case.expected)]
    assert len(sound) >= 9
    assert [one for case in sound if case.name != DELETED for one in silent(name, case)] == []
