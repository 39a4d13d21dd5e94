"""What the interpreter of tests/jenkins refuses, as Jenkins does."""

from pathlib import Path

import pytest
from hooking import git, write
from jenkins_runs import build
from pipelines import machine

WRONG = """\
pipeline {
  agnet any
  options { disableConcurentBuilds() }
  stages {
    stage('One') {
      when { brunch 'main' }
      stepz { echo 'x' }
    }
    stage('Two') {
      agent any
      steps {
        shh 'true'
        withCredentials([string(credentialsId: 'x', variable: 'X')]) { sh "echo ${X}" }
        def y = 1
      }
      post { allways { echo 'x' } }
    }
  }
}
"""


@pytest.mark.kafka  # no broker, but the network: Groovy comes from Maven Central
def test_the_interpreter_refuses_what_jenkins_refuses(tmp_path: Path) -> None:
    (tmp_path / "Jenkinsfile").write_text(WRONG, encoding="utf-8")
    ran = build(tmp_path, tmp_path / "Jenkinsfile", source=str(tmp_path))
    said = [problem.split(", expected")[0] for problem in ran.problems]
    assert (ran.result, ran.events) == ("FAILURE", [])
    assert said == [
        'line 2: Unknown "agnet" in pipeline',
        'line 1: Missing required section "agent"',
        'line 3: Unknown "disableConcurentBuilds" in options',
        'line 7: Unknown "stepz" in stage',
        "line 5: A stage has exactly one of steps, stages, parallel, matrix",
        'line 6: Unknown "brunch" in when',
        'line 16: Unknown "allways" in post',
        'line 12: Unknown step "shh"',
        "line 13: sh in double quotes: use single quotes, so that the shell fills in the variables",
        "line 14: Expected a step (other Groovy belongs into script { })",
    ]


NO_AGENT = "pipeline { agent none\n stages { stage('One') { steps { sh 'true' } } } }\n"


@pytest.mark.kafka
def test_a_shell_needs_an_agent(tmp_path: Path) -> None:
    (tmp_path / "Jenkinsfile").write_text(NO_AGENT, encoding="utf-8")
    ran = build(tmp_path, tmp_path / "Jenkinsfile", source=str(tmp_path))
    assert (ran.problems, ran.result) == ([], "FAILURE")
    assert "sh needs an agent" in ran.all("stopped")[0]["message"]


VARIABLES = """\
pipeline {
  agent none
  parameters { string(name: 'GIVEN', defaultValue: 'usual', description: '') }
  environment { FIXED = 'fixed' }
  stages {
    stage('One') {
      agent any
      steps {
        script { env.KEPT = currentBuild.previousBuild?.buildVariables?.KEPT ?: ''; env.COMMIT = env.GIT_COMMIT }
        sh 'echo "<$GIVEN> <$FIXED> <${KEPT-unset}> <$COMMIT>"'
      }
    }
  }
  post { success { script { env.KEPT = "${params.GIVEN} ${env.FIXED} ${env.GIT_COMMIT}" } } }
}
"""


@pytest.mark.kafka
def test_variables_are_where_jenkins_has_them(tmp_path: Path) -> None:
    """Parameters are in shells, empty ones in none; of a build only `env.X = ...` is left, of an agent no commit."""
    home = tmp_path / "repo"
    write(home / "Jenkinsfile", VARIABLES)
    git(home, "init", "-q")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "all")
    told = {"source": str(home), "machine": machine(tmp_path)}
    first = build(tmp_path, home / "Jenkinsfile", **told)
    commit = git(home, "rev-parse", "HEAD").strip()
    assert (first.problems, first.result, first.commit) == ([], "SUCCESS", commit), first.events
    assert f"<usual> <fixed> <unset> <{commit}>" in first.shells()
    assert first.variables == {"KEPT": "usual fixed null", "COMMIT": commit}
    past = [{"result": "ABORTED", "variables": first.variables}]
    later = build(tmp_path, home / "Jenkinsfile", **told, builds=past, parameters={"GIVEN": "a 'b c'"})
    assert f"<a 'b c'> <fixed> <usual fixed null> <{commit}>" in later.shells()
