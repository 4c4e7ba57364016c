from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml

from buffycoat.domain.release import ReleaseAbout
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.errors import ReleaseIncomplete
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.citation import citation_cff
from buffycoat.publish.datasheet import NO_MEDICAL_DEVICE, datasheet
from buffycoat.publish.limits import limits

SECTIONS = [
    "Motivation",
    "Composition",
    "Collection",
    "Preprocessing and cleaning",
    "Labeling",
    "Splits",
    "Uses",
    "Distribution",
    "Maintenance",
    "Limits",
]
TABLES = {
    f"table-{number}": PrintedTable(title=f"T{number}", columns=("x",), rows=((1,),)) for number in (3, 4, 5, 6, 7)
}


@pytest.fixture
def page_of(make_contents):
    def write(**changes) -> str:
        return datasheet(
            make_contents(**changes),
            agreement=["Raw agreement 77.8 %."],
            warnings=["basophil: all cells (1) are from one film, s3"],
            tables=TABLES,
        )

    return write


def section(page: str, name: str) -> str:
    """Return one section of the page."""
    return re.split(r"^## ", page.split(f"\n## {name}\n")[1], flags=re.MULTILINE)[0]


def test_datasheet_has_every_section_and_every_table_once(page_of):
    page = page_of()
    assert page.startswith("# Small set, version 1.0\n\n")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == SECTIONS
    for table in TABLES.values():
        assert page.count(table.to_markdown().strip()) == 1
    assert page.endswith("\n")
    assert "\n\n\n" not in page
    assert "None" not in page


def test_datasheet_tells_what_lies_in_the_release(page_of):
    page = page_of()
    assert "11 cells, each a box in 4 photographs or one of 1 crop" in page
    assert "6 have a class at level five-class" in page
    assert "5 lie in the same photographs" in page
    assert "2 have masks" in page
    assert "standing between the experts: agreed or adjudicated; repeats left out." in page
    assert "1 person is told apart by number; the person is not known for 1 smear." in page
    assert "sex: female 2, unknown 1; age: 30-44 2, unknown 1; diagnosis of the laboratory: normal 3." in page
    assert "- age bands of 2 smears" in section(page, "Composition")
    assert "2 repeats were left out: of" in section(page, "Preprocessing and cleaning")
    assert "2 cells were taken out" in section(page, "Preprocessing and cleaning")
    assert "open 1, single 1, agreed 7, disputed 1, adjudicated 1" in section(page, "Labeling")
    assert "- Raw agreement 77.8 %." in section(page, "Labeling")
    assert "cell, by easy-gt: 2; nucleus, by easy-gt: 1." in section(page, "Labeling")
    assert "by hand (seed 7; whole smears go to one side)." in section(page, "Splits")
    assert "References: IR.1." in section(page, "Collection")
    assert "Olympus CX18 / Samsung Galaxy S5: 0.05 micrometers per pixel" in section(page, "Collection")
    assert "**License** CC-BY-4.0." in section(page, "Distribution")
    assert 'pandas.read_csv("FILE.csv")' in section(page, "Distribution")
    assert "COCO" in section(page, "Distribution")
    assert "YOLO" not in section(page, "Distribution")
    assert "zahra@example.org" in section(page, "Maintenance")
    assert "**Who made it?** Rezaei, Zahra; Example laboratory" in page
    assert "Zeiss / LG G3: scale unknown." in section(page, "Collection")
    assert "- basophil: all cells (1) are from one film, s3" in section(page, "Limits")


def test_datasheet_is_no_medical_device_and_begins_with_its_banners(page_of):
    page = page_of(simulated=True, leaks={"shared-films": 2})
    head = page.split("## Motivation")[0]
    assert head.index("Simulated: drawn smears") < head.index("This split leaks: shared films: 2.")
    assert head.index("This split leaks") < head.index(NO_MEDICAL_DEVICE)
    assert "This split leaks: shared films: 2." in section(page, "Splits")
    plain = page_of()
    assert NO_MEDICAL_DEVICE in plain.split("## Motivation")[0]
    assert "imulated" not in plain
    assert "No leak was found" in section(plain, "Splits")


