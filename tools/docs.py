"""Writes the generated parts of docs/ (commands, config keys, exit codes, rules, hooks), the hooks' manifest and the
completions of shells.

`--check` only compares.

Usage: python tools/docs.py [--check]
"""

import inspect
import json
import os
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import hooks
import kind_pages

from kafka_gitops import __version__, errors
from kafka_gitops.cli import main as cli
from kafka_gitops.cli.hook import NEED_ALL
from kafka_gitops.cli.schema import KINDS as SCHEMAS
from kafka_gitops.cli.schema import text_of
from kafka_gitops.config.find import DEFAULTS
from kafka_gitops.config.schema import FILE, Key
from kafka_gitops.rules import RULES
from kafka_gitops.settings import Settings

DOCS = Path(__file__).parent.parent / "docs"
MADE = "<!-- made by tools/docs.py -->"


def pages() -> Iterator[tuple[str, str]]:
    """Each generated page: its path below docs/ and its text."""
    yield "commands.md", commands()
    yield "config-keys.md", config_keys()
    yield "exit-codes.md", exit_codes()
    yield "pre-commit.md", f"{MADE}\n\n{hooks.page(__version__, NEED_ALL)}"
    yield "../.pre-commit-hooks.yaml", hooks.manifest()
    yield "editors.md", editors()
    yield from ((f"schemas/{kind}.json", text_of(kind)) for kind in SCHEMAS)
    yield "trust.md", trust()
    yield from kind_pages.pages(DOCS, MADE)
    yield "rules/README.md", rules_index()
    for name in RULES:
        yield f"rules/{name}.md", rule(name)
    if find_spec("shtab") is not None:  # not in an environment that is older; the tests of completion ask for it
        import completion

        yield from ((os.path.relpath(path, DOCS), text) for path, text in completion.files())


def commands() -> str:
    """Every command with its --help."""
    parts = [MADE, "", "# Commands", "", "```text", cli.usage(), "```"]
    for name in cli.COMMANDS:
        parts += ["", f"## {name}", "", "```text", cli.parser_of(name).format_help().rstrip(), "```"]
    return "\n".join(parts) + "\n"


def config_keys() -> str:
    """Every key of kafka-gitops.yaml with its type, its default and its meaning."""
    defaults = dict(_defaults())
    rows = [
        f"| `{path}` | {re.sub(r' [(].*[)]$', '', key.shape.what)} | {defaults.get(path, '')} | {key.says} |"
        for path, key in _keys(FILE, "")
    ]
    head = [MADE, "", "# Keys of kafka-gitops.yaml", "", "| key | type | default | meaning |"]
    return "\n".join([*head, "| --- | --- | --- | --- |", *rows]) + "\n"


def _defaults() -> Iterator[tuple[str, str]]:
    """What a key is where nobody writes it, from the settings of a run without any file; none for what is left open."""
    settings = Settings()
    naming = settings.language.naming
    parts = {"limits": settings.limits._asdict(), "naming": naming._asdict(), "naming.dlq": naming.dlq._asdict()}
    values = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.items()}
    values |= {"recursive": settings.recursive, "acls.optimized": settings.language.optimized_acls}
    values |= {"acls.connector_topic_create": settings.language.connector_topic_create}
    for path, value in values.items():
        if isinstance(value, bool | int | str):
            yield path, f"`{json.dumps(value)}`" if value == "." else f"`{str(value).lower()}`"
    yield "topology", " or ".join(f"`{name}`" for name in DEFAULTS)
    yield "kafka_version", "the newest known"
    yield "undeclared_configs", f"`{'keep' if settings.keep_undeclared_configs else 'remove'}`"
    yield "contexts", f"`{'many' if settings.language.many_contexts else 'one'}`"
    yield "prune", "no kind"
    yield "max_hold", f"`{settings.max_hold}`"
    yield "ledger", f"`{settings.ledger.mode}`"
    yield "ledger.mode", f"`{settings.ledger.mode}`"
    yield "ledger.actors", f"`{settings.ledger.actors}`"
    yield "ledger.keep", f"`{settings.ledger.keep}d`"
    yield "owner", "the repository and the path of this file"
    yield "ignore_configs", "the replication throttles, unless a file declares them"
    yield "manage", "everything"
    yield "environments.NAME.principal", "the login's, or the certificate's if the brokers map no names"


def _keys(keys: dict[str, Key], above: str) -> Iterator[tuple[str, Key]]:
    for name, key in keys.items():
        yield above + name, key
        if key.below is not None and above.count(".") < 3:
            dots = "[]." if key.item else ".NAME." if name == "environments" else "."
            known = {*keys} if name == "environments" else set()
            below = {child: value for child, value in key.below.items() if child not in known}
            yield from _keys(below, above + name + dots)


