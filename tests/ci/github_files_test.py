"""The action and the workflows as texts: the published schemas, an attacker's view, and what must not change."""

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml
from hooking import git

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "github").glob("*.yml"))
WORKFLOWS = [*EXAMPLES, ROOT / ".github" / "workflows" / "kafka-gitops.yml"]
CALLER = ROOT / "tests" / "github" / "caller.yml"
ACTION = ROOT / "action.yml"
PAGES = [ROOT / "docs" / name for name in ("github.md", "github-security.md", "github-reference.md")]
AUTO_MERGE = ROOT / "examples" / "github" / "auto-merge.yml"
TOOLS = Path(sys.executable).parent


def run(tool: str, *arguments: str, cwd: Path = ROOT) -> str:
    """The output of a tool of the extra `dev` that must be content."""
    assert (TOOLS / tool).exists(), f'{tool} is not installed: pip install -e ".[dev]"'
    done = subprocess.run([str(TOOLS / tool), *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_workflows_fit_the_published_schemas(schema: str) -> None:
    run("check-jsonschema", "--builtin-schema", schema, *map(str, WORKFLOWS))


def test_the_action_fits_the_published_schema() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.github-actions", str(ACTION))


def test_an_auditor_finds_nothing(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for path in WORKFLOWS:
        shutil.copy(path, folder)
    shutil.copy(ACTION, tmp_path)
    said = run("zizmor", "--offline", "--no-progress", "--persona=auditor", "--strict-collection", ".", cwd=tmp_path)
    assert "No findings" in said
    assert "(1 ignored)" in said
    assert said.count("completed") == len(WORKFLOWS) + 1


def test_what_an_auditor_ignores_is_one_trigger(tmp_path: Path) -> None:
    text, ignored = re.subn(r" # zizmor: ignore\[dangerous-triggers\][^\n]*", "", AUTO_MERGE.read_text())
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "auto-merge.yml").write_text(text)
    with pytest.raises(AssertionError, match=r"dangerous-triggers\](?s:.)*\n\s*1 finding:"):
        run("zizmor", "--offline", "--no-progress", "--persona=auditor", ".", cwd=tmp_path)
    assert ignored == 1


def test_the_auto_merge_gives_the_token_to_its_last_step_alone() -> None:
    job = yaml.safe_load(AUTO_MERGE.read_text())["jobs"]["merge"]
    assert job["permissions"] == {"contents": "read"}
    users = [step["name"] for step in job["steps"] if "steps.token.outputs.token" in str(step.get("env"))]
    assert users == ["Merge the commit that was judged"]
    assert [step["name"] for step in job["steps"] if "KAFKA_PASSWORD" in str(step)] == ["Judge"]
    [token] = [step for step in job["steps"] if step.get("id") == "token"]
    assert "auto-approve == 'true'" in token["if"]


def test_an_auditor_would_find_something(tmp_path: Path) -> None:
    text = ACTION.read_text().replace('words=(ci "$KAFKA_GITOPS_ACTION_COMMAND")', "words=(ci ${{ inputs.command }})")
    (tmp_path / "action.yml").write_text(text)
    with pytest.raises(AssertionError, match="template-injection"):
        run("zizmor", "--offline", "--no-progress", "--persona=auditor", ".", cwd=tmp_path)


def actionlint(home: Path, *files: Path) -> str:
    """What actionlint says, with the shellcheck beside it, about workflows that it must be content with."""
    assert (TOOLS / "shellcheck").exists(), 'shellcheck is not installed: pip install -e ".[dev]"'
    return run("actionlint", "-shellcheck", str(TOOLS / "shellcheck"), *map(str, files), cwd=home)


def test_a_linter_of_workflows_finds_nothing() -> None:
    assert actionlint(ROOT, *WORKFLOWS, CALLER) == ""


def self_using(home: Path) -> Path:
    """A repository whose workflows are ours and the page's, and use the action of the repository itself (`./`).

    Only so are their inputs and the outputs that they read held against what action.yml and the workflow declare.
    """
    texts = {path.name: path.read_text() for path in [*WORKFLOWS, CALLER]}
    assert len(texts) == len(WORKFLOWS) + 1
    [calling], [twice], steps = (snippets(start) for start in ("on:", "jobs:", "- uses:"))
    texts["page.yml"], texts["twice.yml"] = calling, f"on: [push]\n{twice}"
    texts["steps.yml"] = texts["pull-request.yml"] + "".join(textwrap.indent(step, " " * 6) for step in steps)
    folder = home / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, text in texts.items():
        local, count = re.subn(r"OWNER/kafka-gitops/?(\S*)@(0{40}|FULL-COMMIT)", r"./\1", text)
        assert count and "OWNER" not in local, name
        (folder / name).write_text(local)
    shutil.copy(ACTION, home)
    git(home, "init", "-q")  # the linter looks for `./` from the root of a repository
    return home


def snippets(start: str) -> list[str]:
    """What the page says to call the reusable workflow by, once (`on:`) or for two environments (`jobs:`), or steps."""
    return re.findall(rf"```yaml\n({start}.*?)```", "".join(page.read_text() for page in PAGES), re.DOTALL)


def test_the_page_has_one_caller_one_of_two_environments_and_two_steps() -> None:
    assert [len(snippets(start)) for start in ("on:", "jobs:", "- uses:")] == [1, 1, 2]


def test_what_workflows_give_to_the_action_and_read_of_it_is_what_it_declares(tmp_path: Path) -> None:
    assert actionlint(self_using(tmp_path)) == ""


WORKFLOW = ".github/workflows"
SLIPS = [
    (f"{WORKFLOW}/merge.yml", "approved: approved/", "aproved: approved/", 'input "aproved" is not defined in action'),
    (f"{WORKFLOW}/merge.yml", "plan.outputs.has-changes }}", "plan.outputs.changes }}", '"changes" is not defined'),
    (f"{WORKFLOW}/merge.yml", "        id: plan\n", "", 'property "plan" is not defined'),
    (f"{WORKFLOW}/steps.yml", "outputs.sarif-file }}", "outputs.sarif }}", 'property "sarif" is not defined'),
    (f"{WORKFLOW}/caller.yml", "environment: prod", "enviroment: prod", 'input "environment" is required'),
    (f"{WORKFLOW}/page.yml", "KAFKA_PASSWORD: ", "KAFKA_PASSWD: ", 'secret "KAFKA_PASSWD" is not defined'),
    (f"{WORKFLOW}/drift.yml", "    steps:\n", "    steps:\n      - run: cat $GITHUB_STEP_SUMMARY\n", "SC2086"),
    ("action.yml", "\n  approved:", "\n  approval:", 'input "approved" is not defined in action'),
    ("action.yml", "\n  has-changes:", "\n  changes:", 'property "has-changes" is not defined'),
]


@pytest.mark.parametrize(("name", "right", "wrong", "said"), SLIPS, ids=[slip[3].replace('"', "") for slip in SLIPS])
def test_the_linter_finds_slips(tmp_path: Path, name: str, right: str, wrong: str, said: str) -> None:
    path = self_using(tmp_path) / name
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong))
    with pytest.raises(AssertionError) as caught:
        actionlint(tmp_path)
    assert said in str(caught.value)


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.name)
def test_no_expression_is_read_by_a_shell(path: Path) -> None:
    body = yaml.safe_load(path.read_text())
    jobs = body.get("jobs", {"": body.get("runs")})
    for job in jobs.values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_everything_is_pinned_and_least(path: Path) -> None:
    text = path.read_text()
    body = yaml.safe_load(text)
    assert body["permissions"] == {}
    assert "pull_request_target" not in body[True]
    for line in re.findall(r"uses: .*", text):
        assert re.fullmatch(r"uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+.*", line)
    assert ("workflow_run" in body[True]) is (path == AUTO_MERGE)
    for job in body["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert job["environment"]
        for step in job["steps"]:
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize(
    "path", [ROOT / "examples" / "github" / "merge.yml", WORKFLOWS[-1]], ids=lambda path: path.name
)
def test_applies_wait_for_each_other_and_none_is_dropped(path: Path) -> None:
    body = yaml.safe_load(path.read_text())
    concurrency = body.get("concurrency") or body["jobs"]["apply"]["concurrency"]
    assert concurrency["queue"] == "max"
    assert concurrency["cancel-in-progress"] is False


OUTSIDE = "${{ runner.temp }}/kafka-gitops-reports/"
KEPT = {
    "pull-request": {"kafka-pull-request-production": OUTSIDE},
    "merge": {"kafka-plan-production": OUTSIDE, "kafka-apply-production": OUTSIDE},
    "drift": {"kafka-drift-production": OUTSIDE},
    "kafka-gitops": {
        "kafka-plan-${{ inputs.environment }}": OUTSIDE,
        "kafka-apply-${{ inputs.environment }}": OUTSIDE,
    },
}


@pytest.mark.parametrize("path", [path for path in WORKFLOWS if path != AUTO_MERGE], ids=lambda path: path.name)
def test_reports_are_kept_also_of_a_run_that_failed(path: Path) -> None:
    """Under the environment's name; they are written outside of the checkout, where no link leads on."""
    jobs = yaml.safe_load(path.read_text())["jobs"]
    kept = [job["steps"][-1] for job in jobs.values()]
    assert {step["with"]["name"]: step["with"]["path"] for step in kept} == KEPT[path.stem]
    assert all(step["if"] == "${{ !cancelled() }}" and "upload-artifact@" in step["uses"] for step in kept)
    assert all(
        step["with"]["overwrite"] is True for step in kept
    )  # else a job that is run again could not keep its own
    runs = [step for job in jobs.values() for step in job["steps"] if "OWNER/kafka-gitops@" in step.get("uses", "")]
    told = [step["with"].get("reports") for step in runs]
    assert [f"{reports}/" for reports in told if reports] == [
        place for place in KEPT[path.stem].values() if place == OUTSIDE
    ]


def test_an_apply_takes_nothing_that_a_pull_request_made() -> None:
    bodies = {path.stem: yaml.safe_load(path.read_text()) for path in WORKFLOWS}
    jobs = [(stem, name, job) for stem, body in bodies.items() for name, job in body["jobs"].items()]
    steps = [(stem, name, step) for stem, name, job in jobs for step in job["steps"]]
    fetched = [(stem, name, step["with"]) for stem, name, step in steps if "download-" in step.get("uses", "")]
    assert [one[:2] for one in fetched] == [("merge", "apply"), ("kafka-gitops", "apply")]
    assert all(set(given) == {"name", "path"} for *_, given in fetched)  # no run-id: of this run alone
    assert "pull_request" not in bodies["merge"][True]
    assert "github.event_name == 'push' || " in bodies["kafka-gitops"]["jobs"]["apply"]["if"]


def test_a_directory_of_a_repository_has_its_reports_and_its_approved_plan_below_itself() -> None:
    jobs = yaml.safe_load(WORKFLOWS[-1].read_text())["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    here = "${{ inputs.working-directory }}"
    ours = [step["with"] for step in steps if "OWNER/kafka-gitops@" in step.get("uses", "")]
    assert [given["working-directory"] for given in ours] == [here] * 2
    paths = [step["with"]["path"] for step in steps if "-artifact@" in step.get("uses", "")]
    assert paths == [OUTSIDE, f"{here}/approved", OUTSIDE]
    assert [given["approved"] for given in ours if "approved" in given] == ["approved/plan.json"]


def test_the_scripts_of_the_action_and_the_workflows_are_sound(tmp_path: Path) -> None:
    jobs = [job for path in WORKFLOWS for job in yaml.safe_load(path.read_text())["jobs"].values()]
    jobs.append(yaml.safe_load(ACTION.read_text())["runs"])
    scripts = [step for job in jobs for step in job["steps"] if "run" in step]
    for number, step in enumerate(scripts):
        script = tmp_path / f"{number}.sh"
        script.write_text(step["run"])
        run("shellcheck", "--shell=bash", str(script))


def test_the_page_names_every_input_output_and_pin() -> None:
    page = "".join(page.read_text() for page in PAGES)
    body = yaml.safe_load(ACTION.read_text())
    assert [name for name in (*body["inputs"], *body["outputs"]) if f"`{name}`" not in page] == []
    assert re.findall(r"uses: github/\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", page)
