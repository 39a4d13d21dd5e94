"""The pictures and console blocks of the documentation are what the program prints today."""

import html
import re
from pathlib import Path

import pictures
import pytest

PICTURES = pictures.ROOT / "docs" / "pictures"
README = pictures.ROOT / "README.md"


def differing(*names: str) -> list[str]:
    return [path.name for path, text in pictures.made(names) if path.read_text(encoding="utf-8") != text]


def test_lint_and_its_annotations_are_as_shown() -> None:
    assert differing("lint") == []


@pytest.mark.kafka
def test_the_plan_and_its_comment_are_as_shown() -> None:
    assert differing("plan") == []


@pytest.mark.parametrize("name", sorted(pictures.SCENES))
def test_a_picture_shows_the_text_that_stands_in_the_page(name: str) -> None:
    svg = (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
    shown = re.sub(r"\s", "", html.unescape("".join(re.findall(r"<text [^>]*clip-path[^>]*>(.*?)</text>", svg))))
    block = next(at[0] for at in pictures.PLACE.finditer(README.read_text(encoding="utf-8")) if at[2] == name)
    text = block.split("```console\n")[1].removesuffix("```\n")
    assert shown == re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", sorted(pictures.SCENES))
def test_a_picture_loads_nothing_and_is_not_too_wide(name: str) -> None:
    svg = (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
    assert "font-face" not in svg
    assert set(re.findall(r"https?://[^\"\s)]+", svg)) <= {"http://www.w3.org/2000/svg", "https://www.textualize.io"}
    assert float(re.findall(r'viewBox="0 0 ([\d.]+)', svg)[0]) <= 1540


def test_colours_of_the_terminal_become_colours_of_the_picture() -> None:
    svg = pictures.drawn("x", "\x1b[31mred\x1b[0m plain\n")
    assert re.findall(r"\.x-r\d \{ fill: (#\w+) \}", svg) != []
    assert svg == pictures.drawn("x", "\x1b[31mred\x1b[0m plain\n")


def test_what_changes_from_run_to_run_becomes_the_same() -> None:
    text = "cluster abcdefghi…, abcdefghijkl, sha256:0123456789ab"
    same = f"cluster 5L6g3nShT…, {pictures.CLUSTER}, {pictures.DIGEST}"
    assert pictures._stable(text, "abcdefghijkl") == same


def test_only_blocks_that_were_made_are_filled() -> None:
    page = "".join(f"<!-- made by tools/pictures.py: {name} -->\n```console\nold\n```\n" for name in ("a", "b"))
    assert pictures.filled(page, {"a": "\x1b[1mnew\x1b[0m\n\n"}) == page.replace("old", "new", 1)


def test_an_edit_that_the_examples_no_longer_have_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"orders\.yaml of the examples has 'absent' 0 times, expected once"):
        pictures._examples(tmp_path, [("orders.yaml", "absent", "x")])
