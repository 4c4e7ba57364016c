"""The built-in set holds what it promises."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from buffycoat.domain.taxonomy import RAABIN
from buffycoat.errors import NotFound
from buffycoat.samples import FIELD_NAMES, draw_field, field
from buffycoat.samples.plans import PLANS
from buffycoat.samples.smears import _draw_smear


def _whole(smear):
    """Truth of each physical cell that is whole in a photograph."""
    return {cell.physical_id: cell.truth for f in smear.fields for cell in f.cells if not cell.cut}


def _setup(smears, letter):
    return [smear for smear in smears if smear.code.startswith(f"DRAWN-{letter}")]


def test_two_setups_of_three_and_two_smears_with_facts_of_their_own(smears):
    assert [smear.code for smear in smears] == ["DRAWN-A1", "DRAWN-A2", "DRAWN-A3", "DRAWN-B1", "DRAWN-B2"]
    assert len({smear.subject for smear in smears}) == 5
    assert [len({getattr(smear, fact) for smear in smears}) for fact in ("microscope", "camera")] == [2, 2]
    assert {smear.micrometres_per_pixel for smear in smears} == {0.125, 0.145}
    assert [len(smear.fields) for smear in smears] == [10, 10, 10, 8, 8]
    names = [f.name for smear in smears for f in smear.fields]
    assert len(set(names)) == len(names) == 46


def test_images_are_rgb_of_the_frame_of_their_setup(smears):
    for smear in smears:
        shape = (768, 1024, 3) if "-A" in smear.code else (896, 896, 3)
        for f in smear.fields:
            assert (f.image.shape, f.image.dtype) == (shape, np.uint8)
            assert f.image.flags["C_CONTIGUOUS"]


@pytest.mark.parametrize(("letter", "least"), [("A", 30), ("B", 14)])
def test_each_of_the_five_classes_is_there_often_enough(smears, letter, least):
    terms = [term for smear in _setup(smears, letter) for term in _whole(smear).values()]
    classes = Counter(name for term in terms if (name := RAABIN.roll_up(term, "five-class")))
    assert set(classes) == {"neutrophil", "lymphocyte", "monocyte", "eosinophil", "basophil"}
    assert min(classes.values()) >= least


def test_every_planned_cell_is_whole_in_a_photograph(smears):
    for smear, plan in zip(smears, PLANS, strict=True):
        assert Counter(_whole(smear).values()) == Counter(plan.cells)


def test_rare_terms_are_there(smears):
    terms = Counter(term for smear in smears for term in _whole(smear).values())
    rare = ["neutrophil.band", "neutrophil.metamyelocyte", "smudge", "erythroblast", "artifact", "megakaryocyte"]
    assert [terms[term] >= least for term, least in zip(rare, [8, 6, 6, 4, 6, 1], strict=True)] == [True] * 6
    assert all(RAABIN.term(term).key == term for term in terms)


def test_five_to_seven_elements_a_field(smears):
    counts = [sum(not cell.cut for cell in f.cells) for smear in smears for f in smear.fields]
    assert 5 <= np.mean(counts) <= 7.2
    assert min(counts) >= 3


def test_truth_boxes_lie_in_the_field_and_nuclei_in_cells(smears):
    for smear in smears:
        for f in smear.fields:
            height, width = f.image.shape[:2]
            for cell in f.cells:
                assert cell.extent.inside(width, height)
                if cell.nucleus is not None:
                    assert cell.nucleus.intersection(cell.extent) == cell.nucleus.area
                else:
                    assert cell.truth == "artifact" or cell.cut


def test_cells_have_the_size_of_their_kind(smears):
    def median(term):
        sides = [
            max(cell.extent.width, cell.extent.height) * smear.micrometres_per_pixel
            for smear in smears
            for f in smear.fields
            for cell in f.cells
            if cell.truth == term and not cell.cut
        ]
        return float(np.median(sides))

    assert 9 <= median("lymphocyte.small") <= 11
    assert 12 <= median("neutrophil.segmented") <= 15.5
    assert median("lymphocyte.small") < median("lymphocyte.large") < median("monocyte") < median("megakaryocyte")


def test_one_physical_cell_has_one_truth_and_lies_in_one_smear(smears):
    truths: dict[str, set[tuple[str, str]]] = {}
    for smear in smears:
        for f in smear.fields:
            assert len({cell.physical_id for cell in f.cells}) == len(f.cells)
            for cell in f.cells:
                truths.setdefault(cell.physical_id, set()).add((smear.code, cell.truth))
    assert {len(found) for found in truths.values()} == {1}


def test_each_smear_has_overlapping_photographs_with_known_repeats(smears):
    for smear in smears:
        whole = [{cell.physical_id for cell in f.cells if not cell.cut} for f in smear.fields]
        shared = [len(a & b) for i, a in enumerate(whole) for b in whole[i + 1 :]]
        assert sum(number >= 2 for number in shared) == (3 if smear.covered else 2)


def test_one_photograph_is_wholly_covered_by_another(smears):
    assert [len(smear.covered) for smear in smears] == [0, 1, 0, 0, 0]
    for smear in smears:
        seen = {f.name: {cell.physical_id for cell in f.cells} for f in smear.fields}
        whole = {f.name: {cell.physical_id for cell in f.cells if not cell.cut} for f in smear.fields}
        covered = {a for a in seen for b in whole if a != b and seen[a] < whole[b]}
        assert covered == set(smear.covered)
        assert all(len(seen[name]) >= 3 for name in smear.covered)


def test_same_seed_same_bytes(smears):
    sequences = np.random.SeedSequence(0).spawn(5)
    for number in (1, 3):
        smear, other = smears[number], _draw_smear(PLANS[number], sequences[number])
        for f, g in zip(smear.fields, other.fields, strict=True):
            assert f.image.tobytes() == g.image.tobytes()
            assert [(c.truth, c.physical_id, c.extent, c.nucleus, c.cut) for c in f.cells] == [
                (c.truth, c.physical_id, c.extent, c.nucleus, c.cut) for c in g.cells
            ]


def test_other_seed_other_bytes_and_the_same_promises(smears):
    other = _draw_smear(PLANS[3], np.random.SeedSequence(7).spawn(4)[3])
    for f, g in zip(smears[3].fields, other.fields, strict=True):
        assert f.image.tobytes() != g.image.tobytes()
    assert Counter(_whole(other).values()) == Counter(PLANS[3].cells)


def test_single_fields_show_each_main_term():
    main = ["basophil", "eosinophil", "lymphocyte.large", "lymphocyte.small", "monocyte", "neutrophil.segmented"]
    for name in FIELD_NAMES:
        sample = draw_field(name)
        assert sorted(cell.truth for cell in sample.cells if not cell.cut) == main
    assert FIELD_NAMES[0] == "giemsa-01"
    assert field().tobytes() == field("giemsa-01").tobytes() == draw_field().image.tobytes()


def test_unknown_field_is_refused_with_the_names():
    with pytest.raises(NotFound, match="giemsa-01"):
        field("giemsa-99")
