"""Repeats from the first photograph to what people rule on them: kept, listed, taken back, looked for across smears."""

from __future__ import annotations

import importlib.util
import io
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
from PIL import Image

from buffycoat.clean import CleanParameters
from buffycoat.domain.cell import CrossRepeat, Evidence, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Round
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.domain.smear import FieldOfView, Smear
from buffycoat.errors import Conflict, InputError, NotFound
from buffycoat.imaging.codecs import encode_jpeg, encode_png, read_rgb
from buffycoat.store.queries import CellFilter, covered_fields, current_cells, current_ids, current_repeats, newest_run
from buffycoat.workflows.across import find_across, list_across
from buffycoat.workflows.clean import clean_cells, clean_parameters
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.ingest import Record, ingest_photographs
from buffycoat.workflows.label import enter_labels, open_round
from buffycoat.workflows.repeats import list_repeats, pair_picture, rule_on
from buffycoat.workflows.workspace import open_workspace

# Red cells of BCCD are some 94 pixels wide.
SCALE = 0.08
# Fields of BCCD with two white cells, none of which overlaps another one.
FIELDS = ("00010", "00031", "00044", "00065", "00070", "00195")


@pytest.fixture
def demo_copy(demo_workspace, tmp_path):
    """A copy of the demo that may be written to."""
    shutil.copytree(demo_workspace, tmp_path / "demo")
    with open_workspace(tmp_path / "demo") as opened:
        yield opened


def kept_ids(workspace) -> set[str]:
    with workspace.database.reading() as transaction:
        return set(current_ids(transaction, CellFilter(kept=True)))


def repeats_of(workspace) -> dict[str, str]:
    """The kept cell of each one that is left out."""
    with workspace.database.reading() as transaction:
        return {each.cell_id: each.kept_id for each in current_repeats(transaction)}


def stem_of(field: FieldOfView) -> str:
    return Path(field.origin or "").stem


# ------------------------------------------------------------------ rulings


def test_apart_keeps_both_and_touches_no_other_cell(demo_copy):
    group = list_repeats(demo_copy)[0]
    kept, left_out = group.cells
    before, cells = repeats_of(demo_copy), kept_ids(demo_copy)
    assert left_out not in cells
    rule_on(demo_copy, left_out, kept, ruled=Ruled.APART, by=" amina ", reason="two nuclei")
    assert repeats_of(demo_copy) == {name: stays for name, stays in before.items() if name != left_out}
    assert kept_ids(demo_copy) == cells | {left_out}
    assert all(kept not in view.cells for view in list_repeats(demo_copy))
    with demo_copy.database.reading() as transaction:
        (ruling,) = transaction.find(RepeatRuling)
    assert (ruling.cell_id, ruling.other_id, ruling.by, ruling.reason) == (left_out, kept, "amina", "two nuclei")


def test_clean_after_a_ruling_has_nothing_to_do_and_undoes_nothing(demo_copy):
    group = list_repeats(demo_copy)[0]
    rule_on(demo_copy, *group.cells, ruled=Ruled.APART, by="amina")
    after = repeats_of(demo_copy)
    tally = clean_cells(demo_copy)
    assert (tally.done, tally.before, tally.refused) == (0, 5, [])
    assert repeats_of(demo_copy) == after


def test_measured_brings_back_what_was_there_with_its_evidence(demo_copy):
    before = list_repeats(demo_copy)
    kept, left_out = before[0].cells
    rule_on(demo_copy, kept, left_out, ruled=Ruled.APART, by="amina")
    rule_on(demo_copy, left_out, kept, ruled=Ruled.KEEP, by="reza")
    swapped = next(view for view in list_repeats(demo_copy) if kept in view.cells)
    assert swapped.cells == (left_out, kept)
    assert [ruling.by for ruling in swapped.rulings] == ["reza"]
    rule_on(demo_copy, kept, left_out, ruled=Ruled.MEASURED, by="amina")
    assert list_repeats(demo_copy) == before
    with demo_copy.database.reading() as transaction:
        assert len(transaction.find(RepeatRuling)) == 3, "nothing that was said is lost"


