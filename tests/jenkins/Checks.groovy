/** What Jenkins refuses before a build starts, found in the syntax tree: unknown sections, directives, options, conditions and steps. */

import org.codehaus.groovy.ast.ASTNode
import org.codehaus.groovy.ast.expr.*
import org.codehaus.groovy.ast.stmt.*
import org.codehaus.groovy.control.*

class Checks {
    static final PIPELINE = ['agent', 'environment', 'libraries', 'options', 'parameters', 'post', 'stages', 'tools', 'triggers']
    static final STAGE = ['agent', 'environment', 'failFast', 'input', 'matrix', 'options', 'parallel', 'post', 'stages', 'steps', 'tools', 'when']
    static final BODY = ['steps', 'stages', 'parallel', 'matrix']
    static final POST = ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable', 'unsuccessful', 'cleanup']
    static final AGENT = ['label', 'docker', 'dockerfile', 'node', 'kubernetes']
    static final OPTIONS = ['buildDiscarder', 'disableConcurrentBuilds', 'disableResume', 'preserveStashes', 'quietPeriod', 'retry', 'skipDefaultCheckout', 'skipStagesAfterUnstable', 'timeout', 'timestamps']
    static final STAGE_OPTIONS = ['skipDefaultCheckout', 'timeout', 'retry', 'timestamps']
    static final PARAMETERS = ['booleanParam', 'choice', 'file', 'password', 'run', 'string', 'text']
    static final TRIGGERS = ['cron', 'pollSCM', 'upstream']
    static final WHEN = ['branch', 'buildingTag', 'changelog', 'changeset', 'changeRequest', 'environment', 'equals', 'expression', 'tag', 'not', 'allOf', 'anyOf', 'triggeredBy', 'beforeAgent', 'beforeInput', 'beforeOptions']
    final List<String> problems = []

    /** Problems of a Jenkinsfile, each with its line; empty when Jenkins would start it. */
    static List<String> of(File file) {
        def unit = new CompilationUnit()
        unit.addSource(file)
        try {
            unit.compile(Phases.CONVERSION)
        } catch (MultipleCompilationErrorsException error) {
            return [error.message.trim()]
        }
        def checks = new Checks()
        checks.root(unit.AST.modules[0].statementBlock.statements)
        checks.problems
    }

    private void bad(ASTNode node, String text) { problems << "line ${node.lineNumber}: ${text}".toString() }

    private void root(List<Statement> statements) {
        // what is declared above the block is allowed (ModelParser looks for the one statement `pipeline` at the top)
        def calls = statements.findAll { !declares(it) }.collect { callOf(it) }
        if (calls.size() != 1 || calls[0]?.methodAsString != 'pipeline') {
            problems << 'line 1: expected one block: pipeline { }'
            return
        }
        def sections = block(calls[0], 'pipeline', PIPELINE)
        ['agent', 'stages'].each { if (!sections.containsKey(it)) bad(calls[0], "Missing required section \"${it}\"") }
        common(sections, OPTIONS)
        if (sections.parameters) block(sections.parameters, 'parameters', PARAMETERS)
        if (sections.triggers) block(sections.triggers, 'triggers', TRIGGERS)
    }

    private static boolean declares(Statement statement) {
        statement instanceof ExpressionStatement && statement.expression instanceof DeclarationExpression &&
            statement.expression.rightExpression instanceof ConstantExpression
    }

    private void stages(MethodCallExpression node) {
        calls(node).each {
            if (it.methodAsString != 'stage') { bad(it, "Expected a stage, found \"${it.methodAsString}\""); return }
            def sections = block(it, 'stage', STAGE)
            if (BODY.count { name -> sections.containsKey(name) } != 1) bad(it, "A stage has exactly one of ${BODY.join(', ')}")
            if (sections.when) conditions(sections.when)
            common(sections, STAGE_OPTIONS)
        }
    }

    private void common(Map<String, MethodCallExpression> sections, List<String> options) {
        if (sections.agent && body(sections.agent)) block(sections.agent, 'agent', AGENT)
        if (sections.options) block(sections.options, 'options', options)
        if (sections.post) block(sections.post, 'post', POST).values().each { steps(it) }
        ['stages', 'parallel'].each { if (sections[it]) stages(sections[it]) }
        if (sections.steps) steps(sections.steps)
    }

    private void conditions(MethodCallExpression node) {
        block(node, 'when', WHEN).each { name, inner -> if (name in ['not', 'allOf', 'anyOf']) conditions(inner) }
    }

    private void steps(MethodCallExpression node) {
        body(node).statements.each { statement ->
            def inner = callOf(statement)
            if (inner == null) { bad(statement, 'Expected a step (other Groovy belongs into script { })'); return }
            if (!(inner.methodAsString in Steps.NAMES)) bad(inner, "Unknown step \"${inner.methodAsString}\"")
            if (inner.methodAsString == 'sh') shell(inner)
            if (inner.methodAsString == 'script') nested(inner)
            else if (body(inner)) steps(inner)
        }
    }

    /** In script { } any Groovy goes; what is looked at there are the shells. */
    private void nested(MethodCallExpression node) {
        def self = this
        body(node).visit(new org.codehaus.groovy.ast.CodeVisitorSupport() {
            void visitMethodCallExpression(MethodCallExpression inner) {
                if (inner.methodAsString == 'sh') self.shell(inner)
                super.visitMethodCallExpression(inner)
            }
        })
    }

    /** A text in double quotes is filled in by Groovy: a secret would stand in the process list, a name could be a command. */
    private void shell(MethodCallExpression node) {
        def self = this
        node.arguments.visit(new org.codehaus.groovy.ast.CodeVisitorSupport() {
            void visitGStringExpression(GStringExpression text) { self.bad(node, 'sh in double quotes: use single quotes, so that the shell fills in the variables') }
        })
    }

    private Map<String, MethodCallExpression> block(MethodCallExpression node, String what, List<String> known) {
        def found = [:]
        calls(node).each {
            if (!(it.methodAsString in known)) bad(it, "Unknown \"${it.methodAsString}\" in ${what}, expected one of ${known.join(', ')}")
            else if (found.put(it.methodAsString, it) != null && what in ['pipeline', 'stage', 'post']) bad(it, "Two of \"${it.methodAsString}\" in ${what}")
        }
        found
    }

    private List<MethodCallExpression> calls(MethodCallExpression node) {
        def statements = body(node)?.statements
        if (statements == null) { bad(node, "${node.methodAsString} has no block"); return [] }
        statements.findAll { if (callOf(it) == null) bad(it, "Not a directive: ${it.text}"); callOf(it) != null }.collect { callOf(it) }
    }

    private static MethodCallExpression callOf(Statement statement) {
        def expression = statement instanceof ExpressionStatement || statement instanceof ReturnStatement ? statement.expression : null
        expression instanceof MethodCallExpression ? expression : null
    }

    private static BlockStatement body(MethodCallExpression node) {
        def last = node.arguments instanceof TupleExpression && node.arguments.expressions ? node.arguments.expressions.last() : null
        last instanceof ClosureExpression ? last.code as BlockStatement : null
    }
}
