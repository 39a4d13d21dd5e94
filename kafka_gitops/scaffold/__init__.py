"""What `init` writes into a repository: the starting files beside this module, and the pipelines that are shipped."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kafka_gitops.scaffold.release import Release, filled

_HERE = Path(__file__).parent
START = {  # the path in the user's repository: the file here
    "kafka-gitops.yaml": "kafka-gitops.yaml",
    "topologies/example.yaml": "topologies/example.yaml",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
}
PIPELINES: Mapping[str, Mapping[str, str]] = {  # the path in the user's repository: the file at the root of ours
    "github": {
        ".github/workflows/kafka-pull-request.yml": "examples/github/pull-request.yml",
        ".github/workflows/kafka-merge.yml": "examples/github/merge.yml",
        ".github/workflows/kafka-drift.yml": "examples/github/drift.yml",
    },
    "gitlab": {".gitlab-ci.yml": ".gitlab-ci.example.yml"},
    "jenkins": {"Jenkinsfile": "Jenkinsfile.example"},
    "bitbucket": {"bitbucket-pipelines.yml": "bitbucket-pipelines.example.yml"},
}
PAGES = {name: f"docs/{name}.md" for name in PIPELINES}


def files(ci: str | None, release: Release | None = None) -> Iterator[tuple[str, str]]:
    """The path and the text of each file to write, with the pipeline of a platform where one is named.

    Without a release the files hold what stands for one.
    """
    for path, text in _shipped_files(ci):
        yield path, filled(text, release) if release is not None else text


def _shipped_files(ci: str | None) -> Iterator[tuple[str, str]]:
    for path, name in START.items():
        yield path, (_HERE / name).read_text(encoding="utf-8")
    for path, name in PIPELINES[ci].items() if ci else ():
        yield path, _shipped(name).read_text(encoding="utf-8")


def _shipped(name: str) -> Path:
    """A template in the installed package, or at the root of a checkout."""
    packaged = (_HERE.parent if name.startswith("examples/") else _HERE) / name
    return packaged if packaged.is_file() else _HERE.parent.parent / name
