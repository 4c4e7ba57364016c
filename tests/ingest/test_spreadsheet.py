from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from buffycoat.domain.smear import (
    AgeBand,
    Capture,
    Diagnosis,
    Exif,
    FieldOfView,
    ScaleSource,
    Sex,
    Smear,
    Stain,
)
from buffycoat.errors import InvalidMetadata, UnreadableFormat
from buffycoat.ingest import Record, read_metadata
from buffycoat.ingest.columns import COLUMNS
from buffycoat.ingest.spreadsheet import metadata_rows, metadata_table, smear_corrections, table_corrections

SMEARS = {
    "s1": Smear(
        id="s1",
        code="95-8-27-1",
        stain=Stain.GIEMSA,
        diagnosis=Diagnosis.NORMAL_EOSINOPHILIA,
        site="آزمایشگاه رازی",
        subject="=p7",
        sex=Sex.FEMALE,
        age_band=AgeBand.CHILD,
        ethics_reference="IR.TUMS.1398.1",
    ),
    "s2": Smear(id="s2", code="-2"),
}
CAPTURES = {
    "c1": Capture(
        id="c1",
        microscope="Olympus CX18",
        objective_magnification=100.0,
        camera="Samsung Galaxy S5",
        micrometres_per_pixel=0.0612,
        scale_source=ScaleSource.TYPED,
        quarter_turns=1,
    ),
    "c2": Capture(id="c2"),
}
FIELD = FieldOfView(
    id="f1",
    smear_id="s1",
    capture_id="c1",
    received=None,
    digest=None,
    pixels=None,
    media_type=None,
    quarter_turns=1,
    width_px=None,
    height_px=None,
    red_cell_diameter_px=None,
    quality=None,
    exif=Exif(),
    icc_profile=None,
    stripped=(),
    origin="a.jpg",
    crop_only=False,
    ingested_at=datetime(2026, 1, 1, tzinfo=UTC),
    run_id="r",
)
FIELDS = (
    FIELD,
    replace(FIELD, id="f2", origin="b, c.jpg"),
    replace(FIELD, id="f3", origin="same.jpg", smear_id="s2", capture_id="c2"),
    replace(FIELD, id="f4", origin="same.jpg", smear_id="s2", capture_id="c2"),
    replace(FIELD, id="f5", origin=None, smear_id="s2", capture_id="c2"),
)
ROWS = metadata_rows(FIELDS, smears=SMEARS, captures=CAPTURES)


def back(content: bytes, name: str = "smears.xlsx") -> dict[str, dict[str, str | None]]:
    found = table_corrections(content, name=name, fields=FIELDS, smears=SMEARS, captures=CAPTURES)
    return {smear: dict(facts) for smear, facts in found.items()}


def changed(number: int, **cells: str | None) -> list[dict[str, str | None]]:
    return [{**row, **cells} if at == number else dict(row) for at, row in enumerate(ROWS)]


def test_a_row_a_photograph_in_the_columns_of_a_metadata_table():
    assert [list(row) for row in ROWS] == [[column.name for column in COLUMNS]] * 5
    assert [row["file"] for row in ROWS] == ["a.jpg", "b, c.jpg", "f3", "f4", "f5"]
    assert ROWS[0] == {
        "file": "a.jpg",
        "smear": "95-8-27-1",
        "stain": "giemsa",
        "diagnosis": "normal-eosinophilia",
        "site": "آزمایشگاه رازی",
        "subject": "=p7",
        "sex": "female",
        "age_band": "1-11",
        "ethics": "IR.TUMS.1398.1",
        "microscope": "Olympus CX18",
        "objective": "100",
        "camera": "Samsung Galaxy S5",
        "um_per_px": "0.0612",
        "turns": "1",
    }
    assert {name: cell for name, cell in ROWS[4].items() if cell} == {"file": "f5", "smear": "-2", "turns": "0"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_is_read_as_it_was_recorded(kind):
    read = read_metadata(metadata_table(ROWS, kind=kind), name=f"a.{kind}", files=[row["file"] for row in ROWS])
    assert read["b, c.jpg"] == Record(
        smear="95-8-27-1",
        stain=Stain.GIEMSA,
        diagnosis=Diagnosis.NORMAL_EOSINOPHILIA,
        site="آزمایشگاه رازی",
        subject="=p7",
        sex=Sex.FEMALE,
        age_band=AgeBand.CHILD,
        ethics_reference="IR.TUMS.1398.1",
        microscope="Olympus CX18",
        objective_magnification=100.0,
        camera="Samsung Galaxy S5",
        micrometres_per_pixel=0.0612,
        quarter_turns=1,
    )
    assert read["f4"] == Record(smear="-2")
    assert back(metadata_table(ROWS, kind=kind)) == {}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"stain": "Wright"}, {"stain": "wright"}),
        ({"diagnosis": "CML"}, {"diagnosis": "chronic-myeloid-leukemia"}),
        ({"subject": "p8"}, {"subject": "p8"}),
        ({"subject": None}, {"subject": None}),
        ({"sex": None}, {"sex": "unknown"}),
        ({"age_band": "12-17"}, {"age_band": "12-17"}),
        ({"ethics": "IR.2"}, {"ethics_reference": "IR.2"}),
    ],
)
def test_one_cell_changed_is_one_correction(kind, cells, expected):
    assert back(metadata_table(changed(1, **cells), kind=kind)) == {"s1": expected}


