/** The state of a build: where it runs, its variables and secrets, its result, and what happened, in order. */

class Run {
    final Map scenario
    final File source, home
    final List<Map> trace = []
    final Map env = [:], params = [:]
    final Map assigned = [:] // by `env.X = ...`: all builds after this one can read them
    final Map build = [:]
    final List<Map> scopes = []
    final List<String> secrets = [], held = []
    File workspace
    String result = 'SUCCESS', commit
    int milestone = 0
    private int agents = 0

    Run(Map scenario, File source, File home) {
        this.scenario = scenario
        this.source = source
        this.home = home
        env.putAll([BUILD_NUMBER: '7', JENKINS_URL: 'http://jenkins.example.org/', BUILD_URL: 'http://jenkins.example.org/job/kafka/7/', CI: 'true', JOB_NAME: 'kafka'])
        env.putAll(scenario.env)
        commit = env.remove('GIT_COMMIT')
        build.previousBuild = scenario.builds.inject(null) { before, one -> [previousBuild: before, result: one.result, buildVariables: one.variables] }
    }

    void tell(String event, Map what) { trace << [event: event, agent: workspace?.name, held: held.clone()] + what }

    void worsen(String to) {
        def order = ['SUCCESS', 'UNSTABLE', 'FAILURE', 'NOT_BUILT', 'ABORTED']
        if (order.indexOf(to) > order.indexOf(result)) result = to
        build.currentResult = build.result = result
    }

    /** Variables as a step sees them where it stands: those of the build, its parameters, `env.X = ...`, withEnv and its like. */
    private Map variables() { ([env, params, assigned] + scopes).inject([:]) { sum, one -> sum + one } }

    Object variable(String name) { variables()[name] }

    Map environment() {
        def all = scenario.machine + variables() + [WORKSPACE: workspace.path, WORKSPACE_TMP: "${workspace.path}@tmp"]
        all.findAll { key, value -> value }.collectEntries { key, value -> [(key.toString()): value.toString()] } // Jenkins drops empty ones
    }

    String masked(String text) { secrets.inject(text) { shown, secret -> shown.replace(secret, '****') } }

    def under(String what, Object name, Closure body) {
        held << "${what} ${name}".toString()
        try { body() } finally { held.remove(held.size() - 1) }
    }

    def withVariables(Map variables, List hidden, Closure body) {
        scopes << variables
        secrets.addAll(hidden)
        try { body() } finally { scopes.remove(scopes.size() - 1) }
    }

    /** An executor with an empty workspace, as of another machine. */
    def onAgent(Object label, Closure body) {
        def before = workspace
        workspace = new File(home, "agent-${++agents}")
        workspace.mkdirs()
        tell('agent', [label: label.toString()])
        try { checkout(); withVariables([GIT_COMMIT: commit], [], body) } finally { workspace = before }
    }

    void checkout() {
        if (new File(workspace, '.git').exists()) return
        def script = 'git clone --quiet "$0" . && git checkout --quiet --detach "$1" && git rev-parse HEAD'
        def builder = new ProcessBuilder('sh', '-ec', script, source.path, commit ?: 'HEAD').directory(workspace).redirectErrorStream(true)
        def process = builder.start()
        def out = process.inputStream.text.trim()
        if (process.waitFor() != 0) throw new Stopped('FAILURE', "checkout failed: ${out}")
        commit = out.readLines().last()
    }

    /** Files of the workspace that a pattern of Ant names (`a.json, reports/*.xml, b/**`). */
    List<String> files(String pattern) {
        def found = []
        pattern.split(',').each { part ->
            def matcher = java.nio.file.FileSystems.default.getPathMatcher("glob:${part.trim()}")
            workspace.eachFileRecurse(groovy.io.FileType.FILES) {
                def path = workspace.toPath().relativize(it.toPath())
                if (!path.startsWith('.git') && matcher.matches(path)) found << path.toString()
            }
        }
        found.unique().sort()
    }

    void copy(File from, File to, String path) {
        def target = new File(to, path)
        target.parentFile.mkdirs()
        target.bytes = new File(from, path).bytes
    }
}
