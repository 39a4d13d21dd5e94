/** The steps that the interpreter knows: shells really run, files are really moved, the rest is told to the trace. */

class Steps {
    static final NAMES = ['archiveArtifacts', 'checkout', 'echo', 'error', 'input', 'junit', 'lock', 'milestone', 'recordIssues', 'script', 'sh', 'stash', 'timeout', 'unstash', 'withCredentials', 'withEnv']
    static final ON_AGENT = ['archiveArtifacts', 'checkout', 'junit', 'recordIssues', 'sh', 'stash', 'unstash']
    final Run run

    Steps(Run run) { this.run = run }

    def getEnv() { new Env(run) }
    def getParams() { run.params }
    def getCurrentBuild() { run.build }
    def getScm() { 'scm' }

    def invokeMethod(String name, Object given) {
        if (name in ON_AGENT && run.workspace == null) throw new Stopped('FAILURE', "${name} needs an agent: Required context class hudson.FilePath is missing")
        def arguments = given as List
        def method = this.metaClass.respondsTo(this, "do_${name}", *arguments)
        if (!method) throw new Stopped('FAILURE', "No such DSL method '${name}' for ${arguments.collect { it.getClass().simpleName }}")
        this."do_${name}"(*arguments)
    }

    def inside(Closure body) {
        body.delegate = this
        body.resolveStrategy = Closure.DELEGATE_FIRST
        body()
    }

    // values
    def usernamePassword(Map at) { [at.credentialsId, [(at.usernameVariable): 'username', (at.passwordVariable): 'password']] }
    def string(Map at) { [at.credentialsId, [(at.variable): 'secret']] }
    def file(Map at) { [at.credentialsId, [(at.variable): 'file']] }
    def checkStyle(Map at) { at }

    def do_script(Closure body) { inside(body) }
    def do_echo(String text) { run.tell('echo', [text: text]) }
    def do_error(String text) { throw new Stopped('FAILURE', text) }
    def do_checkout(Object what) { run.checkout() }
    def do_timeout(Map at, Closure body) { run.tell('timeout', at); run.under('timeout', at.time, { inside(body) }) }
    def do_withEnv(List pairs, Closure body) { run.withVariables(pairs.collectEntries { it.split('=', 2) as List }, [], { inside(body) }) }

    def do_withCredentials(List bindings, Closure body) {
        def variables = [:]
        bindings.each { id, names ->
            def known = run.scenario.credentials?.get(id)
            if (known == null) throw new Stopped('FAILURE', "Could not find credentials entry with ID '${id}'")
            names.each { variable, field -> variables[variable] = known[field] }
        }
        run.tell('withCredentials', [ids: bindings.collect { it[0] }])
        run.withVariables(variables, variables.values() as List, { inside(body) })
    }

    def do_sh(String script) { do_sh([script: script]) }
    def do_sh(Map at) {
        def shell = at.script.startsWith('#!') ? ['sh', '-c'] : ['sh', '-xe', '-c']
        def builder = new ProcessBuilder(shell + [at.script as String]).directory(run.workspace)
        if (at.returnStdout) builder.redirectError(new File(run.home, 'stderr')) // what -x tells is no part of the value
        else builder.redirectErrorStream(true)
        builder.environment().clear()
        builder.environment().putAll(run.environment())
        def process = builder.start()
        process.outputStream.close()
        def out = run.masked(process.inputStream.getText('UTF-8'))
        def code = process.waitFor()
        run.tell('sh', [script: at.script, exit: code, out: out])
        if (at.returnStatus) return code
        if (code != 0) throw new Stopped('FAILURE', "script returned exit code ${code}")
        at.returnStdout ? out : null
    }

    def do_input(Map at) {
        run.tell('input', at + [executor: run.workspace != null])
        def answer = run.scenario.input ?: 'none'
        (run.scenario.meanwhile ?: []).each { command ->
            def process = new ProcessBuilder('sh', '-c', command).redirectErrorStream(true).start()
            def out = process.inputStream.text
            if (process.waitFor() != 0) throw new IllegalStateException("what happens meanwhile failed: ${out}")
        }
        if (answer == 'granted') return run.scenario.submitter ?: 'somebody'
        throw new Stopped('ABORTED', answer == 'aborted' ? 'Rejected by somebody' : 'Timeout has been exceeded')
    }

    def do_lock(Map at, Closure body) {
        run.tell('lock', at)
        run.under('lock', at.resource, { inside(body) })
        run.tell('unlock', [resource: at.resource])
    }

    def do_milestone(Map at) {
        run.tell('milestone', at)
        if (at.ordinal <= run.milestone) throw new Stopped('FAILURE', "milestone ${at.ordinal} comes after ${run.milestone}")
        run.milestone = at.ordinal
        if (at.ordinal in (run.scenario.passed ?: [])) throw new Stopped('NOT_BUILT', "Canceled since a newer build passed milestone ${at.ordinal}")
    }

    def do_stash(Map at) {
        def found = run.files(at.includes)
        if (!found) throw new Stopped('FAILURE', "No files included in stash '${at.name}'")
        found.each { path -> run.copy(run.workspace, new File(run.home, "stash/${at.name}"), path) }
        run.tell('stash', [name: at.name, files: found])
    }

    def do_unstash(String name) {
        def folder = new File(run.home, "stash/${name}")
        if (!folder.isDirectory()) throw new Stopped('FAILURE', "No such saved stash '${name}'")
        folder.eachFileRecurse(groovy.io.FileType.FILES) { run.copy(folder, run.workspace, folder.toPath().relativize(it.toPath()).toString()) }
        run.tell('unstash', [name: name])
    }

    def do_archiveArtifacts(Map at) {
        def found = run.files(at.artifacts)
        if (!found && !at.allowEmptyArchive) throw new Stopped('FAILURE', "No artifacts found that match the file pattern \"${at.artifacts}\"")
        found.each { path -> run.copy(run.workspace, new File(run.home, 'artifacts'), path) }
        run.tell('archiveArtifacts', [files: found])
    }

    def do_junit(Map at) {
        def found = run.files(at.testResults)
        if (!found && !at.allowEmptyResults) throw new Stopped('FAILURE', 'No test report files were found. Configuration error?')
        def cases = found.collectMany { new XmlSlurper().parse(new File(run.workspace, it)).depthFirst().findAll { it.name() == 'testcase' } }
        if (found && !cases && !at.allowEmptyResults) throw new Stopped('FAILURE', 'None of the test reports contained any result')
        def failed = cases.count { it.failure.size() || it.error.size() }
        if (failed) run.worsen('UNSTABLE')
        run.tell('junit', [files: found, tests: cases.size(), failures: failed])
    }

    def do_recordIssues(Map at) {
        def found = ([at.tools ?: at.tool].flatten()).collectMany { run.files(it.pattern) }
        def issues = found.sum(0) { new XmlSlurper().parse(new File(run.workspace, it)).file.error.size() }
        run.tell('recordIssues', [files: found, issues: issues])
    }
}
