"""A table for people to read, in Markdown, CSV, LaTeX or HTML; data goes through ``tables`` instead."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

from buffycoat.domain.value import Scalar, value
from buffycoat.errors import InputError
from buffycoat.formats.columns import mark_text
from buffycoat.formats.delimited import quote

__all__ = ["NOTHING", "PrintedTable", "latex_text"]

NOTHING: Final = "–"
"""What is printed where there is no value."""

_BLANKS: Final = re.compile("[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>|~&$]")
_BLOCK: Final = re.compile(r"(?=[#+=-])|(?<=[0-9])(?=[.)])")
"""Where a backslash keeps the first word of a paragraph from being a heading or an item."""
_STARTS: Final = re.compile(r"[#+=-]|[0-9]+[.)]$")
_LATEX: Final[Mapping[str, str]] = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\char34{}",
    "`": r"\textasciigrave{}",
    "[": r"{[}",
    "*": r"{*}",
    "-": r"-{}",
    "'": r"'{}",
    NOTHING: "--",
} | {mark: f"\\{mark}" for mark in "&%$#_{}"}
_SPECIAL: Final = re.compile(r"""[\\~^<>|"`\[*–&%$#_{}]|-(?=-)|'(?=')""")
"""What LaTeX reads as something else; a hyphen or an apostrophe only where two stand together."""


@value
class PrintedTable:
    """A title, columns, rows, and notes below.

    Whole numbers get separators of thousands in print, but for CSV; a year is therefore given as text. Line breaks
    within a cell become blanks.

    Parameters
    ----------
    title : str
        Such as ``"Cells by class and split"``.
    columns : tuple of str
        The header.
    rows : tuple of tuple of (str or int or float or bool or None)
        Each as long as ``columns``. ``None`` is printed as an en dash.
    notes : tuple of str
        Sentences below the table.
    decimals : tuple of (int or None)
        Digits after the point for each column; ``None`` prints a float as short as it can be. Empty for all ``None``.

    Examples
    --------
    >>> table = PrintedTable(title="Cells", columns=("class", "cells"), rows=(("Neutrophil", 10862), ("Burst", None)))
    >>> print(table.to_markdown())
    **Cells**
    <BLANKLINE>
    | class | cells |
    |---|---:|
    | Neutrophil | 10,862 |
    | Burst | – |
    <BLANKLINE>
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    notes: tuple[str, ...] = ()
    decimals: tuple[int | None, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rows of another length than the header."""
        wide = len(self.columns)
        if not wide or len(self.decimals) not in (0, wide):
            found = f"{wide} columns, {len(self.decimals)} of decimals"
            raise InputError("a table needs columns", expected="one at least, and decimals for each", found=found)
        for number, row in enumerate(self.rows, start=1):
            if len(row) != wide:
                raise InputError(f"row {number} is of another length", expected=f"{wide} cells", found=str(len(row)))

    def to_markdown(self) -> str:
        """Return the table as GitHub prints it; numbers stand to the right."""
        header = " | ".join(_markdown(name) for name in self.columns)
        rules = "|".join("---:" if number else "---" for number in self._numeric())
        lines = [f"| {header} |", f"|{rules}|"]
        lines += ["| " + " | ".join(map(_markdown, row)) + " |" for row in self._printed()]
        parts = [f"**{_markdown(self.title)}**"] if self.title.strip() else []
        parts += ["\n".join(lines), *(_paragraph(note) for note in self.notes)]
        return "\n\n".join(parts) + "\n"

    def to_csv(self) -> str:
        """Return header and rows as CSV that is safe to open in a spreadsheet; neither title nor notes.

        Numbers have no separators of thousands. An apostrophe stands before text that looks like a formula.
        """
        rows = [[_csv(_line(name)) for name in self.columns]]
        for row, printed in zip(self.rows, self._printed(thousands=""), strict=True):
            cells = zip(row, map(_line, printed), strict=True)
            # A number below zero begins with a minus, and is no formula.
            rows.append([text if _is_number(cell) else _csv(text) for cell, text in cells])
        return "".join([",".join(cells) + "\n" for cells in rows])

    def to_latex(self) -> str:
        r"""Return the table for the LaTeX package ``booktabs``; Persian needs XeLaTeX or LuaLaTeX.

        Examples
        --------
        >>> print(PrintedTable(title="A & B", columns=("x_1",), rows=((0.5,),)).to_latex())
        \begin{table}
        \centering
        \caption{A \& B}
        \begin{tabular}{r}
        \toprule
        x\_1 \\
        \midrule
        0.5 \\
        \bottomrule
        \end{tabular}
        \end{table}
        <BLANKLINE>
        """
        kinds = "".join("r" if number else "l" for number in self._numeric())
        rows = [self.columns, *self._printed()]
        header, *body = (" & ".join(map(latex_text, row)) + r" \\" for row in rows)
        lines = [r"\begin{table}", r"\centering"]
        lines += [rf"\caption{{{latex_text(self.title)}}}"] if self.title.strip() else []
        lines += [rf"\begin{{tabular}}{{{kinds}}}", r"\toprule", header, r"\midrule", *body, r"\bottomrule"]
        lines += [r"\end{tabular}"]
        lines += [rf"\par\smallskip {latex_text(note)}" for note in self.notes]
        return "\n".join([*lines, r"\end{table}", ""])

    def to_html(self) -> str:
        """Return a fragment of a page: the table with caption and scoped headers, and a paragraph for each note.

        Examples
        --------
        >>> print(PrintedTable(title="T", columns=("class", "cells"), rows=(("<b>", 2),)).to_html())
        <table>
        <caption>T</caption>
        <thead>
        <tr><th scope="col">class</th><th scope="col" class="number">cells</th></tr>
        </thead>
        <tbody>
        <tr><th scope="row">&lt;b&gt;</th><td class="number">2</td></tr>
        </tbody>
        </table>
        <BLANKLINE>
        """
        numeric = self._numeric()
        header = "".join(
            f'<th scope="col"{_class(number)}>{_html(name)}</th>'
            for name, number in zip(self.columns, numeric, strict=True)
        )
        caption = [f"<caption>{_html(self.title)}</caption>"] if self.title.strip() else []
        lines = ["<table>", *caption, "<thead>", f"<tr>{header}</tr>", "</thead>", "<tbody>"]
        for row, printed in zip(self.rows, self._printed(), strict=True):
            first = f'<th scope="row"{_class(_is_number(row[0]))}>{_html(printed[0])}</th>'
            others = zip(row[1:], printed[1:], strict=True)
            cells = "".join(f"<td{_class(_is_number(cell))}>{_html(text)}</td>" for cell, text in others)
            lines.append(f"<tr>{first}{cells}</tr>")
        lines += ["</tbody>", "</table>", *(f'<p class="note">{_html(note)}</p>' for note in self.notes)]
        return "\n".join(lines) + "\n"

    def _numeric(self) -> list[bool]:
        """Say for each column whether it holds numbers, and nothing else but gaps."""
        places = range(len(self.columns))
        found = [[row[place] for row in self.rows if row[place] is not None] for place in places]
        return [bool(cells) and all(map(_is_number, cells)) for cells in found]

    def _printed(self, thousands: str = ",") -> list[list[str]]:
        decimals = self.decimals or (None,) * len(self.columns)
        return [
            [_print(cell, digits, thousands) for cell, digits in zip(row, decimals, strict=True)] for row in self.rows
        ]


