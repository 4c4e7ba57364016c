"""Spreadsheets: all text goes out and comes back; what a spreadsheet may have changed is refused with its cell."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.formats.spreadsheets import read_sheet, read_xlsx, write_xlsx
from buffycoat.formats.tables import Column, Kind

NAME, COUNT = Column(name="name"), Column(name="count", kind=Kind.INTEGER)
NASTY = (
    "",
    "'",
    "=1+1",
    "{=A1}",
    "-1",
    "@x",
    "#N/A",
    "#REF!",
    "5-4",
    "1E5",
    "TRUE",
    " x ",
    "  ",
    "a\r\nb",
    "\r",
    "\n",
    "\x0b\x00",
    "_x000D_",
    "_x005F_x000D_",
    "لام ۱",
    "\ufffe",
    "😀",
)
TEXT = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=("Cs",)), max_size=10)
ROWS = st.lists(
    st.fixed_dictionaries({"name": TEXT, "count": st.none() | st.integers(-(2**63), 2**63 - 1)})
    | st.fixed_dictionaries({"name": st.none(), "count": st.integers(-5, 5)}),
    max_size=4,
)


def typed(*rows: list[object]) -> bytes:
    """A spreadsheet as a person types it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_rows_come_back_and_are_the_same_bytes_each_time(rows):
    written = write_xlsx(rows, [NAME, COUNT])
    assert read_xlsx(written, [NAME, COUNT]) == tuple(rows)
    assert write_xlsx(rows, [NAME, COUNT]) == written


def test_no_cell_is_a_formula_a_number_or_a_date_to_another_reader():
    written = write_xlsx([{"name": text, "count": -7} for text in NASTY], [NAME, COUNT])
    book = openpyxl.load_workbook(io.BytesIO(written))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert [cell.value for cell in book.active["B"]] == ["count", *["-7"] * len(NASTY)]
    assert book.active["A4"].value == "'=1+1"
    sheet = zipfile.ZipFile(io.BytesIO(written)).read("xl/worksheets/sheet1.xml")
    assert b"<f" not in sheet
    assert b"<v" not in sheet


def test_the_file_holds_no_date():
    with zipfile.ZipFile(io.BytesIO(write_xlsx([], [NAME]))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        parts = b"".join(archive.read(name) for name in archive.namelist())
    assert not re.search(rb"20\d\d-\d\d-\d\d", parts)
    assert b"openpyxl" not in parts.lower() or b"<Application>" in parts


def test_what_a_person_typed_is_taken_as_text():
    content = typed(
        ["count", "name", None], [5, 95821, None], [None, None], ["-3", True, ""], [None, "=x".replace("=", "'=")]
    )
    assert read_xlsx(content, [NAME, COUNT]) == (
        {"count": 5, "name": "95821"},
        {"count": -3, "name": "true"},
        {"count": None, "name": "=x"},
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            dt.date(2019, 5, 4),
            "t.xlsx, cell A2 holds a date, which a spreadsheet may have made of text: expected text, found 2019-05-04",
        ),
        (dt.time(5, 4), "cell A2 holds a date"),
        (dt.timedelta(hours=30), "cell A2 holds a date"),
        ("=1+1", "cell A2 holds a formula: expected text, found =1+1"),
        ("#N/A", "cell A2 holds an error: expected text, found #N/A"),
        (1.1, "cell A2 holds a number: expected text, or a whole number of up to 15 digits, found 1.1"),
        (10**15, "cell A2 holds a number"),
    ],
)
def test_what_a_spreadsheet_may_have_changed_is_refused_with_its_cell(found, said):
    with pytest.raises(UnreadableFormat) as caught:
        read_xlsx(typed(["name"], [found]), [NAME], name="t.xlsx")
    assert said in str(caught.value)
    assert caught.value.hint


def test_other_columns_and_values_are_refused():
    with pytest.raises(UnreadableFormat, match=r"t.xlsx, cell B3 stands under no header: expected 1 columns, .* 'x'"):
        read_xlsx(typed(["name"], ["a"], ["b", "x"]), [NAME], name="t.xlsx")
    with pytest.raises(UnreadableFormat, match=r"t.xlsx, line 2, count: no integer"):
        read_xlsx(typed(["count"], ["five"]), [COUNT], name="t.xlsx")
    with pytest.raises(UnreadableFormat, match="there is no column 'other'"):
        read_xlsx(typed(["other"], ["a"]), [NAME])
    with pytest.raises(UnreadableFormat, match="found an empty table"):
        read_xlsx(typed(), [NAME])


def test_no_spreadsheet_is_refused():
    good = write_xlsx([], [NAME])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    for content in (b"", b"name\na\n", good[: len(good) // 2], other.getvalue()):
        with pytest.raises(UnreadableFormat, match=r"t.xlsx cannot be read: expected a spreadsheet \(.xlsx\)"):
            read_xlsx(content, [NAME], name="t.xlsx")


def test_a_bomb_is_refused_from_its_list():
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sheet.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(260):
            part.write(bytes(2**20))
    with pytest.raises(UnreadableFormat, match="is too large: expected at most 268,435,456 bytes, found 272,629,760"):
        read_xlsx(bomb.getvalue(), [NAME])


def test_one_sheet_is_read_and_two_are_refused():
    book = openpyxl.load_workbook(io.BytesIO(typed(["name"], ["a"])))
    empty = book.create_sheet("notes")
    out = io.BytesIO()
    book.save(out)
    assert [row for _, row in read_sheet(out.getvalue(), name="t")] == [["name"], ["a"]]
    empty["C3"] = "x"
    book.save(out := io.BytesIO())
    with pytest.raises(UnreadableFormat, match="several sheets: expected one that holds something, found Sheet, notes"):
        list(read_sheet(out.getvalue(), name="t"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "x" * 32_768}, "row 1, name: the text is too long for a cell: expected at most 32,767 characters"),
        ({"name": "\x00" * 5_000}, "row 1, name: the text is too long for a cell"),
        ({"name": None}, "row 1 holds nothing"),
        ({"name": 1}, "row 1, name: no text"),
    ],
)
def test_what_no_sheet_can_hold_is_refused(row, said):
    with pytest.raises(InputError) as caught:
        write_xlsx([row], [NAME])
    assert said in str(caught.value)


@pytest.mark.parametrize("title", ["", "a/b", "a" * 32, "'a", "[a]"])
def test_a_name_that_no_sheet_may_have_is_refused(title):
    with pytest.raises(InputError, match="no name for a sheet"):
        write_xlsx([], [NAME], title=title)
