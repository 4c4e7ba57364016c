from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.smear import AgeBand, Diagnosis, Sex, Stain
from buffycoat.errors import InvalidMetadata
from buffycoat.ingest import Record, read_metadata
from buffycoat.ingest.columns import _DIAGNOSES

FILES = ("a.jpg", "slide/b.jpg")
FULL = (
    "file,smear,stain,diagnosis,site,subject,sex,age_band,ethics,microscope,objective,camera,um_per_px,turns\n"
    "a.jpg,95-8-27-1,Giemsa,normal,Lab A,p7,F,30-44,IR.1,Olympus CX18,100x,Samsung Galaxy S5,0.06,0\n"
    "slide/b.jpg,95-8-27-2,May-Grünwald Giemsa,normal,Lab A,p8,male,90+,IR.1,Zeiss,100×,LG G3,,1\n"
)


def read(text: str, files: tuple[str, ...] = FILES, default: Record | None = None) -> dict[str, Record]:
    return dict(read_metadata(text.encode(), name="smears.csv", files=files, default=default))


def test_a_full_table() -> None:
    records = read(FULL)
    assert list(records) == list(FILES)
    assert records["a.jpg"] == Record(
        smear="95-8-27-1",
        stain=Stain.GIEMSA,
        diagnosis=Diagnosis.NORMAL,
        site="Lab A",
        subject="p7",
        sex=Sex.FEMALE,
        age_band=AgeBand.AGE_30_44,
        ethics_reference="IR.1",
        microscope="Olympus CX18",
        objective_magnification=100.0,
        camera="Samsung Galaxy S5",
        micrometres_per_pixel=0.06,
        quarter_turns=0,
    )
    second = records["slide/b.jpg"]
    assert (second.stain, second.age_band, second.quarter_turns) == (
        Stain.MAY_GRUNWALD_GIEMSA,
        AgeBand.AGE_90,
        1,
    )
    assert second.micrometres_per_pixel is None


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_however_a_spreadsheet_writes_it(mark: str, delimiter: str, line_end: str) -> None:
    text = mark + FULL.replace(",", delimiter).replace("\n", line_end) + line_end
    assert read(text) == read(FULL)


def test_what_is_empty_or_missing_comes_from_the_default() -> None:
    default = Record(ethics_reference="IR.1", stain=Stain.WRIGHT, microscope="Olympus", quarter_turns=3)
    records = read("Image,Staining\na.jpg,giemsa\nslide\\b.jpg,\n", default=default)
    assert records["a.jpg"].stain is Stain.GIEMSA
    assert records["slide/b.jpg"] == default
    assert read("file\na.jpg\nslide/b.jpg\n")["a.jpg"] == Record()


def test_a_name_is_the_same_however_its_accents_are_stored() -> None:
    stored = unicodedata.normalize("NFD", "café.jpg")
    assert list(read("file\ncafé.jpg\n", files=(stored,))) == [stored]


def test_quotes_and_persian() -> None:
    text = 'file,site\n"a.jpg","تهران, بیمارستان\nرازی"\nslide/b.jpg,Lab A\n'
    assert read(text)["a.jpg"].site == "تهران, بیمارستان\nرازی"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Normal", Diagnosis.NORMAL),
        ("Normal-eosinophilia", Diagnosis.NORMAL_EOSINOPHILIA),
        ("Normal-anemia", Diagnosis.NORMAL_ANEMIA),
        ("CML", Diagnosis.CHRONIC_MYELOID_LEUKEMIA),
        ("chronic myeloid leukemia", Diagnosis.CHRONIC_MYELOID_LEUKEMIA),
        ("Chronic myeloid leukaemia", Diagnosis.CHRONIC_MYELOID_LEUKEMIA),
        ("parasitic infection", Diagnosis.PARASITIC_INFECTION),
    ],
)
def test_diagnoses_are_read_however_they_are_written(word: str, meant: Diagnosis) -> None:
    record = read(f"file,Film Label\na.jpg,{word}\nslide/b.jpg,\n")
    assert record["a.jpg"].diagnosis is meant
    assert record["slide/b.jpg"].diagnosis is Diagnosis.UNKNOWN


def test_every_other_spelling_of_a_diagnosis_leads_to_a_word_of_the_list() -> None:
    assert set(_DIAGNOSES.values()) <= set(Diagnosis)