def test_together_joins_two_cells_that_nothing_measured_joined(demo_copy):
    grouped = {name for view in list_repeats(demo_copy) for name in view.cells}
    with demo_copy.database.reading() as transaction:
        (smear,) = transaction.find(Smear, code="DRAWN-A1")
        cells = current_cells(transaction, CellFilter(smear_id=smear.id, kept=True))[1]
    one, other = [cell.id for cell in cells if cell.id not in grouped][:2]
    rule_on(demo_copy, one, other, ruled=Ruled.TOGETHER, by="amina")
    view = next(view for view in list_repeats(demo_copy, smear="DRAWN-A1") if one in view.cells)
    assert set(view.cells) == {one, other}
    (edge,) = view.edges
    assert (edge.evidence, edge.correlation, edge.warp) == (None, None, None)
    assert [ruling.ruled for ruling in view.rulings] == [Ruled.TOGETHER]
    # Without a map there is nothing to lay upon one another: the two crops alone are shown.
    with Image.open(io.BytesIO(pair_picture(demo_copy, one, other))) as picture:
        assert picture.size == (484, 240)


def test_a_ruling_cleans_its_smear_in_the_way_it_was_cleaned_last(demo_copy):
    clean_cells(demo_copy, parameters=clean_parameters("paper", average_bits=7, perceptual_bits=9))
    group = list_repeats(demo_copy)[0]
    rule_on(demo_copy, *group.cells[:2], ruled=Ruled.APART, by="amina")
    with demo_copy.database.reading() as transaction:
        (smear,) = transaction.find(Smear, code=group.smear)
        run = newest_run(transaction, "clean", smear.id)
        assert newest_run(transaction, "clean", "no such smear") is None
    assert run is not None
    assert [run.parameters[name] for name in ("method", "average_bits", "perceptual_bits")] == ["paper", 7, 9]


def test_verdicts_stand_again_after_cells_were_found_otherwise_and_back(demo_copy):
    before = list_repeats(demo_copy)
    detect_cells(demo_copy, side=150)
    detect_cells(demo_copy)
    assert list_repeats(demo_copy) == (), "cells were found since: nobody has compared them"
    kept, left_out = before[0].cells
    rule_on(demo_copy, kept, left_out, ruled=Ruled.MEASURED, by="amina")
    assert list_repeats(demo_copy) == tuple(view for view in before if view.smear == before[0].smear)


def test_bad_rulings_are_refused_and_leave_nothing(demo_copy):
    views = list_repeats(demo_copy)
    one, other = views[0].cells
    elsewhere = next(view for view in views if view.smear != views[0].smear)
    before = repeats_of(demo_copy)
    with pytest.raises(InputError, match="different smears") as wrong:
        rule_on(demo_copy, one, elsewhere.cells[0], ruled=Ruled.TOGETHER, by="amina")
    assert {views[0].smear, elsewhere.smear} == set(wrong.value.found.split(" and "))
    with pytest.raises(NotFound, match="no cell"):
        rule_on(demo_copy, one, "c0", ruled=Ruled.APART, by="amina")
    with pytest.raises(InputError, match="somebody"):
        rule_on(demo_copy, one, other, ruled=Ruled.APART, by="  ")
    with pytest.raises(Conflict):
        rule_on(demo_copy, one, one, ruled=Ruled.APART, by="amina")
    with pytest.raises(NotFound, match="no smear") as unknown:
        list_repeats(demo_copy, smear="DRAWN-Z")
    assert "DRAWN-A1" in (unknown.value.expected or "")
    with demo_copy.database.reading() as transaction:
        assert transaction.find(RepeatRuling) == []
    assert repeats_of(demo_copy) == before


