/** `env` of a script: reads what is set where the step stands, writes for the rest of the build. */

class Env {
    private final Run run

    Env(Run run) { this.run = run }

    def getProperty(String name) { this.@run.variable(name) }
    void setProperty(String name, Object value) { this.@run.assigned[name] = value.toString() }
}
