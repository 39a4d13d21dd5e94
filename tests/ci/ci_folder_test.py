"""`kafka-gitops ci` in a directory of a bigger repository: whatever is reported has paths from the repository's root on."""

import json
from pathlib import Path
from typing import Any

import pytest
from acting import pull_request, repository
from desk import ONE_CLUSTER as CONFIG
from desk import Desk, Result, topology
from hooking import git, head, write

from kafka_gitops import files
from kafka_gitops.sandbox import Sandbox

WRONG = topology("acme.", "orders retention.mss=1", "twice", "twice")


class Folder(Desk):
    """The directory `streams` of a repository, which has a kafka-gitops.yaml of another team at its root too."""

    base: str = ""

    @property
    def root(self) -> Path:
        return self.home.parent

    def commit(self, *written: tuple[str, str]) -> str:
        """Write files of the repository, commit all; the commit."""
        for name, text in written:
            write(self.root / name, text)
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", "a change", "--allow-empty")
        return head(self.root)

    def report(self, name: str) -> str:
        return (self.home / "kafka-gitops-reports" / name).read_text(encoding="utf-8")

    def data(self, name: str) -> Any:
        return json.loads(self.report(name))

    def pull(self, *words: str) -> Result:
        """A run for a pull request of HEAD on GitHub."""
        write(self.root.parent / "event.json", json.dumps(pull_request(self.root, self.base)))
        return self.run("ci", *words, "--no-comment", "--timeout", "2")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A clean topology at the base, no CI platform."""
    monkeypatch.setenv("PASSWORD", "canary-of-a-folder")
    repository(tmp_path / "platform", CONFIG)
    made = Folder(tmp_path / "platform" / "streams")
    made.base = made.commit(
        ("README.md", "all of the platform\n"),
        (".gitignore", "kafka-gitops-reports/\n"),
        ("streams/kafka-gitops.yaml", CONFIG),
        ("streams/topologies/a.yaml", topology("acme.", "orders")),
    )
    return made


@pytest.fixture
def github(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """The same on GitHub."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/streams")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(folder.root.parent / "event.json"))
    return folder


def test_github_gets_paths_from_the_root_on(github: Folder) -> None:
    commit = github.commit(("streams/topologies/a.yaml", WRONG))
    result = github.pull("lint")
    assert result.code == 1
    assert "::error file=streams/topologies/a.yaml,line=5,col=5,endColumn=18,title=topic-config-unknown::" in result.out
    assert "file=topologies" not in result.out
    [run] = github.data("lint.sarif")["runs"]
    assert run["automationDetails"] == {"id": "kafka-gitops/lint/streams/"}
    places = [place for one in run["results"] for place in (*one["locations"], *one.get("relatedLocations", ()))]
    assert len(places) > len(run["results"])
    assert {one["physicalLocation"]["artifactLocation"]["uri"] for one in places} == {"streams/topologies/a.yaml"}
    link = f"https://github.com/acme/streams/blob/{commit}/streams/topologies/a.yaml#L5"
    assert f"[`streams/topologies/a.yaml:5`]({link})" in github.report("summary.md")