def test_pictures_of_one_cell_that_were_called_differently_are_listed(demo_copy):
    """Both are labeled while they are ruled apart; taken back, the label of the repeat is still told."""
    assert list_repeats(demo_copy, differ=True) == ()
    differing, agreeing = list_repeats(demo_copy, smear="DRAWN-A2")[:2]
    for view in (differing, agreeing):
        rule_on(demo_copy, *view.cells, ruled=Ruled.APART, by="amina")
    campaign = open_round(demo_copy, name="second", experts=["amina"])
    said = dict.fromkeys(campaign.cells, "monocyte") | {differing.cells[0]: "basophil"}
    for view in (differing, agreeing):
        rule_on(demo_copy, *view.cells, ruled=Ruled.MEASURED, by="amina")
    assert list_repeats(demo_copy, differ=True) == (), "nothing of an open round is told"
    enter_labels(demo_copy, campaign, campaign.experts[0], [(cell, term, 1.0) for cell, term in said.items()])
    (found,) = list_repeats(demo_copy, differ=True)
    assert (found.smear, found.cells, found.terms) == ("DRAWN-A2", differing.cells, ("basophil", "monocyte"))
    other = next(view for view in list_repeats(demo_copy) if view.cells == agreeing.cells)
    assert (other.terms, other.differ) == (("monocyte", "monocyte"), False)


# ------------------------------------------------------------------ pictures


def test_picture_of_a_pair_lays_the_crops_upon_one_another(demo_workspace):
    with open_workspace(demo_workspace) as opened:
        views = list_repeats(opened)
        one, other = views[0].cells
        drawn = pair_picture(opened, one, other)
        assert pair_picture(opened, other, one) == drawn
        with Image.open(io.BytesIO(drawn)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (2 * 240 + 4, 2 * 240 + 4))
            shown = np.asarray(picture).astype(float)
        # Laid upon one another, the two are one: the second tile shows what the first does, where b is seen.
        middle = slice(80, 160)
        left, right = shown[middle, 80:160], shown[middle, 324:404]
        assert np.corrcoef(left.ravel(), right.ravel())[0, 1] > 0.95
        with pytest.raises(NotFound, match="nothing says"):
            pair_picture(opened, one, views[1].cells[0])
        with pytest.raises(NotFound, match="nothing says"):
            pair_picture(opened, one, one)
        with pytest.raises(NotFound, match="no cell"):
            pair_picture(opened, one, "c0")


# ------------------------------------------------------------------ pictures that people have worked on


def photograph(data: Path, stem: str) -> np.ndarray:
    return read_rgb(data / f"bccd/fields/images/BloodImage_{stem}.jpg")


def take_in(workspace, folder: Path, smear: str, **pictures: bytes) -> None:
    """Ingest pictures as photographs of a smear, and find their cells."""
    folder.mkdir()
    for name, content in pictures.items():
        (folder / f"{name}.{'jpg' if content.startswith(bytes([255, 216])) else 'png'}").write_bytes(content)
    tally = ingest_photographs(workspace, folder, record=Record(smear=smear, micrometres_per_pixel=SCALE)).tally
    assert (tally.done, tally.refused) == (len(pictures), [])
    assert detect_cells(workspace).refused == []


@pytest.fixture
def retaken(data, tmp_path):
    """A smear photographed a little out of focus, cleaned; and a function that takes the sharp photographs in."""
    fields = {stem: photograph(data, stem) for stem in FIELDS[:2]}
    soft = {f"soft{stem}": encode_png(cv2.GaussianBlur(image, (0, 0), 1.2)) for stem, image in fields.items()}
    with open_workspace(tmp_path / "w", create=True) as opened:
        take_in(opened, tmp_path / "first", "S", **soft)
        clean_cells(opened)
        assert repeats_of(opened) == {}
        assert len(kept_ids(opened)) >= 2

        def retake(workspace=opened) -> None:
            take_in(
                workspace,
                tmp_path / "later",
                "S",
                **{f"sharp{stem}": encode_png(each) for stem, each in fields.items()},
            )

        yield opened, retake


