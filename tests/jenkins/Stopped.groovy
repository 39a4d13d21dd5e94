/** What ends a stage, with the result that the build gets. */

class Stopped extends RuntimeException {
    final String result
    Stopped(String result, String message) { super(message); this.result = result }
}
