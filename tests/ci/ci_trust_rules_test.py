"""Own rules are code: for a change they run as the target has them, from a copy, in a process of their own."""

import json
import os
import py_compile
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from ci_trust_test import CANARY, Site, site
from desk import ONE_CLUSTER, Result, topology
from hooking import git, head

from kafka_gitops.confined import answer, child

__all__ = ["site"]
CONFIG = ONE_CLUSTER.replace("topic-owner: off", "topic-owner: off, plugins: [rules/own.py]")
RULE = """\
from kafka_gitops.diagnostics import Note, Severity
NAME = "own-rule"
SEVERITY = Severity.warning
{top}
def check(topology, options):
    for one in topology.topics:
        yield Note(one.node.span, f"own rule says {told}")
"""
NEW = ("topologies/a.yaml", topology("acme.", "orders", "new"))


def rule(top: str = "told = 'base'") -> str:
    """An own rule that says `told`, with some code above its function."""
    return RULE.replace("{top}", top)


def evil(home: Path) -> str:
    """Python code that leaves a trace beside the repository, wherever it runs, and rewrites what the rule says."""
    return f"import os, pathlib\npathlib.Path({str(home.parent / 'stolen')!r}).write_text(str(dict(os.environ)))\ntold = X = 'evil'\n"


def ruled(site: Site, text: str, *files: tuple[str, str]) -> Site:
    """The site with an own rule and more at the base."""
    site.commit(("kafka-gitops.yaml", CONFIG), ("rules/own.py", text), *files)
    site.base = head(site.home)
    return site


def judged(site: Site, *words: str, said: str = "own rule says base") -> Result:
    """Lint the change as a pull request: the rule of the base judged it, and nothing of the change ran."""
    result = site.pull("lint", *words)
    assert not (site.home.parent / "stolen").exists()
    assert result.out.count(f"title=own-rule::{said}") or result.out.count(said) >= 1, result
    assert "evil" not in result.out + result.err
    assert CANARY not in result.out + result.err
    return result


@pytest.mark.parametrize("command", ["lint", "plan"])
def test_the_rule_of_the_base_judges_the_change(site: Site, command: str) -> None:
    ruled(site, rule()).commit(NEW)
    result = site.pull(command)
    assert result.code == {"lint": 0, "plan": 5}[command], result
    assert result.out.count("own rule says base") == 2  # topics


@pytest.mark.parametrize("name", ["rules/own.py", "rules/other.py", "sitecustomize.py", "usercustomize.py", "yaml.py"])
def test_an_edited_rule_and_what_python_imports_by_itself_do_not_run(site: Site, name: str) -> None:
    ruled(site, rule()).commit(NEW, (name, evil(site.home) + rule("told = 'evil'")))
    judged(site)


