"""A character that makes a file look different from what is read.

Some characters end a line for YAML, but not for git, editors and reviewers: U+0085 (next line), U+2028, U+2029, and a
carriage return without a line feed in a file that has line feeds. What follows one of them in a comment looks like a
part of the comment, and is read as a key. Directional controls (U+202A to U+202E, U+2066 to U+2069, and the marks
U+061C, U+200E, U+200F) change the order in which text is shown. Nothing of such a file is read, wherever the character
stands, also in a comment; topology, roles and plans files, kafka-gitops.yaml and policies alike. A byte order mark at
the start of a file is fine. No waiver, setting or baseline silences this rule.

To write such a character into a text on purpose, use YAML's escape in double quotes: `"\\u2028"`.
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "hidden-text"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}