def test_the_sharper_picture_is_kept_where_nobody_has_worked_on_one(retaken):
    workspace, retake = retaken
    first = kept_ids(workspace)
    retake()
    clean_cells(workspace)
    assert first == repeats_of(workspace).keys()
    assert kept_ids(workspace).isdisjoint(first)


def test_a_picture_in_a_round_is_not_replaced_by_a_sharper_one_but_for_the_paper(retaken):
    workspace, retake = retaken
    campaign = open_round(workspace, name="spring", experts=["amina", "reza"])
    first = set(campaign.cells)
    assert first == kept_ids(workspace)
    retake()
    clean_cells(workspace)
    assert kept_ids(workspace) == first
    with workspace.database.reading() as transaction:
        names = {field.id: stem_of(field) for field in transaction.find(FieldOfView)}
        covered = covered_fields(transaction)
    assert all(names[gone].startswith("sharp") for gone in covered), "a photograph that people work on stays"
    clean_cells(workspace, parameters=CleanParameters(method="paper", average_bits=10, perceptual_bits=20))
    assert first == repeats_of(workspace).keys()
    with workspace.database.reading() as transaction:
        assert transaction.find(Round) == [campaign]


# ------------------------------------------------------------------ across smears


def test_smear_that_was_photographed_twice_under_two_codes_is_told_and_nothing_removed(data, tmp_path):
    fields = {stem: photograph(data, stem) for stem in FIELDS[:3]}
    with open_workspace(tmp_path / "w", create=True) as workspace:
        take_in(workspace, tmp_path / "one", "S-1", **{f"a{stem}": encode_png(each) for stem, each in fields.items()})
        again = ingest_photographs(workspace, tmp_path / "one", record=Record(smear="S-2", micrometres_per_pixel=SCALE))
        assert again.tally.done == 0, "the very same bytes are known, whatever smear they are said to be of"
        clean_cells(workspace)
        assert (find_across(workspace).done, list_across(workspace)) == (1, ())
        # Two of them again, saved otherwise and 4 pixels aside.
        two = {f"b{stem}": encode_jpeg(fields[stem][4:, 4:], quality=85) for stem in FIELDS[:2]}
        take_in(workspace, tmp_path / "two", "S-2", **two)
        clean_cells(workspace)
        kept = kept_ids(workspace)
        assert find_across(workspace).done == 1
        pairs = list_across(workspace)
        with workspace.database.reading() as transaction:
            cells = {cell.id: cell for cell in current_cells(transaction, CellFilter())[1]}
            stems = {field.id: stem_of(field)[1:] for field in transaction.find(FieldOfView)}
        shown = {name: stems[cell.field_id] for name, cell in cells.items()}
        assert {frozenset((one, other)) for one, other, _ in pairs} == {frozenset(("S-1", "S-2"))}
        assert all(shown[edge.a] == shown[edge.b] for _, _, edge in pairs)
        second = {name for name in cells if stems[cells[name].field_id] in FIELDS[:2]}
        assert {name for _, _, edge in pairs for name in (edge.a, edge.b)} == second, "each cell of both is told"
        assert 2 * len(pairs) == len(second) >= 8
        assert all(edge.evidence is Evidence.REGISTRATION and edge.correlation > 0.9 for _, _, edge in pairs)
        # Nothing is removed for it, and there is a picture to look at.
        assert kept_ids(workspace) == kept == cells.keys()
        with Image.open(io.BytesIO(pair_picture(workspace, pairs[0][2].a, pairs[0][2].b))) as picture:
            assert picture.size == (484, 484)
        with pytest.raises(InputError, match="different smears"):
            rule_on(workspace, pairs[0][2].a, pairs[0][2].b, ruled=Ruled.TOGETHER, by="amina")
        # The second call does nothing.
        tally = find_across(workspace)
        assert (tally.done, tally.before) == (0, 1)
        assert list_across(workspace) == pairs
        with workspace.database.reading() as transaction:
            assert transaction.count(CrossRepeat) == len(pairs)
        # With another smear beside them, all is as it was, each pair once.
        take_in(workspace, tmp_path / "three", "S-3", c=encode_png(photograph(data, FIELDS[4])))
        clean_cells(workspace)
        assert find_across(workspace).done == 1
        assert [(one, other, edge.a, edge.b) for one, other, edge in list_across(workspace)] == [
            (one, other, edge.a, edge.b) for one, other, edge in pairs
        ]


