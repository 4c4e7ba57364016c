"""The table that an expert hands back: a cell, the answer, the seconds it took."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from typing import Final

from buffycoat.domain.value import value
from buffycoat.errors import InvalidMetadata

__all__ = ["Answer", "read_answers"]

_HINT: Final = "the table has the columns cell, label and, where measured, seconds"


@value
class Answer:
    """One row with an answer: the word as it stands there, the seconds where measured, and the line it ends on."""

    cell: str
    word: str
    seconds: float | None
    line: int


def read_answers(content: bytes, *, name: str) -> tuple[Answer, ...]:
    r"""Read a table of answers, columns separated by comma, semicolon or tab.

    Rows without a label are passed over, so a half-filled queue can be entered. Columns of other names are not read.

    Parameters
    ----------
    content : bytes
        The table in UTF-8, with or without byte order mark. Its first line names the columns ``cell``, ``label`` and,
        where measured, ``seconds``, in any order.
    name : str
        What to call the table in an error.

    Returns
    -------
    tuple of Answer
        In the order of the table. Neither cells nor words are looked up.

    Raises
    ------
    InvalidMetadata
        With line, what was expected and what was found.

    Examples
    --------
    >>> read_answers(b"cell;label;seconds\nc1;Monocyte;2.5\nc2;;\n", name="amina.csv")
    (Answer(cell='c1', word='Monocyte', seconds=2.5, line=2),)
    """
    rows = _rows(_decode(content, name), name)
    line, header = next(rows, (1, []))
    columns = _columns(header, f"{name}, line {line}")
    answers: dict[str, Answer] = {}
    for line, row in rows:
        where = f"{name}, line {line}"
        if len(row) != len(header):
            raise _wrong(f"{where} is of another length", f"{len(header)} columns", str(len(row)))
        cell, word = row[columns["cell"]], row[columns["label"]]
        if not word:
            continue
        if not cell:
            raise _wrong(f"{where}: a label without a cell", "the id of a cell", "nothing")
        if cell in answers:
            raise _wrong(f"{where}: a cell stands twice", "each cell once", f"{cell}, as in line {answers[cell].line}")
        measured = row[columns["seconds"]] if "seconds" in columns else ""
        answers[cell] = Answer(cell=cell, word=word, seconds=_seconds(measured, where), line=line)
    return tuple(answers.values())


def _wrong(what: str, expected: str, found: str) -> InvalidMetadata:
    return InvalidMetadata(what, expected=expected, found=found, hint=_HINT)


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidMetadata(
            f"{name}, line {line}: the table is not in UTF-8",
            expected="UTF-8, with or without byte order mark",
            found=f"byte {content[error.start]:02X}",
            hint=f"save it as `CSV UTF-8`; {_HINT}",
        ) from None


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, with the line on which each ends; spaces around words are dropped."""
    head = text.lstrip("\r\n").split("\n", 1)[0]
    # Strict: a quotation mark that is never closed would swallow the rows after it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        for row in reader:
            words = [word.strip() for word in row]
            if any(words):
                yield reader.line_num, words
    except csv.Error as error:
        raise _wrong(f"{name}, line {reader.line_num} cannot be read", "a table", str(error)) from error


def _columns(header: Sequence[str], where: str) -> dict[str, int]:
    """Return where the columns that are read stand."""
    names = [word.casefold() for word in header]
    found = ", ".join(header) or "an empty table"
    if missing := [wanted for wanted in ("cell", "label") if wanted not in names]:
        raise _wrong(f"{where} lacks columns", " and ".join(missing), found)
    columns: dict[str, int] = {
        wanted: names.index(wanted) for wanted in ("cell", "label", "seconds") if wanted in names
    }
    if any(names.count(wanted) > 1 for wanted in columns):
        raise _wrong(f"{where}: a column stands twice", "each column once", found)
    return columns


def _seconds(word: str, where: str) -> float | None:
    if not word:
        return None
    try:
        seconds = float(word)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise _wrong(f"{where}: not a time", "seconds, 0 or more, such as 2.5", repr(word))
    return seconds
