"""The whole-photograph rule end to end, on windows cut from real fields and photographed anew."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from buffycoat.clean.candidate import Candidate
from buffycoat.clean.covered import is_cut, settle
from buffycoat.clean.overlaps import find_overlaps, same_places
from buffycoat.clean.repeats import find_repeats
from buffycoat.detect.cells import find_cells
from buffycoat.domain.geometry import Box
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.crops import crop
from buffycoat.imaging.field_description import describe_field
from buffycoat.imaging.registration import thumbnail
from buffycoat.imaging.sharpness import sharpness

# Fields of BCCD with two white cells, and two with one; none overlaps another one of these. In 00313 what an edge
# leaves of the box of one cell lies half in the box of the other.
FIELDS = ("00010", "00031", "00034", "00043", "00044", "00065", "00070", "00113", "00195", "00313", "00001", "00340")
SIDE = 250


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    path = Path(__file__).parents[2] / "bench" / "rephotographed.py"
    spec = importlib.util.spec_from_file_location("rephotographed", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["rephotographed"] = module
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


def made_up(maker: ModuleType, data: Path, seed: int, *, fields: Sequence[str], count: int = 4) -> dict[str, tuple]:
    """Photographs by name, each with the name of its field."""
    rng = np.random.default_rng(seed)
    shots = {}
    for stem in fields:
        source = read_rgb(data / f"bccd/fields/images/BloodImage_{stem}.jpg")
        boxes = white_cells(data / f"bccd/fields/annotations_voc/BloodImage_{stem}.xml")
        high, wide = source.shape[:2]
        for number, window in enumerate(maker.windows(rng, wide, high, count)):
            shot = maker.rephotographed(source, boxes, window, rng, camera=maker.Camera())
            shots[f"{stem}-{number}"] = (stem, shot)
    return shots


def candidate(name: str, field: str, pixels: np.ndarray, extent: Box) -> Candidate:
    box = Box.around(*extent.center, SIDE)
    shown = crop(pixels, box)
    return Candidate(
        id=name,
        field_id=field,
        box=box,
        sharpness=sharpness(shown),
        average_hash=0,
        perceptual_hash=0,
        thumbnail=thumbnail(shown),
        extent=extent,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_no_cell_is_lost_that_was_there_before(maker: ModuleType, data: Path, seed: int):
    shots = made_up(maker, data, seed, fields=FIELDS[:9])
    rng = np.random.default_rng(seed + 100)
    truth, candidates, cut = {}, [], set()
    for name, (stem, shot) in shots.items():
        high, wide = shot.pixels.shape[:2]
        for number, extent in shot.cells:
            if rng.random() < 0.1:
                continue  # not found in this photograph
            key = f"{name}/{number}"
            truth[key] = f"{stem}/{number}"
            candidates.append(candidate(key, name, shot.pixels, extent))
            if is_cut(extent, wide, high):
                cut.add(key)
    overlaps = find_overlaps({name: describe_field(shot.pixels) for name, (_, shot) in shots.items()})
    assert all(shots[each.a][0] == shots[each.b][0] for each in overlaps)
    repeats = find_repeats(candidates, overlaps=overlaps)
    assert all(len({truth[member] for member in group}) == 1 for group in repeats.groups)
    settled = settle(candidates, repeats.groups, cut=cut)
    grouped = {member for group in repeats.groups for member in group}
    staying = {*settled.kept, *(each.id for each in candidates if each.id not in grouped)}
    field_of = {each.id: each.field_id for each in candidates}
    assert not any(field_of[name] in settled.covered for name in staying)
    assert {truth[name] for name in staying} == set(truth.values())
    # What was whole somewhere is whole in what stays.
    assert {truth[name] for name in staying - cut} == {truth[name] for name in truth.keys() - cut}
    # The rule does its work, and only where all cells live on.
    cells = {name: {truth[each.id] for each in candidates if each.field_id == name} for name in shots}
    assert all(cells[gone] <= cells[cover] for gone, cover in settled.covered.items())
    assert len(settled.covered) >= 8
    left = [name for name in shots if cells[name] and name not in settled.covered]
    assert len(staying) <= 1.15 * len(set(truth.values()))
    assert len(left) >= len({shots[name][0] for name in left})


def test_cells_at_one_place_are_found_though_an_edge_cuts_them(maker: ModuleType, data: Path):
    shots = made_up(maker, data, 3, fields=FIELDS[:6])
    overlaps = find_overlaps({name: describe_field(shot.pixels) for name, (_, shot) in shots.items()})
    right = wrong = missed = 0
    for each in overlaps:
        a, b = (shots[name][1].cells for name in (each.a, each.b))
        pairs = same_places(each, [extent for _, extent in a], [extent for _, extent in b])
        right += sum(a[i][0] == b[j][0] for i, j in pairs)
        wrong += sum(a[i][0] != b[j][0] for i, j in pairs)
        missed += len({number for number, _ in a} & {number for number, _ in b}) - len(pairs)
    assert wrong == 0
    assert right >= 20
    assert missed <= 0.05 * right


def test_overlaps_of_the_made_up_photographs_are_found(maker: ModuleType, data: Path):
    shots = made_up(maker, data, 4, fields=FIELDS[6:])
    found = {
        (each.a, each.b)
        for each in find_overlaps({name: describe_field(shot.pixels) for name, (_, shot) in shots.items()})
    }
    same = {pair for pair in combinations(sorted(shots), 2) if shots[pair[0]][0] == shots[pair[1]][0]}
    assert found <= same
    assert len(found) >= 0.9 * len(same)


def test_with_the_cells_that_the_room_finds_none_goes_that_has_no_other_picture(maker: ModuleType, data: Path):
    shots = made_up(maker, data, 5, fields=FIELDS[:4])
    candidates, cut = [], set()
    for name, (_, shot) in shots.items():
        high, wide = shot.pixels.shape[:2]
        for number, cell in enumerate(find_cells(shot.pixels, micrometres_per_pixel=0.082)):
            candidates.append(candidate(f"{name}/{number}", name, shot.pixels, cell.extent))
            if is_cut(cell.extent, wide, high):
                cut.add(f"{name}/{number}")
    overlaps = find_overlaps({name: describe_field(shot.pixels) for name, (_, shot) in shots.items()})
    repeats = find_repeats(candidates, overlaps=overlaps)
    settled = settle(candidates, repeats.groups, cut=cut)
    staying = {*settled.kept} | {each.id for each in candidates} - {
        member for group in repeats.groups for member in group
    }
    by_id = {each.id: each for each in candidates}
    assert settled.covered
    assert not any(by_id[name].field_id in settled.covered for name in staying)
    for each in candidates:
        # In the frame of the source, something that stays lies where each found cell lies.
        stem, shot = shots[each.field_id]
        place = shot.warp @ [*each.extent.center, 1]
        near = [
            np.hypot(*(shots[by_id[name].field_id][1].warp @ [*by_id[name].extent.center, 1] - place))
            for name in staying
            if shots[by_id[name].field_id][0] == stem
        ]
        assert min(near) < 60, each.id
