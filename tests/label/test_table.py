from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.errors import InvalidMetadata
from buffycoat.label import Answer, read_answers

HINT = "the table has the columns cell, label and, where measured, seconds"
C1 = Answer(cell="c1", word="Monocyte", seconds=2.5, line=2)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_table_is_read_as_spreadsheets_write_it(delimiter, mark, end):
    rows = ["cell,label,seconds", "c1,Monocyte,2.5", "c2,,", "c3, Small Lymph ,"]
    content = mark + end.join([*rows, ""]).replace(",", delimiter).encode()
    assert read_answers(content, name="a.csv") == (C1, Answer(cell="c3", word="Small Lymph", seconds=None, line=4))


def test_columns_stand_in_any_order_among_others_and_seconds_may_lack():
    assert read_answers(b"Note,Label,CELL\nhm,Monocyte,c1\n", name="a.csv") == (
        Answer(cell="c1", word="Monocyte", seconds=None, line=2),
    )


def test_half_filled_queue_and_empty_lines_are_fine():
    assert read_answers(b"cell,label,seconds\n\nc2,,\n,,\nc1,Monocyte,2.5\nc2,,oops\n", name="a.csv") == (
        Answer(cell="c1", word="Monocyte", seconds=2.5, line=5),
    )
    assert read_answers(b"cell,label,seconds\r\n", name="a.csv") == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.csv, line 1 lacks columns: expected cell and label, found an empty table"),
        (b"cell,seconds\nc1,2\n", "a.csv, line 1 lacks columns: expected label, found cell, seconds"),
        (
            b"cell,label,label\n",
            "a.csv, line 1: a column stands twice: expected each column once, found cell, label, label",
        ),
        (b"cell,label\nc1\n", "a.csv, line 2 is of another length: expected 2 columns, found 1"),
        (b"cell,label,seconds\nc1,Monocyte,1,5\n", "a.csv, line 2 is of another length: expected 3 columns, found 4"),
        (b"cell,label\n,Monocyte\n", "a.csv, line 2: a label without a cell: expected the id of a cell, found nothing"),
        (
            b"cell,label\nc1,A\nc2,B\nc1,A\n",
            "a.csv, line 4: a cell stands twice: expected each cell once, found c1, as in line 2",
        ),
        *(
            (
                f"cell;label;seconds\nc0;;\nc1;A;{word}\n".encode(),
                f"a.csv, line 3: not a time: expected seconds, 0 or more, such as 2.5, found {word!r}",
            )
            for word in ("nan", "inf", "-inf", "-1", "fast", "1,5", "1e999")
        ),
        (
            b'cell,label,note\nc1,A,"no end\nc2,B,\n',
            "a.csv, line 3 cannot be read: expected a table, found unexpected end of data",
        ),
        (
            "cell,label\nc1,Monocyté\n".encode("latin-1"),
            "a.csv, line 2: the table is not in UTF-8: expected UTF-8, with or without byte order mark, found byte E9",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(content, said):
    with pytest.raises(InvalidMetadata) as caught:
        read_answers(content, name="a.csv")
    assert str(caught.value) == said
    assert HINT in caught.value.hint
    assert "ingest" not in caught.value.hint


@given(st.binary(max_size=200) | st.text(alphabet='cel,;\t\n\r"ab0.\0', max_size=80).map(str.encode))
def test_any_bytes_are_answers_or_refused(content):
    for prefix in (b"", b"cell,label,seconds\n"):
        answers: tuple[Answer, ...] = ()
        with contextlib.suppress(InvalidMetadata):
            answers = read_answers(prefix + content, name="a.csv")
        assert len({answer.cell for answer in answers}) == len(answers)
        assert all(answer.cell and answer.word for answer in answers)


_WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


@given(st.dictionaries(_WORD, st.tuples(_WORD, st.none() | st.floats(0, 1e6))), st.sampled_from([",", ";", "\t"]))
def test_what_is_written_is_read(answers, delimiter):
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=delimiter)
    writer.writerow(("cell", "label", "seconds"))
    writer.writerows((cell, word, seconds) for cell, (word, seconds) in answers.items())
    read = read_answers(table.getvalue().encode(), name="a.csv")
    assert {answer.cell: (answer.word, answer.seconds) for answer in read} == answers
