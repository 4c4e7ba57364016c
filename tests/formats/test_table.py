"""Printed tables: the four forms say the same, whatever stands in the cells."""

from __future__ import annotations

import csv
import html.parser
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from buffycoat.errors import InputError
from buffycoat.formats.table import PrintedTable

NASTY = (
    "a|b",
    "&amp;",
    "50 %",
    "x_1^2~",
    "<b>",
    '"q"',
    "\\",
    "\\|",
    "`c`",
    "*s* _e_ **d**",
    "[l](u)",
    "{}",
    "$x$",
    "#1",
    "--",
    "''",
    "لنفوسیت | درشت",
    "a\nb",
    "1. a",
    "- a",
    "=1+1",
    "~~s~~",
    "\\begin{x}",
)
WORDS = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cf")), max_size=8
)
TABLE = PrintedTable(
    title="Cells & <classes>",
    columns=("class", "cells_%", "kappa", "sure"),
    rows=(
        ("لنفوسیت | بزرگ", 10862, 0.9415, True),
        ('a & b_c % <d> "e"', None, -0.5, None),
        ("[x]", -3, None, False),
    ),
    notes=("1. Not 50 % | sure.", "# of <cells>"),
    decimals=(None, None, 3, None),
)


class Cells(html.parser.HTMLParser):
    """Tags and texts of a fragment."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.texts.append("")

    def handle_data(self, data):
        if self.texts and data != "\n":
            self.texts[-1] += data

    def of(self, *tags: str) -> list[str]:
        return [text.strip() for (tag, _), text in zip(self.tags, self.texts, strict=True) if tag in tags]


def test_markdown():
    assert TABLE.to_markdown() == (
        "**Cells &amp; &lt;classes&gt;**\n\n"
        "| class | cells\\_% | kappa | sure |\n|---|---:|---:|---|\n"
        "| لنفوسیت \\| بزرگ | 10,862 | 0.942 | yes |\n"
        '| a &amp; b\\_c % &lt;d&gt; "e" | – | -0.500 | – |\n'
        "| \\[x\\] | -3 | – | no |\n\n"
        "1\\. Not 50 % \\| sure.\n\n\\# of &lt;cells&gt;\n"
    )


def test_csv():
    assert TABLE.to_csv() == (
        'class,cells_%,kappa,sure\nلنفوسیت | بزرگ,10862,0.942,yes\n"a & b_c % <d> ""e""",–,-0.500,–\n[x],-3,–,no\n'
    )


def test_latex():
    assert TABLE.to_latex().split("\n") == [
        r"\begin{table}",
        r"\centering",
        r"\caption{Cells \& \textless{}classes\textgreater{}}",
        r"\begin{tabular}{lrrl}",
        r"\toprule",
        r"class & cells\_\% & kappa & sure \\",
        r"\midrule",
        r"لنفوسیت \textbar{} بزرگ & 10,862 & 0.942 & yes \\",
        r"a \& b\_c \% \textless{}d\textgreater{} \char34{}e\char34{} & -- & -0.500 & -- \\",
        r"{[}x] & -3 & -- & no \\",
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\smallskip 1. Not 50 \% \textbar{} sure.",
        r"\par\smallskip \# of \textless{}cells\textgreater{}",
        r"\end{table}",
        "",
    ]


def test_html():
    seen = Cells(TABLE.to_html())
    assert seen.of("caption") == ["Cells & <classes>"]
    assert seen.of("td") == ["10,862", "0.942", "yes", "–", "-0.500", "–", "-3", "–", "no"]
    assert seen.of("p") == ["1. Not 50 % | sure.", "# of <cells>"]
    assert [attrs for tag, attrs in seen.tags if tag == "th"] == [
        {"scope": "col"},
        {"scope": "col", "class": "number"},
        {"scope": "col", "class": "number"},
        {"scope": "col"},
        *[{"scope": "row"}] * 3,
    ]
    numbers = [text for (_, attrs), text in zip(seen.tags, seen.texts, strict=True) if attrs.get("class") == "number"]
    assert numbers == ["cells_%", "kappa", "10,862", "0.942", "-0.500", "-3"]


def grid(columns: int) -> st.SearchStrategy[PrintedTable]:
    row = st.tuples(*[WORDS] * columns)
    return st.builds(
        PrintedTable,
        title=WORDS,
        columns=row,
        rows=st.lists(row, max_size=3).map(tuple),
        notes=st.lists(WORDS, max_size=2).map(tuple),
    )


TABLES = st.integers(1, 3).flatmap(grid)


def shown(table: PrintedTable) -> list[str]:
    return [" ".join(cell.split()) for row in (table.columns, *table.rows) for cell in row]


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_html_shows_every_text_and_nothing_else(table):
    seen = Cells(table.to_html())
    assert seen.of("th", "td") == shown(table)
    assert {tag for tag, _ in seen.tags} <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "p"}


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_markdown_shows_every_text_to_another_reader(table):
    seen = Cells(MarkdownIt().enable("table").enable("strikethrough").render(table.to_markdown()))
    assert seen.of("th", "td") == shown(table)
    allowed = {"table", "thead", "tbody", "tr", "th", "td", "p", "strong"}
    assert {tag for tag, _ in seen.tags} <= allowed
    paragraphs = [" ".join(text.split()) for text in (table.title, *table.notes)]
    assert [text for text in seen.of("p", "strong") if text] == [text for text in paragraphs if text]


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_csv_has_every_text_and_no_formula(table):
    cells = [cell for row in csv.reader(io.StringIO(table.to_csv(), newline="")) for cell in (row or [""])]
    assert [
        cell.removeprefix("'") if text[:1] != "'" else cell[1:] for cell, text in zip(cells, shown(table), strict=True)
    ] == shown(table)
    assert not any(cell and cell[0] in "=+-@" for cell in cells)


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_latex_keeps_its_columns_braces_and_commands(table):
    text = table.to_latex()
    commands = set(re.findall(r"\\([A-Za-z]+)", text))
    assert commands <= {
        "begin",
        "end",
        "centering",
        "caption",
        "toprule",
        "midrule",
        "bottomrule",
        "par",
        "smallskip",
        "char",
        "textbackslash",
        "textasciitilde",
        "textasciicircum",
        "textless",
        "textgreater",
        "textbar",
        "textasciigrave",
    }
    bare = re.sub(r"\\[&%$#_{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert not set(bare) & set("%$#_~^<>|")
    rows = [line for line in bare.split("\n") if line.endswith(r"\\")]
    assert len(rows) == 1 + len(table.rows)
    assert {line.count("&") for line in rows} == {len(table.columns) - 1}
    assert not any(line.startswith(("[", "*")) for line in rows)


def test_rows_of_another_length_are_refused():
    with pytest.raises(InputError, match="row 2 is of another length: expected 1 cells, found 2"):
        PrintedTable(title="", columns=("a",), rows=((1,), (1, 2)))
    with pytest.raises(InputError, match="found 0 columns"):
        PrintedTable(title="", columns=(), rows=())
    with pytest.raises(InputError, match="1 columns, 2 of decimals"):
        PrintedTable(title="", columns=("a",), rows=(), decimals=(1, 2))


def test_an_empty_table_is_a_header():
    table = PrintedTable(title="", columns=("a",), rows=())
    assert table.to_markdown() == "| a |\n|---|\n"
    assert table.to_csv() == "a\n"
    assert "caption" not in table.to_latex() + table.to_html()