def test_typed_text_cannot_change_the_page(page_of):
    about = ReleaseAbout(
        title="Set <script>alert(1)</script>\n# Two",
        terms_of_use="Read [this](javascript:x).",
        description="First.\n\n## Limits\n\n- item",
        contributors=("پژوهشگر",),
        ethics="**None**",
        citation="see https://example.org/a_b_c",
    )
    page = page_of(about=about, formats=("mine",))
    assert "<script>" not in page
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == SECTIONS
    assert len(re.findall(r"^# ", page, re.MULTILINE)) == 1
    assert "First.\n\n\\## Limits\n\n\\- item" in page
    assert "](javascript" not in page.replace("\\](javascript", "")
    assert "https://example.org/a_b_c" in page
    assert "پژوهشگر" in page
    assert "**License** None: the terms of use hold." in page
    assert "- mine: see the files of that name" in page


def test_tables_that_are_not_given_are_left_out(make_contents):
    page = datasheet(make_contents(), agreement=[], warnings=[], tables={})
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == SECTIONS
    assert "|---" not in page


def test_limits_name_empty_sides_missing_classes_and_the_constant_answer(make_contents):
    found = limits(make_contents())
    assert "test-A has no cells." in found
    assert "train has no cells of: basophil, eosinophil, monocyte." in found
    assert any(text.startswith("Always answering neutrophil is right for 66.7 % of test-B:") for text in found)
    assert not any("% of train" in text for text in found)
    assert any("not known for 1 of 3 smears" in text for text in found)
    assert any("one site only (Razi)" in text for text in found)
    assert any("one stain only (giemsa)" in text for text in found)
    assert not any("one set-up only" in text for text in found)
    assert not any("Cells of one smear" in text for text in found)
    plan = replace(make_contents().plan, unit="cell")
    assert any("Cells of one smear" in text for text in limits(make_contents(plan=plan)))
    assert any("agreed or adjudicated" in text for text in found)


def test_citation_file_is_read_back_word_for_word(make_contents):
    read = yaml.safe_load(citation_cff(make_contents()))
    assert read == {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": "If you use this data set, please cite it as: Rezaei, Small set, 2026.",
        "title": "Small set",
        "version": "1.0",
        "authors": [{"family-names": "Rezaei", "given-names": "Zahra"}, {"name": "Example laboratory"}],
        "license": "CC-BY-4.0",
        "contact": [{"name": "zahra@example.org", "email": "zahra@example.org"}],
    }


@pytest.mark.parametrize(
    "text",
    ["yes", "1.0", "a: b # c", '"quoted" \\ back', "زهرا 🩸", "x\u2028y\u0085z\x7f\ufeff", "- item", "{}", "\t@`%"],
)
def test_citation_file_escapes_what_yaml_would_read_otherwise(make_contents, text):
    about = ReleaseAbout(title=text, contributors=(text,), citation=text, terms_of_use=text, license="Ours: see terms")
    read = yaml.safe_load(citation_cff(make_contents(about=about, version=text)))
    plain = " ".join(text.split())
    assert read["title"] == read["version"] == read["authors"][0]["name"] == plain
    told = f"as: {plain} (License: Ours: see terms. Terms of use: {plain})"
    assert read["message"] == f"If you use this data set, please cite it {told}"
    assert "license" not in read


def test_citation_file_without_citation_or_terms_still_has_its_message(make_contents):
    read = yaml.safe_load(citation_cff(make_contents(about=ReleaseAbout(contributors=("A",)))))
    assert read["message"] == "If you use this data set, please cite it."
    assert read["title"] == "Release of blood cells"
    assert set(read) == {"cff-version", "type", "message", "title", "version", "authors"}


def test_citation_file_needs_a_contributor(make_contents):
    with pytest.raises(ReleaseIncomplete, match="no contributors"):
        citation_cff(make_contents(about=ReleaseAbout(contributors=(" ",))))


def test_taxonomy_of_the_example_is_the_shipped_one(make_contents):
    assert make_contents().taxonomy == RAABIN.reference
