"""Hostile text in Markdown and XML stays text."""

import xml.etree.ElementTree as tree

import pytest

from kafka_gitops.report.markup import cell, code, text, xml


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("orders.v1", "`orders.v1`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("a\n::error::b", "`a ::error::b`"),
        ("", "` `"),
        ("a\x1b[31m\u202eb", "`a\\x1b[31m\\u202eb`"),
    ],
)
def test_code(raw: str, shown: str) -> None:
    assert code(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a|b", "`a\\|b`"),
        ("a\\|<b>@x", "<code>a&#92;&#124;&#60;b&#62;&#64;x</code>"),
        ("größe/名 a.b\\", "<code>größe/名 a.b&#92;</code>"),
    ],
)
def test_a_cell_cannot_be_left(raw: str, shown: str) -> None:
    assert cell(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain words, 100%", "plain words, 100%"),
        ("<img src=x>", "\\<img src=x\\>"),
        ("@team [x](y) #1", "@\u200bteam \\[x\\]\\(y\\) \\#1"),
        ("a | b\n# c", "a \\| b \\# c"),
        ("https://x.y www.z.de", "https:\u200b//x.y www\u200b.z.de"),
        ("&lt;", "&amp;lt;"),
        ("~~a~~ **b** `c` \\*", "\\~\\~a\\~\\~ \\*\\*b\\*\\* \\`c\\` \\\\\\*"),
    ],
)
def test_text(raw: str, shown: str) -> None:
    assert text(raw) == shown


def test_xml_reads_back() -> None:
    hostile = "<&>\"'\x00\x0b\x1b\ufffe\uffff\ud800\n größe 🙂"
    read = tree.fromstring(f'<a b="{xml(hostile)}">{xml(hostile)}</a>')
    assert read.text == read.get("b") == "<&>\"'\\x00\\x0b\\x1b\\ufffe\\uffff\\ud800\\n größe 🙂"