CODES = {
    0: "Done, or nothing to report.",
    1: "`lint`: a finding reaches `--fail-on`. Other commands: refused or failed before anything was done, for "
    "instance a plan that was edited or is for another cluster, errors in the files, a right that the "
    "principal lacks (the message has the command that grants it), brokers without an authorizer. `ci plan`: the "
    "brokers refuse a part of the change (`plan` shows it under what cannot be done, and exits as without it). "
    "`--stop-after` was over before anything was done.",
    2: "The cluster differs from the files: `drift` and `ci drift`, whatever a repair would need; `plan` only "
    "with `--exit-code`.",
    3: "The plan is stale: the cluster is no longer what it was made from. `ci apply`: the plan made now has "
    "changes that nobody approved, with a ledger not in a merged change request either. Nothing was applied; make a "
    "new plan.",
    4: "Blocked: a limit on deletions, a risk that nobody accepted, a removal that is never carried out, with a ledger"
    " another run that has the lock or a commit that is older than the one applied last or on another line, or, with"
    " `ci plan --auto-approve`, a change that needs a person. The message names the option that lets it "
    "through; for an older commit there is none.",
    5: "The cluster cannot be reached: name, port, TLS or login (`doctor` goes through them); or it was lost, or gave "
    "an answer that cannot be read, before anything was done.",
    6: "Applied in part: something was written, and other changes failed, were skipped, are refused by the brokers, "
    "are unknown because the answer was lost, or could not be seen afterwards. The report says which. Run it again.",
    64: "Usage error: unknown command, option, file, commit, environment, run or resource. "
    "`ci`: there is no topology file in the place that it reads.",
    78: "kafka-gitops.yaml, a client file or a policy is wrong, a variable is not set, or an extra is not installed.",
    130: "Stopped by Ctrl-C before anything was done; afterwards it is 6.",
}


def exit_codes() -> str:
    """Every exit code with its meaning."""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    known = {kind.exit_code for kind in kinds if issubclass(kind, errors.KafkaGitopsError)}
    assert known <= CODES.keys(), known
    lines = [f"| {code} | {said} |" for code, said in CODES.items()]
    return "\n".join([MADE, "", "# Exit codes", "", "| code | means |", "| --- | --- |", *lines]) + "\n"


EDITORS = """\
# In the editor

An editor that knows JSON Schema completes keys, explains them and marks mistakes while you type: VS Code with the YAML
extension, IntelliJ, Neovim, Helix and others with yaml-language-server. The first line of a file says which schema:

```yaml
# yaml-language-server: $schema=https://raw.githubusercontent.com/OWNER/kafka-gitops/v{version}/docs/schemas/topology.json
context: acme
projects: []
```

A path relative to the file works as well. This writes schemas that fit the installed version:

```
mkdir -p schemas
kafka-gitops schema topology > schemas/topology.json
kafka-gitops schema config > schemas/config.json
```

Or say it once for all files, here in VS Code's settings.json:

```json
{{"yaml.schemas": {{"schemas/topology.json": "topologies/**/*.yaml", "schemas/config.json": "kafka-gitops.yaml"}}}}
```

| schema | of |
| --- | --- |
{rows}

The schemas are made from the tables and the catalogue that `kafka-gitops lint` checks files with: unknown keys, topic
configs and their values, principals, names and operations are marked. Lint knows more: whatever depends on another key
or file (plans, custom roles, full names, rights), and what is wrong with the text itself (a key that stands twice, a
second document). A schema knows neither your config nor your rules, so it is stricter in some things: it marks every
unknown key of a topic, where lint may only warn; a topic config that the newest known Kafka does not have, whatever
`kafka_version` says; and a custom role or a segment of the names that is nearly called like a section.

YAML has more types than JSON Schema can see. What is meant as text may be plain: `retention.ms: 86400000` and
`retention.ms: "86400000"` are the same, as are `true` and `"true"`; numbers and true or false may stand in quotes.
"""
_OF = {
    "topology": "topology files",
    "config": "kafka-gitops.yaml",
    "plans": "the file that `plans` names",
    "roles": "the file that `roles` names",
    "teams": "the file that `import --teams` names",
    "plan": "what `plan -o` saves",
    "apply": "what `apply --report json=FILE` and `ci apply` report",
    "snapshot": "the JSON in what `snapshot -o` saves, unpacked by gzip",
    "ledger": "a record in a ledger's topic, an export, or the copy that an apply writes",
}


def editors() -> str:
    """How an editor is told of the schemas."""
    rows = "\n".join(f"| [{kind}](schemas/{kind}.json) | {_OF[kind]} |" for kind in SCHEMAS)
    return f"{MADE}\n\n{EDITORS.format(version=__version__, rows=rows)}"


def trust() -> str:
    """The page as it is, and below its mark the table of which runs connect, from the cases of the tests."""
    sys.path.append(str(DOCS.parent / "tests" / "support"))
    from trust_cases import table

    words = (DOCS / "trust.md").read_text(encoding="utf-8").partition(MADE)[0]
    return f"{words}{MADE}\n\n{table()}\n"


def rules_index() -> str:
    """All rules with their severities and first sentences."""
    rows = [f"| [{name}]({name}.md) | {page.SEVERITY} | {_doc(name).splitlines()[0]} |" for name, page in RULES.items()]
    return "\n".join([MADE, "", "# Rules", "", "| rule | severity | finds |", "| --- | --- | --- |", *rows]) + "\n"


def rule(name: str) -> str:
    """A rule's page: its docstring."""
    return f"{MADE}\n\n# {name}\n\nSeverity: {RULES[name].SEVERITY}\n\n{_doc(name).strip()}\n"


def _doc(name: str) -> str:
    return RULES[name].__doc__ or ""


def main(check: bool) -> int:
    """Write the pages, or with `check` say which differ; the exit code."""
    os.environ["COLUMNS"] = "100"  # argparse folds by the terminal's width
    wrong = []
    for path, text in pages():
        file = DOCS / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        wrong.append(path)
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if check and wrong:
        print(f"docs/ is behind: {', '.join(wrong)}; python tools/docs.py makes it anew")
    return int(check and bool(wrong))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