# ------------------------------------------------------------------ the whole-photograph rule, end to end


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    path = Path(__file__).parents[2] / "bench" / "rephotographed.py"
    spec = importlib.util.spec_from_file_location("rephotographed_end_to_end", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def white_cells(path: Path) -> list[Box]:
    boxes = []
    for cell in ET.parse(path).iter("object"):
        if cell.findtext("name") == "WBC":
            left, top, right, bottom = (
                int(cell.findtext(f"bndbox/{side}") or 0) for side in ("xmin", "ymin", "xmax", "ymax")
            )
            boxes.append(Box(left=left, top=top, right=right, bottom=bottom))
    return boxes


def test_no_cell_is_lost_from_the_database_that_was_in_it_before(maker, data, tmp_path):
    """Windows of real fields, photographed anew, taken the whole way: ingest, detect, clean."""
    rng = np.random.default_rng(11)
    shots = {}
    for stem in FIELDS:
        source = photograph(data, stem)
        boxes = white_cells(data / f"bccd/fields/annotations_voc/BloodImage_{stem}.xml")
        for number, window in enumerate(maker.windows(rng, 640, 480, 4)):
            shots[f"{stem}-{number}"] = maker.rephotographed(source, boxes, window, rng, camera=maker.Camera())
    with open_workspace(tmp_path / "w", create=True) as workspace:
        take_in(workspace, tmp_path / "p", "S", **{name: encode_png(shot.pixels) for name, shot in shots.items()})
        with workspace.database.reading() as transaction:
            cells = {cell.id: cell for cell in current_cells(transaction, CellFilter())[1]}
            names = {field.id: stem_of(field) for field in transaction.find(FieldOfView)}
        assert kept_ids(workspace) == cells.keys(), "all are in the database before"
        truth: dict[str, str] = {}
        for cell in cells.values():
            assert cell.found_by is FoundBy.COLOR_FILTER
            name = names[cell.field_id]
            for number, extent in shots[name].cells:
                if extent.intersection(cell.extent) >= 0.5 * min(extent.area, cell.extent.area):
                    truth[cell.id] = f"{name.partition('-')[0]}/{number}"
        before = set(truth.values())
        assert len(before) >= 10, "most of the twelve cells are found in some photograph"
        assert len(truth) >= 0.9 * len(cells), "few are found that are none"

        assert clean_cells(workspace).done == 1
        kept = kept_ids(workspace)
        with workspace.database.reading() as transaction:
            covered = covered_fields(transaction)
        assert {truth[name] for name in kept if name in truth} == before, "every cell has a picture still"
        assert {cells[name].field_id for name in kept}.isdisjoint(covered), "no kept picture lies in what goes"
        wrong = [(name, stays) for name, stays in repeats_of(workspace).items() if truth.get(name) != truth.get(stays)]
        assert wrong == [], "no two cells are made one"
        # The rule does its work: photographs go, each for one of the same field.
        assert len(covered) >= len(FIELDS)
        assert all(names[gone].partition("-")[0] == names[by].partition("-")[0] for gone, by in covered.items())
        assert len(kept & truth.keys()) <= 1.25 * len(before)


def test_thresholds_of_the_paper_may_be_given_one_by_one():
    usual = CleanParameters(method="paper")
    assert clean_parameters("paper", average_bits=3) == replace(usual, average_bits=3)
    assert clean_parameters("paper", perceptual_bits=3) == replace(usual, perceptual_bits=3)
    assert clean_parameters() == CleanParameters()
    with pytest.raises(InputError, match="no such method"):
        clean_parameters("by hand")
