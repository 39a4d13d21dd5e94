"""The commonest slips in YAML, with both parsers: where they are, and what to write."""

from pathlib import Path

import pytest

from kafka_gitops.text.source import parse

HEAD = "context: c\nprojects:\n- name: p\n  topics:\n  - name: a\n"
GOLDEN = Path(__file__).parents[1] / "data" / "slips" / "said.txt"
PARTS = GOLDEN.read_text(encoding="utf-8").split("\n====\n")


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "python"])
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.strip().splitlines()[0].strip())
def test_what_is_said_of_a_slip(part: str, pure: bool) -> None:
    text, _, expected = part.partition("\n----\n")
    source = parse("t.yaml", f"{HEAD}{text.strip(chr(10))}\n".replace("→", "\t"), pure=pure)
    said = [f"{one.span} {one.message}\n  {one.help}" for one in source.problems]
    assert "\n".join(said) == expected.strip("\n")
