/** Runs a Jenkinsfile: `main.groovy JENKINSFILE SCENARIO.json TRACE.json`; the trace has problems, result and events. */

import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.control.CompilerConfiguration

def (jenkinsfile, scenario, trace) = args.collect { new File(it) }
def given = new JsonSlurper().parse(scenario)
def problems = Checks.of(jenkinsfile)
def run = new Run(given, new File(given.source), new File(given.home))
if (!problems) {
    def binding = new Binding(env: run.env, pipeline: { Closure body -> new Pipeline(run).start(body) })
    new GroovyShell(binding, new CompilerConfiguration()).evaluate(jenkinsfile)
}
trace.text = JsonOutput.toJson([problems: problems, result: problems ? 'FAILURE' : run.result, variables: run.assigned, commit: run.commit ?: '', events: run.trace])