REFUSED = {
    "file,stain\na.jpg,blue\nslide/b.jpg,\n": ("line 2, column stain", "leishman", "'blue'"),
    "file,diagnosis\na.jpg,lymphom\nslide/b.jpg,\n": (
        "line 2, column diagnosis",
        "normal, normal-eosinophilia, normal-anemia, chronic-myeloid-leukemia",
        "'lymphom'",
    ),
    "file,diagnosis\na.jpg,Jane Roe\nslide/b.jpg,\n": ("column diagnosis", "other, unknown", "'Jane Roe'"),
    "file,objective\na.jpg,strong\nslide/b.jpg,\n": ("line 2, column objective", "positive number", "'strong'"),
    "file,um_per_px\na.jpg,-1\nslide/b.jpg,\n": ("line 2, column um_per_px", "positive number", "'-1'"),
    "file,um_per_px\na.jpg,inf\nslide/b.jpg,\n": ("column um_per_px", "positive number", "'inf'"),
    "file,turns\na.jpg,\nslide/b.jpg,90\n": ("line 3, column turns", "0, 1, 2 or 3", "'90'"),
    "file,sex\na.jpg,\n\nslide/b.jpg,x\n": ("line 4, column sex", "female, male", "'x'"),
    "file,age_band\na.jpg,34\nslide/b.jpg,\n": ("an exact age", "30-44", "found an age"),
    "file,age_band\na.jpg,93\nslide/b.jpg,\n": ("an exact age", "90+", "found an age"),
    "file,age_band\na.jpg,20-30\nslide/b.jpg,\n": ("column age_band", "18-29", "'20-30'"),
    "file,Age\na.jpg,34\n": ("exact age or date of birth", "age_band", "found Age"),
    "file,date of birth\na.jpg,1990\n": ("can identify a person", "0, 1-11, 12-17", "found date of birth"),
    "file,patient name\na.jpg,x\n": ("names a person", "pseudonym", "found patient name"),
    "file,stian\na.jpg,x\n": ("did you mean stain?", "file, smear, stain", "'stian'"),
    "file,xyz\na.jpg,x\n": ("line 1: no column 'xyz'", "um_per_px, turns", "'xyz'"),
    "file,stain,Staining\na.jpg,x,x\n": ("a column stands twice", "each column once", "stain"),
    "smear,stain\nS1,giemsa\n": ("no column file", "name of the photograph", "smear, stain"),
    "": ("no column", "file", ""),
    "file\na.jpg\nslide/b.jpg\na.jpg\n": ("line 4, column file", "each file once", "stands in line 2 too"),
    "file\na.jpg\nslide/c.jpg\n": ("line 3, column file: no such photograph", "'slide/b.jpg'?", "'slide/c.jpg'"),
    "file\na.jpg\n": ("does not describe every photograph", "2 rows", "no row for slide/b.jpg"),
    "file,stain\na.jpg\nslide/b.jpg,\n": ("line 2 is of another length", "2 cells", "found 1"),
    "file,smear,stain\na.jpg,S1,giemsa\nslide/b.jpg,S1,wright\n": (
        "line 3: smear S1 has two values of stain",
        "giemsa, as in line 2",
        "found wright",
    ),
    'file\n"a.jpg' + "x" * 200_000: ("line 2 cannot be read", "a table", "field limit"),
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_refused_with_line_and_column(text: str) -> None:
    what, expected, found = REFUSED[text]
    with pytest.raises(InvalidMetadata) as caught:
        read(text)
    assert str(caught.value).startswith("smears.csv")
    assert what in caught.value.what
    assert expected in caught.value.expected
    assert found in str(caught.value)
    assert caught.value.hint


def test_an_exact_age_is_not_repeated() -> None:
    with pytest.raises(InvalidMetadata) as caught:
        read("file,age_band\na.jpg,77\nslide/b.jpg,\n")
    assert "77" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16"])
def test_another_encoding_is_refused(encoding: str) -> None:
    text = "file,diagnosis\na.jpg,طبیعی\nslide/b.jpg,\n".replace("ی", "ي")
    with pytest.raises(InvalidMetadata, match=r"line \d: the table is not in UTF-8") as caught:
        read_metadata(text.encode(encoding), name="smears.csv", files=FILES)
    assert "CSV UTF-8" in caught.value.hint


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(InvalidMetadata):
        read_metadata(b"\n" + content, name="smears.csv", files=["no such name \U0001f52c"])


def test_many_rows_are_read_quickly() -> None:
    files = tuple(f"{number}.jpg" for number in range(20_000))
    text = "file,smear,stain\n" + "".join(f"{file},S{number % 70},giemsa\n" for number, file in enumerate(files))
    assert len(read(text, files=files)) == 20_000
