"""Shell completion: what is shipped is what shtab makes of the parsers, and real shells complete by it."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import completion
import pytest
from configuring import Ran, home, run

from kafka_gitops.cli import main
from kafka_gitops.cli.completion import HERE, SHELLS

__all__ = ["home", "run"]
LINES = {  # what is typed: the word that is completed, and what it becomes
    "kafka-gitops pl": "plan",
    "kafka-gitops plan --acc": "--accept",
    "kafka-gitops -e prod doc": "doctor",
    "kafka-gitops plan -e prod --exi": "--exit-code",
    "kafka-gitops lint --fail-on wa": "warning",
    "kafka-gitops migrate --from str": "strimzi",
    "kafka-gitops ci dri": "drift",
}
BASH = """\
source "$1"
read -ra COMP_WORDS <<< "$2"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
function=$(complete -p kafka-gitops | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$function"
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """\
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "fpath=($1 \\$fpath); PS1= PS2= TERM=dumb; autoload -Uz compinit && compinit -u -D; echo R''EADY"
zpty -r -m z out '*READY*'
zpty -w -n z "$2"$'\\t'
for i in {1..50}; do sleep 0.1; zpty -r -t z out && whole+=$out; [[ $whole == *${2}[a-z-]* ]] && break; done
print -r -- "$whole"
zpty -d z
"""


@pytest.mark.parametrize("path,text", [pytest.param(*one, id=one[0].name) for one in completion.files()])
def test_what_is_shipped_is_what_the_parsers_are(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "python tools/completion.py writes it anew"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_what_is_shipped(run: Callable[..., Ran], shell: str) -> None:
    text = (HERE / f"kafka-gitops.{shell}").read_text(encoding="utf-8")
    assert run("completion", shell) == (0, text, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_completed(shell: str) -> None:
    text = (HERE / f"kafka-gitops.{shell}").read_text(encoding="utf-8")
    assert [name for name in main.COMMANDS if name not in text] == []


def asked(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("line", LINES)
def test_bash_completes(line: str, tmp_path: Path) -> None:
    script = tmp_path / "try.bash"
    script.write_text(BASH)
    assert asked("bash", "--norc", str(script), str(HERE / "kafka-gitops.bash"), line).split() == [LINES[line]]


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
@pytest.mark.parametrize("line", LINES)
def test_fish_completes(line: str) -> None:
    out = asked("fish", "--no-config", "-c", f"source {HERE}/kafka-gitops.fish; complete -C '{line}'")
    assert [row.partition("\t")[0] for row in out.splitlines()] == [LINES[line]]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
@pytest.mark.parametrize("line", LINES)
def test_zsh_completes(line: str, tmp_path: Path) -> None:
    (tmp_path / "_kafka-gitops").write_bytes((HERE / "kafka-gitops.zsh").read_bytes())
    script = tmp_path / "try.zsh"
    script.write_text(ZSH)
    begun, _, _ = line.rpartition(" ")
    assert f"{begun} {LINES[line]}" in asked("zsh", "-f", str(script), str(tmp_path), line)
