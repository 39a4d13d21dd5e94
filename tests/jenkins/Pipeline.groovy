/** The sections of a declarative pipeline, read from its closures first and run afterwards. */

class Pipeline {
    final Run run
    final Steps steps

    Pipeline(Run run) {
        this.run = run
        steps = new Steps(run)
        Block.env = [env: run.env, params: run.params]
    }

    String start(Closure body) {
        run.worsen('SUCCESS')
        def top = Block.of(body).found
        if (top.parameters) Block.of(top.parameters[0]).calls.each { call ->
            def given = call[1][0]
            run.params[given.name] = run.scenario.parameters?.get(given.name) ?: given.defaultValue
        }
        section(top, 'pipeline', { found -> stages(found.stages[0]) })
        run.result
    }

    /** What pipeline and stage share: agent, environment, options, the body, and post in the end. */
    private void section(Map found, String name, Closure body) {
        onAgent(found) {
            def variables = found.environment ? Block.of(found.environment[0]).found.collectEntries { key, value -> [(key): value[0]] } : [:]
            run.withVariables(variables, []) {
                def mine = attempt { limited(found) { body(found) } }
                if (found.post) post(found.post[0], mine)
            }
        }
    }

    private void limited(Map found, Closure body) {
        def options = found.options ? Block.of(found.options[0]).found : [:]
        options.timeout ? run.under('timeout', options.timeout[0].time, body) : body()
    }

    private void onAgent(Map found, Closure body) {
        if (!found.agent || found.agent[0] == 'none') { body(); return }
        def label = found.agent[0] instanceof Closure ? Block.of(found.agent[0]).found : found.agent[0]
        attempt { run.onAgent(label, body) }
    }

    private String attempt(Closure body) {
        def before = run.result
        try {
            body()
            run.result == before ? 'SUCCESS' : run.result
        } catch (Stopped stop) {
            run.tell('stopped', [result: stop.result, message: stop.message])
            run.worsen(stop.result)
            stop.result
        }
    }

    private void post(Closure body, String result) {
        def found = Block.of(body).found
        def wanted = ['always', [SUCCESS: 'success', UNSTABLE: 'unstable', FAILURE: 'failure', ABORTED: 'aborted'][result]]
        if (result != 'SUCCESS') wanted << 'unsuccessful'
        (wanted + ['cleanup']).each { name -> if (found[name]) attempt { steps.inside(found[name][0]) } }
    }

    private void stages(Closure body) {
        Block.of(body).calls.each { call ->
            def name = call[1][0]
            if (run.result in ['FAILURE', 'ABORTED', 'NOT_BUILT']) { run.tell('skipped', [stage: name, why: "earlier ${run.result}".toString()]); return }
            stage(name, Block.of(call[1][1]).found)
        }
    }

    private void stage(String name, Map found) {
        def when = found.when ? Block.of(found.when[0]) : null
        def early = when?.found?.beforeAgent == [true] || !found.agent
        if (when && early && !met(when)) { run.tell('skipped', [stage: name, why: 'when']); return }
        run.tell('stage', [stage: name])
        section(found, name) {
            if (when && !early && !met(when)) { run.tell('skipped', [stage: name, why: 'when, with an agent']); return }
            if (found.input) throw new Stopped('FAILURE', 'this interpreter knows input as a step only')
            found.steps ? steps.inside(found.steps[0]) : stages((found.stages ?: found.parallel)[0])
        }
    }

    private boolean met(Block when) {
        when.calls.findAll { !it[0].startsWith('before') }.every { condition(it[0], it[1]) }
    }

    private boolean condition(String name, List given) {
        switch (name) {
            case 'branch': return run.variable('BRANCH_NAME') == given[0]
            case 'changeRequest': return run.variable('CHANGE_ID') != null
            case 'triggeredBy': return run.scenario.cause == given[0]
            case 'environment': return run.variable(given[0].name) == given[0].value
            case 'expression': return steps.inside(given[0])
            case 'not': return !met(Block.of(given[0]))
            case 'allOf': return met(Block.of(given[0]))
            case 'anyOf': return Block.of(given[0]).calls.any { condition(it[0], it[1]) }
            default: throw new Stopped('FAILURE', "this interpreter does not know the condition ${name}")
        }
    }
}
