/** What Jenkins' Warnings plugin takes from report files, as JSON: `Issues.groovy TOOL FILE [TOOL FILE ...]`, a list for each. */

import edu.hm.hafner.analysis.FileReaderFactory
import edu.hm.hafner.analysis.registry.ParserRegistry
import groovy.json.JsonOutput

def read = { String tool, String file ->
    def report = new ParserRegistry().get(tool).createParser().parse(new FileReaderFactory(new File(file).toPath()))
    assert !report.hasErrors(): report.errorMessages
    report.collect { [file: it.fileName, line: it.lineStart, column: it.columnStart, severity: it.severity.name, rule: it.type, message: it.message] }
}
println JsonOutput.toJson(args.toList().collate(2).collect(read))