def test_gitlab_gets_paths_from_the_root_on(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    project = "https://gitlab.example.org/acme/platform"
    for name, value in (("GITLAB_CI", "true"), ("CI_PROJECT_URL", project), ("CI_COMMIT_SHA", "abc")):
        monkeypatch.setenv(name, value)
    folder.commit(("streams/topologies/a.yaml", WRONG))
    assert folder.run("ci", "lint").code == 1
    found = [one for one in folder.data("code-quality.json") if one["check_name"] == "topic-config-unknown"]
    assert [one["location"] for one in found] == [{"path": "streams/topologies/a.yaml", "lines": {"begin": 5}}]
    assert f"({project}/-/blob/abc/streams/topologies/a.yaml#L5)" in folder.report("summary.md")


def test_bitbucket_gets_paths_from_the_root_on(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BITBUCKET_BUILD_NUMBER", "1")
    folder.commit(("streams/topologies/a.yaml", WRONG))
    assert folder.run("ci", "lint").code == 1
    rows = [row for batch in folder.data("code-insights.json")["annotations"] for row in batch]
    assert {row["path"] for row in rows} == {"streams/topologies/a.yaml"}


def test_a_report_on_bitbucket_belongs_to_its_directory() -> None:
    from kafka_gitops.ci import Result as Told
    from kafka_gitops.ci import bitbucket

    names = [bitbucket.name("lint", Told("lint", paths=paths)) for paths in ((".",), ("streams",), ("a/b c", "d"))]
    assert names == ["kafka-gitops-lint", "kafka-gitops-lint-streams", "kafka-gitops-lint-a-b-c-d"]


def test_other_pipelines_get_paths_from_the_root_on_and_the_log_its_lines(folder: Folder) -> None:
    folder.commit(("streams/topologies/a.yaml", WRONG))
    result = folder.run("ci", "lint")
    assert {one["path"] for one in folder.data("lint.json")["diagnostics"]} == {"streams/topologies/a.yaml"}
    assert '<testsuite name="streams/topologies/a.yaml" ' in folder.report("lint.junit.xml")
    assert "streams/topologies/a.yaml:5:5: error[topic-config-unknown]" in result.out
    assert '5 |     retention.mss: "1"\n  |     ^^^^^^^^^^^^^ did you mean "retention.ms"?' in result.out


def test_on_a_terminal_paths_stay_those_of_the_directory(folder: Folder) -> None:
    folder.commit(("streams/topologies/a.yaml", WRONG))
    assert "\ntopologies/a.yaml:5:5: error" in "\n" + folder.run("lint", "--format", "concise").out


def test_without_git_paths_begin_in_the_directory(tmp_path: Path, folder: Folder) -> None:
    bare = Desk(tmp_path / "copy")
    bare.write("kafka-gitops.yaml", CONFIG)
    bare.write("topologies/a.yaml", WRONG)
    assert bare.run("ci", "lint").code == 1
    told = json.loads((bare.home / "kafka-gitops-reports" / "lint.json").read_text())
    assert {one["path"] for one in told["diagnostics"]} == {"topologies/a.yaml"}


def test_a_baseline_holds_in_a_directory(folder: Folder) -> None:
    folder.commit(("streams/topologies/a.yaml", WRONG))
    assert folder.run("lint", "--write-baseline=known.json").code == 0
    folder.commit(("streams/kafka-gitops.yaml", f"baseline: known.json\n{CONFIG}"))
    assert {row["path"] for row in json.loads((folder.home / "known.json").read_text())["findings"]} == {
        "topologies/a.yaml"
    }
    assert "No problems in 1 file" in folder.ok("ci", "lint")


def test_how_a_path_is_seen_from_the_root(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.home)
    seen = files.from_root()
    assert [seen(path) for path in ("a.yaml", "./t/../b.yaml", "../c.yaml", str(folder.home / "d.yaml"), ".")] == [
        "streams/a.yaml",
        "streams/b.yaml",
        "c.yaml",
        "streams/d.yaml",
        "streams",
    ]
    assert [seen(path) for path in ("<stdin>", "../../x.yaml", "/etc/x")] == ["<stdin>", "../../x.yaml", "/etc/x"]


def test_an_edit_of_the_directorys_config_is_seen(github: Folder) -> None:
    github.commit(("streams/kafka-gitops.yaml", CONFIG.replace(":9\n", ":10\n")))
    result = github.pull("plan")
    assert result.code == 0
    said = "this change edits streams/kafka-gitops.yaml, which says where the credentials are sent"
    assert f"Lint only, no plan: {said}." in result.out


def test_an_edit_of_another_directorys_config_is_not_this_ones(github: Folder) -> None:
    edited = CONFIG.replace(":9\n", ":10\n")
    github.commit(("kafka-gitops.yaml", edited), ("other/kafka-gitops.yaml", edited))
    result = github.pull("plan")
    assert result.code == 5
    assert "Cannot reach 127.0.0.1:9" in result.out


def test_a_config_that_the_change_takes_away_on_the_way_up_is_seen(github: Folder) -> None:
    below = Folder(github.home / "deep")
    write(below.home / "topologies" / "a.yaml", topology("acme.", "orders"))
    github.base = github.commit()
    (github.home / "kafka-gitops.yaml").unlink()
    github.commit()
    write(github.root.parent / "event.json", json.dumps(pull_request(github.root, github.base)))
    result = below.run("ci", "plan", "topologies", "--no-comment", "--timeout", "2")
    assert "Lint only, no plan: this change edits streams/kafka-gitops.yaml, which says where" in result.out


@pytest.mark.kafka
def test_a_plan_links_to_the_lines_and_is_applied_from_the_directory(
    github: Folder, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    config = f"prune: [topics]\n{CONFIG.replace('127.0.0.1:9', kafka.sasl_bootstrap)}"
    old = topology(prefix, "kept retention.ms=86400000", "gone")
    github.base = github.commit(("streams/kafka-gitops.yaml", config), ("streams/topologies/a.yaml", old))
    github.ok("apply", "--yes")
    new = topology(prefix, "kept retention.ms=3600000", "new")
    commit = github.commit(("streams/topologies/a.yaml", new), ("streams/topologies/README.txt", "x"))
    result = github.pull("plan", "--only-change")
    assert result.code == 4, result
    assert "1 topic to create, 1 topic to update, 1 topic to delete" in result.out
    assert "::warning file=streams/topologies/a.yaml,line=3,col=1,title=retention-shrink::" in result.out
    link = f"https://github.com/acme/streams/blob/{commit}/streams/topologies/a.yaml"
    assert [line for line in (3, 6) if f"({link}#L{line})" not in github.report("summary.md")] == []
    plan = github.data("plan.json")
    assert {change["origin"]["path"] for change in plan["changes"] if change["origin"]} == {"streams/topologies/a.yaml"}
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    event = {"before": github.base, "repository": {"default_branch": "main"}}
    write(github.root.parent / "event.json", json.dumps(event))
    github.write("approved.json", github.report("plan.json"))
    words = ("--accept", "retention-shrink", "--only-change")
    out = github.ok("ci", "apply", "--approved", "approved.json", *words)
    assert "3 applied, 0 failed, 0 skipped" in out
    assert github.run("ci", "drift").code == 0


@pytest.mark.kafka
def test_the_saved_plan_of_a_directory_is_applied_by_the_plain_command(
    folder: Folder, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    folder.commit(
        ("streams/kafka-gitops.yaml", CONFIG.replace("127.0.0.1:9", kafka.sasl_bootstrap)),
        ("streams/topologies/a.yaml", topology(prefix, "a")),
    )
    folder.ok("ci", "plan")
    folder.ok("plan", "-o", "mine.json")
    told, mine = folder.data("plan.json"), json.loads((folder.home / "mine.json").read_text())
    assert told["approval"] == mine["approval"]
    assert [one["changes"][0]["origin"]["path"] for one in (told, mine)] == [
        "streams/topologies/a.yaml",
        "topologies/a.yaml",
    ]
    assert "1 applied and verified" in folder.ok("apply", "kafka-gitops-reports/plan.json", "--yes")
