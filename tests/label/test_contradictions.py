from __future__ import annotations

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.taxonomy import FULL, RAABIN
from buffycoat.errors import UnknownTerm
from buffycoat.label import ContradictionKind, FiledCell, find_contradictions

FIVE = "five-class"
ANSWER = st.sampled_from(["lymphocyte.small", "lymphocyte.large", "monocyte", "neutrophil.band", "not-recognized"])
FILED = st.sampled_from(["neutrophil", "lymphocyte", "monocyte"])


def filed(cell, as_what, *answers):
    return FiledCell(cell=cell, filed=as_what, answers=answers)


TWO = ["95-8-10-1_1205_1", "95-8-10-1_742_1"]  # named in PROVENANCE.md of raabin_crops


def test_of_the_crops_at_hand_one_contradicts_both_experts(data):
    with (data / "raabin_crops" / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [
        FiledCell(
            cell=row["file"].removesuffix(".jpg"),
            filed=RAABIN.read(row["label"]).key,
            answers=tuple(RAABIN.read(word).key for word in (row["label1"], row["label2"]) if word),
        )
        for row in rows
    ]
    assert sum(len(cell.answers) == 2 for cell in cells) == 266
    findings = find_contradictions(cells, taxonomy=RAABIN, level=FIVE)
    # of the two, 95-8-10-1_742_1 is not among the 350 crops
    assert [finding.cell for finding in findings] == [name for name in TWO if name in {cell.cell for cell in cells}]
    assert [finding.cell for finding in findings] == TWO[:1]
    assert findings[0].kind is ContradictionKind.ALL_CONTRADICT
    assert findings[0].words == "filed as monocyte, but both experts say large lymphocyte"


@pytest.fixture(scope="module")
def released(data, raabin):
    """The released crops of four classes, each with what both experts say in the label files."""
    answers = {name: [one, other] for name, _, one, other in zip(*raabin, strict=True)}
    classes = {"LY": "lymphocyte", "MO": "monocyte", "EO": "eosinophil", "BA": "basophil"}
    with (data / "raabin_json" / "crop_index_leukopy.csv").open(newline="") as file:
        rows = [(row["file"].removesuffix(".jpg"), classes[row["label"]]) for row in csv.DictReader(file)]
    return [filed(name, as_what, *filter(None, answers.get(name, ()))) for name, as_what in rows]


def test_released_crops_that_contradict_both_experts(released):
    findings = find_contradictions(released, taxonomy=RAABIN, level=FIVE)
    against = [finding for finding in findings if finding.kind is ContradictionKind.ALL_CONTRADICT]
    assert set(TWO) <= {finding.cell for finding in against}
    # by hand in PROVENANCE.md: 21 of 758, 12 of 3,356 and 8 of 1,046
    read = Counter(cell.filed for cell in released if cell.answers)
    assert read == {"lymphocyte": 3356, "eosinophil": 1046, "monocyte": 758}
    assert Counter((finding.filed, finding.answers[0]) for finding in against) == {
        ("monocyte", "lymphocyte.large"): 21,
        ("monocyte", "lymphocyte.small"): 1,
        ("monocyte", "neutrophil.segmented"): 1,
        ("lymphocyte", "monocyte"): 12,
        ("eosinophil", "neutrophil.segmented"): 8,
    }
    assert len(findings) == len(against) == 43


@pytest.mark.parametrize(
    ("cell", "kind", "words"),
    [
        (filed("c", "lymphocyte", "lymphocyte.small", "lymphocyte.large"), None, ""),
        (filed("c", "neutrophil", "neutrophil.segmented", "neutrophil.segmented"), None, ""),
        (filed("c", "monocyte"), None, ""),
        (
            filed("c", "neutrophil", "neutrophil.band", "neutrophil.band"),
            ContradictionKind.ALL_CONTRADICT,
            "filed as neutrophil, but both experts say band neutrophil",
        ),
        (
            filed("c", "monocyte", "lymphocyte.small", "lymphocyte.large"),
            ContradictionKind.ALL_CONTRADICT,
            "filed as monocyte, but both experts say small lymphocyte and large lymphocyte",
        ),
        (
            filed("c", "monocyte", "smudge", "smudge", "smudge"),
            ContradictionKind.ALL_CONTRADICT,
            "filed as monocyte, but all 3 experts say smudge cell",
        ),
        (
            filed("c", "monocyte", "smudge", "lymphocyte.large"),
            ContradictionKind.NONE_MATCHES,
            "filed as monocyte, but the experts differ: smudge cell against large lymphocyte",
        ),
        (
            filed("c", "monocyte", "smudge"),
            ContradictionKind.ONLY_ANSWER,
            "filed as monocyte, but the only expert says smudge cell",
        ),
        (
            filed("c", "monocyte", "monocyte", "lymphocyte.large"),
            ContradictionKind.ONE_CONTRADICTS,
            "filed as monocyte, but one expert says large lymphocyte",
        ),
        (
            filed("c", "monocyte", "smudge", "monocyte", "artifact"),
            ContradictionKind.ONE_CONTRADICTS,
            "filed as monocyte, but 2 experts say smudge cell and artifact",
        ),
    ],
)
def test_contradictions_by_hand(cell, kind, words):
    findings = find_contradictions([cell], taxonomy=RAABIN, level=FIVE)
    assert [(finding.kind, finding.words) for finding in findings] == ([] if kind is None else [(kind, words)])


def test_without_a_level_a_folder_holds_all_that_is_below_it():
    cells = [
        filed("c1", "neutrophil", "neutrophil.band", "neutrophil.segmented"),
        filed("c2", "lymphocyte.small", "lymphocyte.large", "lymphocyte.large"),
        filed("c3", "leukocyte", "lymphocyte.large", "monocyte"),
    ]
    assert [finding.cell for finding in find_contradictions(cells, taxonomy=RAABIN, level=FULL)] == ["c2"]
    # at the level the folder is a class of it, and bands are outside
    found = find_contradictions(cells, taxonomy=RAABIN, level=FIVE)
    assert [(finding.cell, finding.kind) for finding in found] == [("c1", ContradictionKind.ONE_CONTRADICTS)]


def test_the_worst_stand_first():
    cells = [
        filed("c4", "monocyte", "monocyte", "smudge"),
        filed("c3", "monocyte", "smudge"),
        filed("c2", "monocyte", "smudge", "artifact"),
        filed("c1", "monocyte", "smudge", "smudge"),
        filed("c0", "neutrophil", "smudge", "smudge"),
    ]
    found = [finding.cell for finding in find_contradictions(cells, taxonomy=RAABIN, level=FIVE)]
    assert found == ["c1", "c0", "c2", "c3", "c4"]


def test_a_word_that_is_no_term_is_refused():
    for cell in (filed("c", "Monocyt", "monocyte"), filed("c", "monocyte", "monocyt")):
        with pytest.raises(UnknownTerm, match="monocyte"):
            find_contradictions([cell], taxonomy=RAABIN, level=FIVE)


@given(st.lists(st.tuples(FILED, st.lists(ANSWER, max_size=3)), max_size=12))
def test_findings_are_exactly_the_cells_with_an_answer_of_another_class(drawn):
    cells = [filed(f"c{n}", as_what, *answers) for n, (as_what, answers) in enumerate(drawn)]
    found = {finding.cell: finding for finding in find_contradictions(cells, taxonomy=RAABIN, level=FIVE)}
    for cell in cells:
        fits = [RAABIN.roll_up(answer, FIVE) == cell.filed for answer in cell.answers]
        assert (cell.cell in found) == (not all(fits))
        if cell.cell in found:
            assert (found[cell.cell].kind is ContradictionKind.ONE_CONTRADICTS) == any(fits)
    assert find_contradictions(reversed(cells), taxonomy=RAABIN, level=FIVE) == tuple(found.values())
