"""The GitLab example and the component as texts: GitLab's published schema, and the inputs that an including project gives."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hooking import write
from pipelines import ROOT, follows_gitlabs_schema

EXAMPLE = ROOT / ".gitlab-ci.example.yml"
COMPONENT = ROOT / "templates" / "kafka-gitops.yml"
CIMULATOR = Path(sys.executable).parent / "cimulator"
COMPONENT_OF_THE_PAGE = "component: $CI_SERVER_FQDN/platform/kafka-gitops/kafka-gitops@v0.1.0"
LOCAL = "local: templates/kafka-gitops.yml"  # the only include that cimulator resolves; others it leaves out in silence


def included(home: Path, text: str, component: str | None = None) -> dict[str, Any]:
    """The pipeline of a project that includes the component; AssertionError with what cimulator finds wrong."""
    assert CIMULATOR.exists(), 'cimulator is not installed: pip install -e ".[dev]"'
    write(home / "templates" / "kafka-gitops.yml", component or COMPONENT.read_text(encoding="utf-8"))
    write(home / ".gitlab-ci.yml", text)
    command = [str(CIMULATOR), "--log-level=warning", "validate", ".gitlab-ci.yml", "--output=whole.yml"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr  # a file that is not there is but a warning
    whole: dict[str, Any] = yaml.safe_load((home / "whole.yml").read_text(encoding="utf-8"))
    return whole


def jobs(pipeline: dict[str, Any]) -> list[str]:
    """The jobs of a pipeline, without the hidden ones."""
    return sorted(name for name, job in pipeline.items() if "script" in job and not name.startswith("."))


def test_the_example_has_the_jobs_that_its_jobs_need(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    expected = ["kafka:apply", "kafka:drift", "kafka:lint", "kafka:plan"]
    assert jobs(included(tmp_path, text)) == expected
    with pytest.raises(AssertionError, match="Job 'kafka:apply' needs non-existing job 'kafka:pln'"):
        included(tmp_path, text.replace("needs: [kafka:plan]", "needs: [kafka:pln]"))


def test_the_component_takes_the_inputs_that_the_page_gives(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "gitlab.md").read_text(encoding="utf-8")
    assert page.count(COMPONENT_OF_THE_PAGE) == 1
    [text] = re.findall(r"```yaml\n( *include:\n.*?)```", page, re.DOTALL)
    found = included(tmp_path, text.replace(COMPONENT_OF_THE_PAGE, LOCAL))
    assert jobs(found) == ["kafka:apply", "kafka:drift", "kafka:lint", "kafka:plan"]
    assert found["kafka:apply"]["resource_group"] == "kafka-production"


def test_the_component_is_included_once_for_each_environment(tmp_path: Path) -> None:
    given = "{environment: staging, plan-environment: look, prefix: stage, apply-stage: build, image: mine, commit: it}"
    found = included(tmp_path, f"include:\n- {{{LOCAL}}}\n- {LOCAL}\n  inputs: {given}\n")
    assert len(jobs(found)) == 8
    apply = found["stage:apply"]
    assert (apply["needs"], apply["stage"], apply["extends"]) == (["stage:plan"], "build", ".stage-connect")
    assert (apply["resource_group"], apply["environment"]) == ("kafka-staging", {"name": "staging"})
    assert found["stage:plan"]["environment"] == {"name": "look", "action": "prepare"}
    assert found[".stage-connect"]["extends"] == ".stage"
    assert found[".stage"]["image"] == "mine"
    assert found[".stage"]["variables"]["KAFKA_GITOPS_COMMIT"] == "it"


def test_the_component_takes_an_address_as_one_word(tmp_path: Path) -> None:
    word = "https://git.example/a b/kafka-gitops"
    found = included(tmp_path, f"include:\n- {LOCAL}\n  inputs: {{from: '{word}'}}\n")
    assert found[".kafka"]["variables"]["KAFKA_GITOPS_FROM"] == word
    assert '"$KAFKA_GITOPS_FROM" "$KAFKA_GITOPS_COMMIT"' in found[".kafka"]["before_script"][0]


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ("{enviroment: staging}", r"unknown input\(s\): enviroment"),
        ("{prefix: [kafka]}", "input 'prefix': expected a string"),
    ],
)
def test_an_input_that_the_component_has_not_is_refused(tmp_path: Path, inputs: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        included(tmp_path, f"include:\n- {LOCAL}\n  inputs: {inputs}\n")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("      default: production\n", "", "required input 'environment' was not provided"),
        ("    image:\n", "    picture:\n", "unknown interpolation key 'inputs.image'"),
    ],
)
def test_a_component_with_a_slip_is_found(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = COMPONENT.read_text(encoding="utf-8")
    assert text.count(right) == 1
    with pytest.raises(AssertionError, match=said):
        included(tmp_path, f"include: [{{{LOCAL}}}]\n", text.replace(right, wrong))


def test_every_input_of_the_component_is_used_and_every_used_one_is_declared() -> None:
    head, body = COMPONENT.read_text(encoding="utf-8").split("\n---\n")
    declared = yaml.safe_load(head)["spec"]["inputs"]
    assert set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", body)) == set(declared)
    assert all("default" in given for given in declared.values())


def test_the_example_follows_gitlabs_schema(tmp_path: Path) -> None:
    follows_gitlabs_schema(EXAMPLE)
    write(
        tmp_path / "slip.yml", EXAMPLE.read_text(encoding="utf-8").replace("interruptible: true", "interuptible: true")
    )
    with pytest.raises(AssertionError, match="'interuptible' was unexpected"):
        follows_gitlabs_schema(tmp_path / "slip.yml")
