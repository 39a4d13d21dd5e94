/** Collects the directives of one block: `name(arguments)` becomes an entry. */
class Block {
    final Map<String, List> found = [:]
    final List<List> calls = []

    def invokeMethod(String name, Object given) {
        def arguments = given as List
        found[name] = arguments
        calls << [name, arguments]
        [name] + arguments
    }
    def getProperty(String name) { name == 'found' ? this.@found : name == 'calls' ? this.@calls : name in ['any', 'none'] ? name : Block.env[name] }
    void setProperty(String name, Object value) { found[name] = [value] }
    static Map env = [:]

    static Block of(Closure body) {
        def block = new Block()
        body.delegate = block
        body.resolveStrategy = Closure.DELEGATE_ONLY
        body()
        block
    }
}
