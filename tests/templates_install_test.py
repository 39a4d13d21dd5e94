"""How each template gets the tool: outside of the checkout, so that nothing that a branch brings is run beside a password."""

import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from hooking import ROOT, git, head, write

METADATA = "Metadata-Version: 2.1\nName: kafka-gitops\nVersion: 9\nProvides-Extra: cluster\n"
BACKEND = """\
import glob, shutil
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return shutil.copy(glob.glob("*.whl")[0], wheel_directory).rpartition("/")[2]
"""
SHELLS = {"gitlab": ["bash", "-eo", "pipefail"], "bitbucket": ["bash", "-e"], "jenkins": ["sh", "-e"]}


def setup(platform: str) -> str:
    """What a template runs before the tool, the same in each of its jobs."""
    if platform == "gitlab":
        files = [(".gitlab-ci.example.yml", ".kafka-gitops"), ("examples/gitlab/auto-merge.yml", "kafka:auto-merge")]
        bodies = [(yaml.safe_load((ROOT / name).read_text()), job) for name, job in files]
        texts = [str(body[job]["before_script"][-1]) for body, job in bodies]
    elif platform == "bitbucket":
        body = yaml.safe_load((ROOT / "bitbucket-pipelines.example.yml").read_text())
        texts = [str(step["step"]["script"][0]) for step in body["definitions"]["steps"]]
    else:
        shells = re.findall(r"sh '''(.*?)'''", (ROOT / "Jenkinsfile.example").read_text(), re.DOTALL)
        texts = [re.sub(r" +", " ", re.split(r"\n *(?:rm -rf|kafka-gitops) ", shell)[0]) for shell in shells]
    [text] = set(texts)
    return text


def wheel(folder: Path) -> Path:
    """A package that has a program of our name and nothing else."""
    path = folder / "kafka_gitops-9-py3-none-any.whl"
    about = "kafka_gitops-9.dist-info"
    with ZipFile(path, "w") as file:
        file.writestr("its.py", "def main():\n    print('installed')\n")
        file.writestr(f"{about}/entry_points.txt", "[console_scripts]\nkafka-gitops = its:main\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{about}/METADATA", METADATA)
        file.writestr(f"{about}/RECORD", "")
    return path


def repository(home: Path) -> str:
    """The same package as a repository of git, built without a network; where pip finds its commit."""
    home.mkdir()
    wheel(home)
    write(home / "pyproject.toml", '[build-system]\nrequires = []\nbuild-backend = "it"\nbackend-path = ["."]\n')
    write(home / "it.py", BACKEND)
    git(home, "init", "-q")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "release")
    return f"git+file://localhost{home}@{head(home)}"  # pip wants a host in an address


def hostile(home: Path) -> Path:
    """A checkout with programs and modules under the names that the setup uses."""
    for name in ("venv.py", "pip.py", "ensurepip.py", "sitecustomize.py", "its.py", "encodings/__init__.py"):
        write(home / name, "print('pwned')\n")
    for name in ("kafka-gitops", "pip", "python", "python3"):
        write(home / ".venv" / "bin" / name, "#!/bin/sh\necho pwned\n")
        (home / ".venv" / "bin" / name).chmod(0o755)
    return home


def run(platform: str, home: Path, path: list[str], **variables: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.pathsep.join([*path, "/usr/bin", "/bin"]), "HOME": str(home.parent), "TMPDIR": str(home.parent)}
    env |= {"WORKSPACE_TMP": str(home.parent / "checkout@tmp"), "PIP_DISABLE_PIP_VERSION_CHECK": "1", **variables}
    command = [*SHELLS[platform], "-c", f"{setup(platform)}\nkafka-gitops"]
    done = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=False)
    assert "pwned" not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize("platform", SHELLS)
def test_a_branch_cannot_say_what_is_run(tmp_path: Path, platform: str) -> None:
    home = hostile(tmp_path / "checkout")
    python = str(Path(sys.executable).resolve().parent)
    done = run(platform, home, [python], KAFKA_GITOPS_INSTALL=str(wheel(tmp_path)))
    assert (done.returncode, done.stdout) == (0, "installed\n"), done


@pytest.mark.parametrize("platform", SHELLS)
def test_it_is_installed_from_git_while_there_is_no_release(tmp_path: Path, platform: str) -> None:
    home = hostile(tmp_path / "checkout")
    python = str(Path(sys.executable).resolve().parent)
    word = f"kafka-gitops[cluster] @ {repository(tmp_path / 'its')}"
    done = run(platform, home, [python], KAFKA_GITOPS_INSTALL=word, PIP_NO_INDEX="1")
    assert (done.returncode, done.stdout) == (0, "installed\n"), done


def test_what_the_pages_say_to_install_from_git_is_that_word() -> None:
    word = "kafka-gitops[cluster] @ git+https://github.com/OWNER/kafka-gitops@REV"
    for name in ("docs/github.md", "docs/gitlab.md", ".gitlab-ci.example.yml", "templates/kafka-gitops.yml"):
        assert (ROOT / name).read_text(encoding="utf-8").count(word) == 1, name


@pytest.mark.parametrize("platform", SHELLS)
def test_what_the_machine_has_is_used(tmp_path: Path, platform: str) -> None:
    home = hostile(tmp_path / "checkout")
    write(tmp_path / "bin" / "kafka-gitops", "#!/bin/sh\necho the machine has it\n")
    (tmp_path / "bin" / "kafka-gitops").chmod(0o755)
    done = run(platform, home, [str(tmp_path / "bin")], KAFKA_GITOPS_INSTALL="nothing")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the machine has it"), done


@pytest.mark.parametrize("platform", SHELLS)
def test_an_installation_that_fails_ends_the_job(tmp_path: Path, platform: str) -> None:
    home = hostile(tmp_path / "checkout")
    write(tmp_path / "bin" / "python3", "#!/bin/sh\necho no Python >&2\nexit 1\n")
    (tmp_path / "bin" / "python3").chmod(0o755)
    done = run(platform, home, [str(tmp_path / "bin")], KAFKA_GITOPS_INSTALL="nothing")
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "no Python"), done
    assert "kafka-gitops: " not in done.stderr  # it is not even tried
