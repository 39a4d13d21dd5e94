"""The commit hooks as a table; `.pre-commit-hooks.yaml` and docs/pre-commit.md are made from it by tools/docs.py."""

from typing import NamedTuple

# A hook without stages runs at the commit and once more at the push. A merge brings files together that were never
# linted together, so it counts as a commit; a push brings nothing new, and CI looks at it anyway.
STAGES = "[pre-commit, pre-merge-commit, manual]"
MESSAGE = "[commit-msg]"
MINIMUM = "3.2.0"  # the first pre-commit that knows these names of stages
FILES = r"(^|/)topolog(y|ies)((/[^/]+)+|[-_.][^/]*)?\.ya?ml$"


class Hook(NamedTuple):
    """A hook of the manifest. Its flags stand in `entry`: a user's `args` replace a manifest's, never the entry."""

    id: str
    name: str
    description: str
    entry: str
    settings: dict[str, str]
    reads: str
    when: str
    stages: str = STAGES


HOOKS = (
    Hook(
        "kafka-gitops-lint",
        "lint Kafka topology",
        "Check all topology files, alone and together. Offline: it never contacts a cluster.",
        "kafka-gitops lint --hook",
        {
            "pass_filenames": "false",  # a changed file can clash with one that did not change
            "always_run": "true",  # or a commit that only deletes would run nothing
            "require_serial": "true",
        },
        "every topology file that git tracks",
        "at each commit",
    ),
    Hook(
        "kafka-gitops-lint-files",
        "lint changed Kafka topology files",
        "Check each changed topology file by itself. Offline: it never contacts a cluster.",
        "kafka-gitops lint --files-only",
        {"types": "[yaml]", "files": FILES},
        "the topology files of the commit, each by itself",
        "when such a file is in the commit",
    ),
    Hook(
        "kafka-gitops-commit-msg",
        "check what a commit changes on Kafka",
        "Deletions, renames, partitions, retention: stop what the commit's message does not accept. Offline.",
        "kafka-gitops lint --commit-msg",
        {"always_run": "true", "require_serial": "true"},
        "what the commit changes, and its message",
        "when the message is written",
        MESSAGE,
    ),
)


def manifest() -> str:
    """The text of `.pre-commit-hooks.yaml`."""
    parts = ["# made by tools/docs.py"]
    for hook in HOOKS:
        settings = {
            "name": hook.name,
            "description": f'"{hook.description}"',
            "entry": hook.entry,
            "language": "python",
            **hook.settings,
            "stages": hook.stages,
            "minimum_pre_commit_version": MINIMUM,
        }
        parts += [f"- id: {hook.id}", *(f"  {key}: {value}" for key, value in settings.items())]
    return "\n".join(parts) + "\n"


PAGE = """\
# Lint before each commit

The hooks run in [pre-commit](https://pre-commit.com) from {minimum} on and in [prek](https://prek.j178.dev). They need
no Kafka, no network once they are installed, and no compiler.

```yaml
# .pre-commit-config.yaml
repos:
- repo: https://github.com/OWNER/kafka-gitops
  rev: 0000000000000000000000000000000000000000 # v{version}: put the full commit of the release here
  hooks:
  - id: {first}
```

`kafka-gitops init --from ADDRESS@COMMIT` writes this file. A full commit cannot be moved, a tag can; the hook runs
code on your machine.

| id | reads | when |
| --- | --- | --- |
{rows}

Take `{first}`: names, rights and access tests of one file depend on the others. Take `{second}` where the whole
topology is too large for each commit; the pipeline still lints all of it. It leaves out the rules that need the other
files: {left_out}.

Both run at the stages `{stages}`. A merge counts as a commit, because it brings files together that were never linted
together. `pre-commit install --hook-type pre-commit --hook-type pre-merge-commit` installs both.

With an error the hook shows the errors, and counts the warnings in a line. Without one it shows the warnings, but a
runner hides what a passing hook says: `verbose: true` at the hook shows it.

## What a commit changes

A topic that is deleted, renamed or moved, fewer partitions, a shorter retention: the files alone do not show it, and
these hooks see it only when they compare with a commit. There are two ways.

```yaml
  - id: {first}
    args: [--base, origin/main]        # all that this branch changes; what its commits accept passes
```

```yaml
default_install_hook_types: [pre-commit, commit-msg]
repos:
- repo: https://github.com/OWNER/kafka-gitops
  rev: 0000000000000000000000000000000000000000 # v{version}: put the full commit of the release here
  hooks:
  - id: {first}
  - id: {third}        # what this commit changes; its message may accept it
```

The first way cannot know the message of the commit that is being made. `{third}` runs when it is
written, and compares with the commit before (`args: [--base, origin/main]`: with where the branch began). An error
shows the line that accepts it. Write it at the end of the message and commit again:

```
Keep orders for a day

Kafka-Gitops-Accept: retention-shrink acme.pay.orders
```

A message that was refused is kept: `git commit -e -F .git/COMMIT_EDITMSG` goes on with it.

## What they read

* Only what git tracks: a file that is not added is not in the commit. Edits that are not staged are put away by
  pre-commit itself. (`PRE_COMMIT=1` says that a hook runs; without git all files count.)
* What `kafka-gitops.yaml` at the repository's root names, else `topologies/` or `topology.yaml`. With several
  environments each is linted, and what they share is told once.
* Without any of these at the root: every directory with a `kafka-gitops.yaml` that git tracks. Without such a file too,
  the hook says nothing and succeeds.
* What is as it was is not judged again ([how that is known](lint.md#what-is-kept-between-runs)), but with
  `args: [--no-cache]`.
* `{second}` gets the names that match `{files}`, which leaves the YAML of others alone. Another place:
  `files: ^streaming/.*\\.yaml$` at the hook. A file outside the paths under `topology` of the config is passed over.

## Options

`args` takes every option of `kafka-gitops lint`; they are added to what the hook needs.

```yaml
  - id: {first}
    args: [--format, full]             # show the lines; the hooks' own format (hook) is one line a finding, folded
  - id: {first}
    args: [--fail-on, warning]
  - id: {first}
    args: [-e, prod, platform/kafka]   # one environment, another directory
  - id: {first}
    args: [--config, platform/kafka-gitops.yaml]
```

The exit codes are those of `kafka-gitops lint`; to a hook's runner all but 0 are a failure. `SKIP={first} git commit`
leaves the hook out once.
"""


def page(version: str, left_out: frozenset[str]) -> str:
    """The text of docs/pre-commit.md; `left_out` names the rules that need all files."""
    rows = [f"| `{hook.id}` | {hook.reads} | {hook.when} |" for hook in HOOKS]
    first, second, third = (hook.id for hook in HOOKS)
    return PAGE.format(
        minimum=MINIMUM,
        version=version,
        first=first,
        second=second,
        third=third,
        rows="\n".join(rows),
        left_out=", ".join(f"`{name}`" for name in sorted(left_out)),
        stages=STAGES.strip("[]"),
        files=FILES,
    )