def _is_number(cell: Scalar) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _print(cell: Scalar, digits: int | None, thousands: str) -> str:
    if cell is None:
        return NOTHING
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return format(cell, thousands + "d")
    return repr(cell) if digits is None else format(cell, f"{thousands}.{digits}f")


def _class(number: bool) -> str:  # noqa: FBT001 (the only thing that is asked)
    return ' class="number"' if number else ""


def _line(text: str) -> str:
    """Return text in one line, with a mark in place of what cannot be seen."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", _BLANKS.sub(" ", text).strip())


def _csv(text: str) -> str:
    return quote(mark_text(text)) if text else ""


def _html(text: str) -> str:
    return html.escape(_line(text))


def latex_text(text: str, /) -> str:
    r"""Return text in one line as LaTeX sets it, with nothing that LaTeX reads as something else.

    Examples
    --------
    >>> print(latex_text("50 % & more"))
    50 \% \& more
    """
    return _SPECIAL.sub(lambda seen: _LATEX[seen[0]], _line(text))


def _markdown(text: str) -> str:
    """Return text in which no Markdown is read."""
    return _MARKDOWN.sub(lambda seen: html.escape(seen[0]) if seen[0] in "&<>" else f"\\{seen[0]}", _line(text))


def _paragraph(text: str) -> str:
    first, blank, rest = _markdown(text).partition(" ")
    return _BLOCK.sub(lambda _: "\\", first, count=1) + blank + rest if _STARTS.match(first) else first + blank + rest