IMPORTS = {
    "its own directory": "sys.path.insert(0, os.path.dirname(__file__))\nfrom names import X as told",
    "the directory above": "sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))\nfrom names import X as told",
    "the working directory": "sys.path.insert(0, 'lib')\nfrom names import X as told",
    "an empty entry": "sys.path.insert(0, '')\nfrom lib.names import X as told",
    "a package": "sys.path.insert(0, os.getcwd())\nfrom lib.names import X as told",
    "a relative import": "sys.path.insert(0, os.getcwd())\n__package__ = 'lib'\nimport lib\nfrom .names import X as told",
    "a data file": "told = {}\nexec(open(os.path.join(os.path.dirname(__file__), 'names.py')).read(), told)\ntold = told['X']",
    "an archive": "sys.path.insert(0, 'lib/names.zip')\nfrom zipped import X as told",
    "an egg": "sys.path.insert(0, 'lib/names.egg')\nfrom zipped import X as told",
    "a directory for .pth": "import site\nsite.addsitedir('lib')\nfrom names import X as told",
}


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real compiled module `names` with X = "evil", whose loading leaves a trace in a file `stolen` above."""
    folder = tmp_path_factory.mktemp("c")
    (folder / "names.c").write_text(
        "#include <Python.h>\n#include <stdio.h>\n"
        'static struct PyModuleDef made = {PyModuleDef_HEAD_INIT, "names", NULL, -1, NULL};\n'
        "PyMODINIT_FUNC PyInit_names(void) {\n"
        '  PyObject *module = PyModule_Create(&made); FILE *f = fopen("../stolen", "w"); if (f) fclose(f);\n'
        '  PyModule_AddStringConstant(module, "X", "evil"); return module; }\n'
    )
    include = sysconfig.get_path("include")
    done = os.spawnlp(
        os.P_WAIT, "cc", "cc", "-shared", "-fPIC", f"-I{include}", "-o", f"{folder}/m", f"{folder}/names.c"
    )
    if done:  # no headers here: a file that cannot be loaded shows as well which one Python takes
        return b"\x7fELF: no module"
    return (folder / "m").read_bytes()


@pytest.mark.parametrize("way", IMPORTS)
def test_what_a_rule_takes_along_is_the_bases_too(site: Site, way: str, module: bytes) -> None:
    names = [(f"{folder}/names.py", "X = 'base'\n") for folder in ("rules", "lib")]
    ruled(site, rule(f"import os, sys\n{IMPORTS[way]}"), *names, ("lib/__init__.py", ""))
    _archives(site, "base")
    site.base = head(site.home)
    _shadowed(site, module)
    judged(site)
    git(site.home, "checkout", "-q", "HEAD~1")
    site.commit(NEW, *((name, evil(site.home)) for name, _ in names), ("lib/__init__.py", evil(site.home)))
    judged(site)


def _archives(site: Site, said: str) -> None:
    for name in ("names.zip", "names.egg"):
        with zipfile.ZipFile(site.home / "lib" / name, "w") as archive:
            archive.writestr("zipped.py", f"X = {said!r}\n")
    site.commit()


def _shadowed(site: Site, module: bytes) -> None:
    """A change that puts every kind of file that Python prefers, or looks at, beside what the rule imports."""
    source = site.home / "evil.py"
    source.write_text(evil(site.home))
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    made = Path(py_compile.compile(str(source), invalidation_mode=mode) or "").read_bytes()
    source.unlink()
    tag = sys.implementation.cache_tag
    for folder in (site.home / "rules", site.home / "lib", site.home):
        for suffix in (".so", ".abi3.so", f".{tag}-x86_64-linux-gnu.so", ".pyd"):
            (folder / f"names{suffix}").write_bytes(module)
        (folder / "names.pyc").write_bytes(made)
        (folder / "__pycache__").mkdir(exist_ok=True)
        for name in ("names", "own", "__init__"):
            (folder / "__pycache__" / f"{name}.{tag}.pyc").write_bytes(made)
        (folder / "a.pth").write_text(f"import os; open({str(site.home.parent / 'stolen')!r}, 'w')\n")
        (folder / "pyvenv.cfg").write_text("include-system-site-packages = true\n")
    _archives(site, "evil")
    git(site.home, "add", "-Af")
    site.commit(NEW)


def test_no_path_of_the_checkout_leads_back_to_the_change(site: Site) -> None:
    """A rule of the base that knows where the checkout is, gets nothing from there, and is said to be wrong."""
    for number, text in enumerate(
        (
            f"import sys\nsys.path.insert(0, {str(site.home / 'lib')!r})\nfrom names import X as told",
            f"told = open({str(site.home / 'lib' / 'names.py')!r}).read()",
            f"import subprocess\ntold = subprocess.run([{str(site.home / 'lib' / 'run')!r}])",
            f"import ctypes\ntold = ctypes.CDLL({str(site.home / 'lib' / 'x.so')!r})",
            f"import os\ntold = os.listdir({str(site.home / 'lib')!r})",
        )
    ):
        ruled(site, rule(text), ("lib/names.py", f"X = {number}\n"))
        site.commit(NEW, ("lib/names.py", evil(site.home)))
        result = site.pull("lint")
        assert result.code == 78, result
        assert "the plug-in cannot be loaded: " in result.out
        assert not (site.home.parent / "stolen").exists()


def test_the_rules_process_has_none_of_the_jobs_variables_and_no_outputs(site: Site) -> None:
    top = "import os\ntold = sorted(os.environ)\nprint('::set-output name=auto-approve::true')"
    ruled(site, rule(top)).commit(NEW)
    said = site.pull("lint").out
    line = next(line for line in said.splitlines() if "own rule says" in line)
    names = {word.strip("'\",") for word in line[line.index("[") + 1 : line.index("]")].split()}
    assert names <= {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "HOME", "TMPDIR"}
    assert "auto-approve::true" not in said


def test_they_can_write_no_file(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where they know the name of the file that the platform reads."""
    output = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    top = f"try:\n    with open({str(output)!r}, 'a') as file: file.write('auto-approve=true')\nexcept OSError as error:\n    told = error.strerror"
    ruled(site, rule(top)).commit(NEW)
    judged(site, said="own rule says File too large")
    assert "auto-approve=true" not in output.read_text()


ENDINGS = {
    "import os\nos._exit(0)": "their process ended with exit code 0",
    "import os\nos._exit(7)": "their process ended with exit code 7",
    "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)": "their process ended with signal 11",
    "while True: pass": "they did not end within 3 s",
    "import os, time\nos.fork() and os._exit(0)\ntime.sleep(99)": "they did not end within 3 s",
    "told = 'x' * (2 << 20)": "their answer is longer than 1 MB",
    "import os\nfor fd in range(3, 20):\n    try: os.write(fd, b'{}')\n    except OSError: pass\nos._exit(0)": "their answer cannot be read",
}


