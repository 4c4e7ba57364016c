"""Tables of data: what is written comes back, and no cell can act as a formula."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.formats.delimited import read_delimited
from buffycoat.formats.tables import Column, Kind, read_csv, read_parquet, write_csv, write_parquet

NAME, COUNT = Column(name="name"), Column(name="count", kind=Kind.INTEGER, unit="px", description="how many")
SIZE, SURE = Column(name="size", kind=Kind.NUMBER), Column(name="نام @ field", kind=Kind.BOOLEAN)
COLUMNS = (NAME, COUNT, SIZE, SURE)
NASTY = (
    "",
    "'",
    "''",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\n",
    "a\r\nb",
    '"',
    ',";',
    "لام ۱",
    "\x00",
    "\ufeff",
    "#N/A",
)
TEXT = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.none() | TEXT,
            "count": st.none() | st.integers(-(2**63), 2**63 - 1),
            "size": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "نام @ field": st.none() | st.booleans(),
        }
    ),
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_csv_comes_back_and_is_the_same_bytes_each_time(rows):
    written = write_csv(rows, COLUMNS)
    assert read_csv(written, COLUMNS) == tuple(rows)
    assert write_csv(rows, COLUMNS) == written


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_parquet_comes_back_and_is_the_same_bytes_each_time(rows):
    written = write_parquet(rows, COLUMNS)
    assert read_parquet(written, COLUMNS) == tuple(rows)
    assert write_parquet(rows, COLUMNS) == written


@settings(max_examples=100, deadline=None)
@given(st.lists(st.fixed_dictionaries({"name": st.none() | TEXT}), max_size=5))
def test_a_single_column_of_nothing_comes_back(rows):
    assert read_csv(write_csv(rows, [NAME]), [NAME]) == tuple(rows)


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_no_text_cell_begins_like_a_formula(text):
    _, (cell,) = csv.reader(io.StringIO(write_csv([{"name": text}], [NAME]).decode(), newline=""))
    assert cell
    assert cell[0] not in "=+-@\t\r＝＋－＠"


def test_missing_and_empty_are_kept_apart_and_numbers_are_plain():
    rows = [
        {"name": None, "count": -3, "size": 0.1, "نام @ field": True},
        {"name": "", "count": None, "size": -1e300, "نام @ field": None},
        {"name": "=cmd|' /C calc'!A0", "count": 0, "size": 2, "نام @ field": False},
    ]
    assert write_csv(rows, COLUMNS).decode() == (
        "name,count,size,نام @ field\n,-3,0.1,true\n',,-1e+300,\n'=cmd|' /C calc'!A0,0,2.0,false\n"
    )


def test_parquet_carries_kind_description_and_unit():
    table = pq.read_table(io.BytesIO(write_parquet([dict.fromkeys(("name", "count", "size", "نام @ field"))], COLUMNS)))
    assert table.schema.types == [pa.string(), pa.int64(), pa.float64(), pa.bool_()]
    assert table.schema.field("count").metadata == {b"unit": b"px", b"description": b"how many"}
    assert table.to_pylist() == [{"name": None, "count": None, "size": None, "نام @ field": None}]


def test_tables_that_people_saved_are_read():
    text = "\ufeffsize;count;name\r\n1.5;07;=typed by hand\r\n\r\n;;\r\n"
    assert read_csv(text.encode(), [NAME, COUNT, SIZE]) == (
        {"size": 1.5, "count": 7, "name": "=typed by hand"},
        {"size": None, "count": None, "name": None},
    )


def test_parquet_of_another_writer_is_read():
    table = pa.table({"count": pa.array([1, None], pa.int16()), "name": pa.array(["a", "b"]).dictionary_encode()})
    out = io.BytesIO()
    pq.write_table(table, out)
    assert read_parquet(out.getvalue(), [NAME, COUNT]) == ({"count": 1, "name": "a"}, {"count": None, "name": "b"})


@pytest.mark.parametrize(
    ("row", "columns", "said"),
    [
        ({"count": 1.5}, [COUNT], "row 1, count: no integer: expected a whole number of 64 bits, found 1.5"),
        ({"count": True}, [COUNT], "row 1, count: no integer"),
        ({"count": 2**63}, [COUNT], "a whole number of 64 bits"),
        ({"size": float("nan")}, [SIZE], "row 1, size: no number: expected a finite number of 64 bits, found nan"),
        ({"size": 2**53 + 1}, [SIZE], "a finite number"),
        ({"size": 10**400}, [SIZE], "row 1, size: no number"),
        ({"name": 5}, [NAME], "row 1, name: no text: expected text, found 5"),
        ({"name": "\ud800"}, [NAME], "row 1, name: no text"),
        ({}, [NAME], "row 1 lacks name"),
        ({"name": "a"}, [], "a table needs columns: expected each name once, found no column"),
        ({"name": "a"}, [NAME, NAME], "found name, name"),
    ],
)
@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_what_does_not_fit_is_refused_with_row_and_column(write, row, columns, said):
    with pytest.raises(InputError) as caught:
        write([row], columns)
    assert said in str(caught.value)


def test_text_that_no_reader_would_take_is_refused():
    with pytest.raises(InputError, match="row 2, name: the text is too long for a cell: expected at most 131,072 char"):
        write_csv([{"name": "a"}, {"name": "a" * 131_073}], [NAME])


@pytest.mark.parametrize("name", ["", " a", "a,b", "a\nb", "\ufeffa", 'a"'])
def test_a_header_that_could_not_be_read_again_is_refused(name):
    with pytest.raises(InputError, match="a column has a bad name"):
        Column(name=name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,count\na,1\nb,x\n", "t.csv, line 3, count: no integer: expected whole number, found 'x'"),
        ("name,count\na,۱\n".encode(), "line 2, count: no integer"),
        (b"name,count\na,1_0\n", "line 2, count: no integer"),
        (b"name,count\na,99999999999999999999\n", "line 2, count: no integer"),
        (b"name,count\na\n", "t.csv, line 2 is of another length: expected 2 columns, as in the first line, found 1"),
        (b'name,count\n"a,1\nb,2\n', "t.csv, line 3 cannot be read: expected a table"),
        (b"name,count\n\xff,1\n", "t.csv, line 2: the table is not in UTF-8"),
        (b"name\na\n", "line 1: the columns are not as they should be: expected name, count, found name"),
        (b"name,count,x\n", "line 1: there is no column 'x': expected name, count, found name, count, x"),
        (b"name,name\n", "found name, name"),
        (b"", "found an empty table"),
    ],
)
def test_a_table_that_is_wrong_says_where(content, said):
    with pytest.raises(UnreadableFormat) as caught:
        read_csv(content, [NAME, COUNT], name="t.csv")
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["nan", "inf", "1,5", "0x10", "1e9999"])
def test_numbers_are_spelled_with_a_point_or_refused(text):
    with pytest.raises(UnreadableFormat, match="line 2, size: no number: expected number with a point"):
        read_csv(f'size\n"{text}"\n'.encode(), [SIZE])


def test_parquet_that_is_wrong_says_so():
    good = write_parquet([{"name": "a"}], [NAME])
    for content in (b"", b"PAR1", good[:-9], b"name\na\n"):
        with pytest.raises(UnreadableFormat, match=r"t.parquet cannot be read: expected a Parquet table"):
            read_parquet(content, [NAME], name="t.parquet")
    with pytest.raises(UnreadableFormat, match="name is of another kind: expected integer, found string"):
        read_parquet(good, [Column(name="name", kind=Kind.INTEGER)])
    with pytest.raises(UnreadableFormat, match="there is no column 'name': expected count, found name"):
        read_parquet(good, [COUNT])


def test_a_column_may_have_a_name_that_looks_like_a_formula():
    columns = [Column(name="=a"), Column(name="'b"), Column(name="-")]
    written = write_csv([{"=a": "1", "'b": "2", "-": "3"}], columns)
    assert written == b"'=a,''b,'-\n1,2,3\n"
    assert read_csv(written, columns) == ({"=a": "1", "'b": "2", "-": "3"},)


def test_separator_is_that_of_the_first_line():
    assert [row for _, row in read_delimited(b"a\tb\n1,5\t2;5\n", name="t")] == [["a", "b"], ["1,5", "2;5"]]