def test_a_cell_changed_by_hand_in_the_spreadsheet():
    book = load_workbook(io.BytesIO(metadata_table(ROWS)))
    [sheet] = book.worksheets
    column = [cell.value for cell in sheet[1]].index("age_band")
    assert sheet[2][column].value == "1-11"  # a spreadsheet would make a date of it, were it not text
    sheet[4][column].value = "45-59"
    out = io.BytesIO()
    book.save(out)
    assert back(out.getvalue()) == {"s2": {"age_band": "45-59"}}


def test_rows_and_columns_may_be_left_out():
    assert back(b"file;sex\nb, c.jpg;male\n", "a.csv") == {"s1": {"sex": "male"}}


def test_two_rows_of_a_smear_must_not_change_a_fact_to_two_values():
    rows = [{**row, "stain": stain} for row, stain in zip(ROWS, ["wright", "leishman", None, None, None], strict=True)]
    with pytest.raises(InvalidMetadata) as caught:
        back(metadata_table(rows))
    assert "smears.xlsx, line 3: stain of smear 95-8-27-1 is changed to two values" in caught.value.what
    assert (caught.value.expected, caught.value.found) == ("wright, as in line 2", "leishman")


@pytest.mark.parametrize(
    ("cells", "column", "hint"),
    [
        ({"smear": "95-8-27-2"}, "smear", "code and site are the name of a smear"),
        ({"site": "Lab B"}, "site", "code and site are the name of a smear"),
        ({"microscope": "Zeiss"}, "microscope", "corrected in the studio"),
        ({"objective": "40x"}, "objective", "corrected in the studio"),
        ({"camera": "LG G3"}, "camera", "corrected in the studio"),
        ({"um_per_px": "0.07"}, "um_per_px", "corrected in the studio"),
        ({"turns": "2"}, "turns", "corrected in the studio"),
    ],
)
def test_names_and_set_ups_stay_and_the_message_says_why(cells, column, hint):
    with pytest.raises(InvalidMetadata, match=rf"line 2, column {column}: a table cannot change it") as caught:
        back(metadata_table(changed(0, **cells)))
    assert hint in caught.value.hint
    assert caught.value.expected == ROWS[0][column]


@pytest.mark.parametrize(
    ("cells", "what", "expected"),
    [
        ({"stain": "blue"}, "line 2, column stain", "leishman"),
        ({"age_band": "34"}, "exact age", "30-44"),
        ({"sex": "x"}, "line 2, column sex", "female, male"),
        ({"file": "z.jpg"}, "line 2, column file: no such photograph", "a.jpg"),
        ({"file": "b, c.jpg"}, "line 3, column file: a file stands twice", "each file once"),
    ],
)
def test_what_cannot_be_is_refused_with_line_and_column(cells, what, expected):
    with pytest.raises(InvalidMetadata) as caught:
        back(metadata_table(changed(0, **cells)))
    assert what in caught.value.what
    assert expected in caught.value.expected


def test_what_a_spreadsheet_made_of_a_cell_is_refused():
    book = load_workbook(io.BytesIO(metadata_table(ROWS)))
    book.worksheets[0]["B3"].value = datetime(2016, 7, 20)  # noqa: DTZ001 (spreadsheets know no time zone)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(UnreadableFormat, match=r"cell B3 holds a date"):
        back(out.getvalue())
    with pytest.raises(UnreadableFormat, match=r"a\.xlsx cannot be read"):
        read_metadata(b"PK\x03\x04 no spreadsheet", name="a.xlsx", files=["a.jpg"])


def test_an_unknown_setup_does_not_contradict_an_empty_cell():
    row = {"file": "a.jpg", "smear": "7", "microscope": None, "turns": None, "sex": "f"}
    assert smear_corrections(Smear(id="s", code="7"), row, capture=CAPTURES["c1"]) == {"sex": "female"}


_words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cn", "Co")), min_size=1
)


@settings(max_examples=60, deadline=None)
@given(
    code=_words,
    subject=st.none() | _words,
    stain=st.sampled_from(Stain),
    diagnosis=st.sampled_from(Diagnosis),
    scale=st.none() | st.floats(1e-6, 1e6),
    kind=st.sampled_from(["csv", "xlsx"]),
)
def test_every_smear_goes_out_and_comes_back_unchanged(code, subject, stain, diagnosis, scale, kind):
    smear = Smear(id="s1", code=code, subject=subject, stain=stain, diagnosis=diagnosis)
    capture = Capture(id="c1", micrometres_per_pixel=scale)
    rows = metadata_rows([FIELD], smears={"s1": smear}, captures={"c1": capture})
    content = metadata_table(rows, kind=kind)
    [record] = read_metadata(content, name="a", files=["a.jpg"]).values()
    known = None if subject == "unknown" else subject
    assert (record.smear, record.subject, record.stain, record.diagnosis) == (code, known, stain, diagnosis)
    assert record.micrometres_per_pixel == scale
    assert table_corrections(content, name="a", fields=[FIELD], smears={"s1": smear}, captures={"c1": capture}) == {}
