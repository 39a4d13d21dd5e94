"""How each template gets the tool: outside of the checkout, so that nothing that a branch brings is run beside a password."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hooking import ROOT, git, head, write

SHELLS = {"gitlab": ["bash", "-eo", "pipefail"], "bitbucket": ["bash", "-e"], "jenkins": ["sh", "-e"]}


def setup(platform: str) -> str:
    """What a template runs before the tool, the same in each of its jobs."""
    if platform == "gitlab":
        files = [(".gitlab-ci.example.yml", ".kafka-gitops"), ("examples/gitlab/auto-merge.yml", "kafka:auto-merge")]
        bodies = [(yaml.safe_load((ROOT / name).read_text()), job) for name, job in files]
        lines = [str(line) for body, job in bodies for line in body[job]["before_script"]]
        texts = [line for line in lines if "--require-hashes" in line]
        assert len(texts) == len(bodies)
    elif platform == "bitbucket":
        body = yaml.safe_load((ROOT / "bitbucket-pipelines.example.yml").read_text())
        texts = [str(step["step"]["script"][0]) for step in body["definitions"]["steps"]]
    else:
        text = (ROOT / "Jenkinsfile.example").read_text()
        assert text.count("kafka-gitops ci ") == text.count("sh install + '''") == 4
        texts = re.findall(r"def install = '''(.*?)'''", text, re.DOTALL)
    [text] = set(texts)
    return text


BACKEND = """\
from zipfile import ZipFile
FILES = {
    "its.py": "def main():\\n    print('installed')\\n",
    "kafka_gitops-9.dist-info/entry_points.txt": "[console_scripts]\\nkafka-gitops = its:main\\n",
    "kafka_gitops-9.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "kafka_gitops-9.dist-info/METADATA": "Metadata-Version: 2.1\\nName: kafka-gitops\\nVersion: 9\\n",
    "kafka_gitops-9.dist-info/RECORD": "",
}
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "kafka_gitops-9-py3-none-any.whl"
    with ZipFile(f"{wheel_directory}/{name}", "w") as file:
        for path, text in FILES.items():
            file.writestr(path, text)
    return name
"""


def repository(home: Path, requirements: str = "# nothing\n") -> dict[str, str]:
    """A package that has a program of our name and nothing else, as a repository of git; the variables that name it."""
    home.mkdir()
    write(home / "pyproject.toml", '[build-system]\nrequires = []\nbuild-backend = "it"\nbackend-path = ["."]\n')
    write(home / "it.py", BACKEND)
    write(home / "requirements.txt", requirements)
    git(home, "init", "-q")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "release")
    return {"KAFKA_GITOPS_FROM": f"file://{home}", "KAFKA_GITOPS_COMMIT": head(home)}


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
    done = run(platform, home, [python], **repository(tmp_path / "its"), PIP_NO_INDEX="1")
    assert (done.returncode, done.stdout) == (0, "installed\n"), done


@pytest.mark.parametrize("platform", SHELLS)
@pytest.mark.parametrize("moved", ["main", "release"])
def test_a_branch_or_tag_is_no_commit(tmp_path: Path, platform: str, moved: str) -> None:
    home = hostile(tmp_path / "checkout")
    named = repository(tmp_path / "its")
    git(tmp_path / "its", "tag", "release")
    git(tmp_path / "its", "branch", "-M", "main")
    python = str(Path(sys.executable).resolve().parent)
    done = run(platform, home, [python], **named | {"KAFKA_GITOPS_COMMIT": moved}, PIP_NO_INDEX="1")
    assert done.returncode != 0
    assert f"pathspec '{moved}' did not match" in done.stderr


@pytest.mark.parametrize("platform", SHELLS)
def test_what_has_no_known_hash_is_not_installed(tmp_path: Path, platform: str) -> None:
    home = hostile(tmp_path / "checkout")
    python = str(Path(sys.executable).resolve().parent)
    changed = f"tabulate==0.10.0 --hash=sha256:{'0' * 64}\n"
    for requirements, said in ((changed, "THESE PACKAGES DO NOT MATCH THE HASHES"), ("tabulate\n", "--require-hashes")):
        folder = tmp_path / f"its{len(requirements)}"
        done = run(platform, home, [python], **repository(folder, requirements))
        assert done.returncode != 0
        assert said in done.stderr, done
        assert "installed\n" not in done.stdout


@pytest.mark.parametrize("platform", SHELLS)
def test_what_the_machine_has_is_used(tmp_path: Path, platform: str) -> None:
    home = hostile(tmp_path / "checkout")
    write(tmp_path / "bin" / "kafka-gitops", "#!/bin/sh\necho the machine has it\n")
    (tmp_path / "bin" / "kafka-gitops").chmod(0o755)
    done = run(platform, home, [str(tmp_path / "bin")])
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the machine has it"), done


@pytest.mark.parametrize("platform", SHELLS)
def test_an_installation_that_fails_ends_the_job(tmp_path: Path, platform: str) -> None:
    home = hostile(tmp_path / "checkout")
    write(tmp_path / "bin" / "python3", "#!/bin/sh\necho no Python >&2\nexit 1\n")
    (tmp_path / "bin" / "python3").chmod(0o755)
    done = run(platform, home, [str(tmp_path / "bin")], **repository(tmp_path / "its"))
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "no Python"), done
    assert "kafka-gitops: " not in done.stderr  # it is not even tried