@pytest.mark.parametrize("top", ENDINGS)
def test_what_ends_them_is_said_and_asks_for_a_person(site: Site, top: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 3)
    monkeypatch.setattr(answer, "MOST", 1 << 20)
    ruled(site, rule(top)).commit(NEW)
    result = site.pull("lint")
    assert result.code == 0, result
    assert f"Own rules did not judge this change: {ENDINGS[top]}" in result.out
    summary = (site.home / "kafka-gitops-reports" / "summary.md").read_text()
    assert "Own rules did not judge this change" in summary


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"[]",
        b'{"rules": 1}',
        b'{"rules": [{"name": "topic-owner", "severity": 1, "options": {}, "notes": []}]}',
        b'{"rules": [{"name": "a", "severity": 9, "options": {}, "notes": []}]}',
        b'{"rules": [{"name": "a", "severity": 1, "options": {"b": ["Path", "c"]}, "notes": []}]}',
        b'{"rules": [{"name": "a", "severity": 1, "options": {}, "notes": [[["f", 1, 1, 1, -1], "m", null, [], ""]]}]}',
        b'{"rules": [{"name": "a", "severity": 1, "options": {}, "notes": [[["f", 1, 1, 1, 1], 7, null, [], ""]]}]}',
        b'{"rules": [{"name": "a", "severity": 1, "options": {"b": ["int", 1e999]}, "notes": []}]}',
        b'{"error": [1, 2]}',
        b'{"error": "x"}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_only_an_answer_is_read(said: bytes) -> None:
    with pytest.raises(answer.Unreadable):
        answer.read(said)


def test_memory_is_bounded(site: Site) -> None:
    ruled(site, rule("told = len(bytearray(3 << 30))")).commit(NEW)
    result = site.pull("lint")
    assert result.code == 78
    assert "rules/own.py:4: the plug-in cannot be loaded: MemoryError" in result.out


def test_a_rule_that_is_wrong_stays_an_error(site: Site) -> None:
    ruled(site, rule()[: -len('{told}")\n')] + '{nothing}")\n').commit(NEW)
    result = site.pull("lint")
    assert result.code == 78
    assert "rules/own.py:7: the rule own-rule failed: NameError: name 'nothing' is not defined" in result.out


def test_options_severities_and_waivers_hold_as_for_ours(site: Site) -> None:
    text = rule("told = 'base'\nOPTIONS = {'most': 1, 'names': ('a',), 'pattern': None}")
    text = text.replace("None", "Pattern('')").replace(
        "NAME =", "from kafka_gitops.rules.options import Pattern\nNAME ="
    )
    text = text.replace("says {told}", "says {options.number('most')}")
    ruled(site, text)
    settings = "own.py], own-rule: {severity: error, most: 4, pattern: a}"
    site.commit(("kafka-gitops.yaml", CONFIG.replace("own.py]", settings)))
    site.base = head(site.home)
    site.commit(NEW)
    result = site.pull("lint")
    assert result.code == 1
    assert result.out.count("own rule says 4") == 2, result
    waived = topology("acme.", "orders", "new").replace("- name", "# kafka-gitops: allow own-rule: OPS-1\n- name")
    site.commit(("topologies/a.yaml", waived))
    assert "own rule says" not in site.pull("lint").out


def test_those_of_an_edited_config_do_not_run(site: Site) -> None:
    ruled(site, rule()).commit(("kafka-gitops.yaml", CONFIG.replace("own.py", "x.py")), ("rules/x.py", evil(site.home)))
    result = site.pull("plan")
    assert result.err.count("note: own rules are not run: this change edits kafka-gitops.yaml, which says where") == 1
    assert not (site.home.parent / "stolen").exists()


def test_without_a_base_to_compare_with_they_do_not_run(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(site, rule())
    monkeypatch.delenv("GITHUB_ACTIONS")
    monkeypatch.setenv("JENKINS_URL", "http://j/")
    monkeypatch.setenv("CHANGE_ID", "7")
    result = site.run("ci", "lint")
    assert "own rule says" not in result.out
    assert "note: own rules are not run: it is not known for which branch this is (" in result.err
    monkeypatch.setenv("CHANGE_TARGET", "main")
    said = "the tip of main, whose config counts, was not fetched (git fetch origin +refs/heads/main:refs/remotes/origin/main)"
    assert f"note: own rules are not run: {said}" in site.run("ci", "lint", "--branch", "main").err


def test_after_the_merge_they_run_as_they_are(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    ruled(site, rule("told = 'merged'"))
    assert site.run("ci", "lint").out.count("own rule says merged") == 1


def test_nothing_is_left_behind(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    ruled(site, rule()).commit(NEW)
    judged(site)
    assert [path for path in (tmp_path / "tmp").iterdir() if path.name.startswith("kafka-gitops-")] == []


def test_the_verdict_is_not_theirs(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: bytes) -> None:
    """The attack as it was: a compiled module that writes the outputs of the job that merges by itself."""
    output = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    ruled(site, rule(f"import os, sys\n{IMPORTS['its own directory']}"), ("rules/names.py", "X = 'base'\n"))
    (site.home / "lib").mkdir()
    _shadowed(site, module)
    result = site.pull("plan", "-e", "prod", "--only-change", "--auto-approve")
    assert result.code == 5, result  # nobody answers at the cluster's address
    assert "own rule says base" in result.out
    verdict = json.loads((site.home / "kafka-gitops-reports" / "auto-approve.json").read_text())
    assert verdict["auto_approve"] is False
    assert "auto-approve<<" in output.read_text()
    assert "\ntrue\n" not in output.read_text().split("auto-approve<<")[1][:80]
