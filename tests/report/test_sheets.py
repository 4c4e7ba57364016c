from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import cv2
import numpy as np
import pytest
from PIL import Image

from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, TooFew, WrongArray
from buffycoat.imaging.codecs import read_rgb
from buffycoat.imaging.sharpness import sharpness
from buffycoat.report.drawing import fitted, letter, line_height, lines_of, text_width
from buffycoat.report.repeats_sheet import by_sharpness
from buffycoat.report.sheets import (
    FigureSheet,
    MaskColumn,
    MaskSample,
    OverlapField,
    OverlapPair,
    RepeatGroup,
    RepeatPicture,
    masks_sheet,
    overlap_sheet,
    repeats_sheet,
)

BLUE, ORANGE, CYTOPLASM, GROUND, WHITE = (0, 90, 181), (213, 94, 0), (240, 150, 40), (240, 242, 243), (255, 255, 255)


def plain(height: int, width: int, level: int = 200) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


def pixels(sheet: FigureSheet) -> np.ndarray:
    """Return what the JPEG shows, after checking its size."""
    assert sheet.jpeg[:3] == b"\xff\xd8\xff"
    shown = np.asarray(Image.open(io.BytesIO(sheet.jpeg)))
    assert shown.shape == (sheet.height_px, sheet.width_px, 3)
    return shown


def near(shown: np.ndarray, x: int, y: int, color: tuple[int, int, int], off: int = 30) -> bool:
    return bool(np.abs(shown[y, x].astype(int) - color).max() <= off)


def inked(shown: np.ndarray) -> bool:
    """Say whether something dark is written there."""
    return bool((shown.min(axis=2) < 140).any())


def pair(**changes) -> OverlapPair:
    first = OverlapField(
        field_id="f1",
        picture=plain(300, 400),
        boxes=(Box(left=100, top=100, right=200, bottom=200), Box(left=250, top=200, right=350, bottom=290)),
    )
    second = OverlapField(
        field_id="f2", picture=plain(300, 400, 180), boxes=(Box(left=50, top=60, right=150, bottom=160),)
    )
    return OverlapPair(**{"first": first, "second": second, "shared": ((0, 0),), "removed": "f2"} | changes)


def test_overlap_sheet_boxes_cells_and_marks_the_removed_photograph():
    sheet = overlap_sheet([pair()], panel=800)
    shown = pixels(sheet)
    left, top, scale = 36, 36, 2
    assert sheet.width_px == 2 * 800 + 3 * 36
    assert near(shown, left + 20, top + 20, (200,) * 3)
    assert near(shown, left + 250 * scale + 50, top + 200 * scale + 1, BLUE)
    assert near(shown, left + 150 * scale, top + 100 * scale + 2, ORANGE)
    assert near(shown, left + 150 * scale, top + 150 * scale, (200,) * 3)
    assert near(shown, left + 400, top - 4, BLUE)
    other = left + 800 + 36
    assert near(shown, other + 20, top + 20, (180,) * 3)
    assert near(shown, other + 400, top - 4, ORANGE)
    assert near(shown, other + 100 * scale, top + 60 * scale + 2, ORANGE)
    assert inked(shown[top + 600 + 16 :, left : left + 300])
    assert "(a) f1, kept" in sheet.caption
    assert "(b) f2, removed: all of its cells lie in (a)" in sheet.caption


def test_both_boxes_of_a_shared_cell_bear_the_same_number():
    shown = pixels(overlap_sheet([pair()], panel=800))
    height = line_height(28) + 2
    width = text_width("1", 28) + 16
    tags = [
        shown[36 + 2 * top - height : 36 + 2 * top - 4, 36 + side * 836 + 2 * left : 36 + side * 836 + 2 * left + width]
        for side, left, top in ((0, 100, 100), (1, 50, 60))
    ]
    assert tags[0].mean() < 90
    assert np.abs(tags[0].astype(int) - tags[1]).mean() < 8


def test_common_region_is_dashed_where_the_shift_is_known():
    still = pixels(overlap_sheet([pair()], panel=400))
    moved = pixels(overlap_sheet([pair(shift=(-50.0, -40.0))], panel=400))
    changed = np.argwhere((np.abs(still.astype(int) - moved) > 60).any(axis=2))
    on_first = changed[changed[:, 1] < 36 + 400 + 10]
    assert abs(on_first[:, 1].min() - (36 + 50)) <= 3
    assert abs(on_first[:, 0].min() - (36 + 40)) <= 3
    on_second = changed[changed[:, 1] >= 36 + 400 + 30]
    assert abs(on_second[:, 1].max() - (36 + 400 + 36 + 350)) <= 3
    assert abs(on_second[:, 0].max() - (36 + 260)) <= 3


def test_overlap_sheet_grows_by_a_row_a_pair_and_says_when_none_is_removed():
    one, two = overlap_sheet([pair()], panel=200), overlap_sheet([pair(), pair(removed=None, shared=())], panel=200)
    assert two.height_px > one.height_px + 150
    assert two.width_px == one.width_px
    assert "(c) f1, kept, as both are; (d) f2, kept, as both are" in two.caption


def test_photographs_of_two_sizes_are_shown_at_one_scale_where_the_shift_is_known():
    second = OverlapField(
        field_id="f2", picture=plain(150, 200, 100), boxes=(Box(left=50, top=60, right=150, bottom=140),)
    )
    sheet = overlap_sheet([pair(second=second, shift=(0.0, 0.0))], panel=800)
    gray = (np.abs(pixels(sheet).astype(int) - 100).max(axis=2) < 12).any(axis=0)
    assert abs(np.flatnonzero(gray).max() - (2 * 36 + 800 + 400)) <= 6
    assert "Dashed: the region that both show." in sheet.caption
    assert "Dashed" not in overlap_sheet([pair()]).caption
    assert "Orange" not in overlap_sheet([pair(shared=(), removed=None)]).caption


def test_large_and_odd_photographs_fit_and_boxes_beyond_the_edge_stay_on_it():
    tall = OverlapField(
        field_id="f" * 200, picture=plain(5312, 2988), boxes=(Box(left=-200, top=5200, right=100, bottom=5500),)
    )
    sheet = overlap_sheet([pair(second=tall, removed=None)], panel=300)
    shown = pixels(sheet)
    assert sheet.height_px > 36 + 300
    assert near(shown, 36 + 300 + 18, 36 + 150, WHITE)
    assert (shown[:, -12:] > 240).all()


def test_overlap_sheet_refuses_what_does_not_belong_together():
    with pytest.raises(TooFew):
        overlap_sheet([])
    with pytest.raises(InputError, match="shared cell is no box of f2"):
        overlap_sheet([pair(shared=((1, 1),))])
    with pytest.raises(InputError, match="removed photograph is not of this pair"):
        overlap_sheet([pair(removed="f3")])
    with pytest.raises(InputError, match="too large for one sheet"):
        overlap_sheet([pair()] * 60)


def picture(name: str, number: float | None, level: int = 100) -> RepeatPicture:
    return RepeatPicture(cell_id=name, crop=plain(50, 50, level), sharpness=number)


def test_repeats_are_ordered_by_sharpness_with_the_kept_one_first():
    pictures = (picture("a", 1.0), picture("b", None), picture("d", 3.0), picture("c", 3.0), picture("e", 2.0))
    order = by_sharpness(RepeatGroup(pictures=pictures, kept="e"))
    assert [one.cell_id for one in order] == ["e", "c", "d", "a", "b"]
    with pytest.raises(InputError, match="kept picture is not in its group"):
        by_sharpness(RepeatGroup(pictures=pictures, kept="z"))


def test_repeats_sheet_lays_pictures_in_that_order_and_marks_the_kept_one():
    group = RepeatGroup(pictures=(picture("a", 1.0, 40), picture("b", 3.0, 90), picture("c", 2.0, 140)), kept="b")
    sheet = repeats_sheet([group], side=240)
    shown = pixels(sheet)
    top = 28 + line_height(24) + 12
    places = [28 + column * (240 + 28) for column in range(3)]
    assert [int(shown[top + 120, left + 120, 0]) for left in places] == pytest.approx([90, 140, 40], abs=3)
    assert near(shown, places[0] + 120, top - 3, BLUE)
    assert near(shown, places[1] + 120, top - 4, WHITE)
    for left in places:
        assert inked(shown[top + 240 + 12 :, left : left + 240])
    assert "(a) kept b, left out: c, a" in sheet.caption


def test_small_groups_share_a_row_and_long_ones_go_on_in_the_next():
    two = RepeatGroup(pictures=(picture("a", 2.0), picture("b", 1.0)), kept="a")
    eight = RepeatGroup(pictures=tuple(picture(f"c{n:024x}", 9.0 - n) for n in range(8)), kept=f"c{0:024x}")
    single, triple = repeats_sheet([two], side=100, columns=6), repeats_sheet([two] * 3, side=100, columns=6)
    assert triple.height_px == single.height_px
    assert triple.width_px > 2.5 * single.width_px
    long = repeats_sheet([two, eight], side=100, columns=6)
    assert long.width_px == triple.width_px
    assert long.height_px > single.height_px + 2 * 100
    assert (pixels(long)[:, -20:] > 240).all()
    with pytest.raises(TooFew):
        repeats_sheet([])


def sample(*, nucleus: bool = True, side: int = 60) -> MaskSample:
    y, x = np.mgrid[:side, :side]
    away = np.hypot(x - side / 2, y - side / 2)
    return MaskSample(crop=plain(side, side, 120), nucleus=away < side / 6 if nucleus else None, cell=away < side / 3)


def test_masks_sheet_colors_each_part_and_stripes_a_whole_cell():
    columns = [
        MaskColumn(title="neutrophil", samples=(sample(), sample())),
        MaskColumn(title="basophil", samples=(sample(nucleus=False),)),
    ]
    sheet = masks_sheet(columns, side=300)
    shown = pixels(sheet)
    left, top = 28, 28 + line_height(28) + 10
    below = top + 300 + 8
    assert sheet.width_px == 2 * (300 + 28) + 28
    assert near(shown, left + 150, top + 150, (120,) * 3)
    assert near(shown, left + 150, below + 150, BLUE)
    assert near(shown, left + 150, below + 150 + 75, CYTOPLASM)
    assert near(shown, left + 10, below + 10, GROUND)
    whole = shown[below + 120 : below + 180, 2 * 28 + 300 + 120 : 2 * 28 + 300 + 180].astype(int)
    assert np.ptp(whole.mean(axis=2)) > 80
    assert np.ptp(whole, axis=2).max() < 40
    second = below + 300 + 28
    assert near(shown, left + 150, second + 150, (120,) * 3)
    assert inked(shown[second : second + 40, 2 * 28 + 300 :])
    assert inked(shown[-60:, left:])
    assert "blue: nucleus; orange: cytoplasm; striped: whole cell, nucleus not traced" in sheet.caption
    assert "(a) neutrophil, (b) basophil" in sheet.caption


def test_masks_sheet_names_only_the_parts_that_it_shows():
    lone = MaskSample(crop=plain(60, 60), nucleus=sample().nucleus, cell=None)
    sheet = masks_sheet([MaskColumn(title="lymphocyte", samples=(lone,))])
    assert "blue: nucleus." in sheet.caption
    assert "cytoplasm" not in sheet.caption
    assert not (np.abs(pixels(sheet).astype(int) - CYTOPLASM).max(axis=2) < 20).any()


def test_persian_stands_in_the_caption_and_only_the_letter_in_the_picture():
    persian = masks_sheet([MaskColumn(title="نوتروفیل", samples=(sample(),))])
    assert "(a) نوتروفیل" in persian.caption
    bare = masks_sheet([MaskColumn(title="", samples=(sample(),))])
    assert persian.jpeg == bare.jpeg
    assert lines_of("لام-1", 20, 500) == ("???-1",)


def test_masks_sheet_refuses_masks_of_another_size_or_kind():
    good = sample()
    for bad in (np.zeros((60, 61), bool), np.zeros((60, 60), np.uint8)):
        broken = MaskSample(crop=good.crop, nucleus=None, cell=bad)
        with pytest.raises(WrongArray, match="a mask of class monocyte does not fit"):
            masks_sheet([MaskColumn(title="monocyte", samples=(broken,))])
    for nothing in ([], [MaskColumn(title="monocyte", samples=())]):
        with pytest.raises(TooFew):
            masks_sheet(nothing)


def test_lines_never_leave_their_width_and_lose_no_letter():
    text = "f0123456789abcdef01234567 sharpness WWWWWWWWWWWWWW i"
    for width in (40, 90, 240):
        lines = lines_of(text, 24, width)
        assert all(text_width(line, 24) <= width for line in lines)
        assert "".join("".join(lines).split()) == text.replace(" ", "")
    assert lines_of("  ", 24, 100) == ()
    assert [letter(number) for number in (0, 25, 26, 701, 702)] == ["a", "z", "aa", "zz", "aaa"]
    assert fitted(plain(10, 20), 100, 100)[0].shape == (50, 100, 3)


def test_banner_stands_over_the_sheet_and_its_caption():
    bare = masks_sheet([MaskColumn(title="monocyte", samples=(sample(),))])
    marked = masks_sheet([MaskColumn(title="monocyte", samples=(sample(),))], banner="Simulated: drawn smears.")
    strip = marked.height_px - bare.height_px
    assert strip >= 30
    assert inked(pixels(marked)[:strip])
    assert np.abs(pixels(marked)[strip + 8 :].astype(int) - pixels(bare)[8:]).mean() < 2
    assert marked.caption == f"Simulated: drawn smears. {bare.caption}"
    group = RepeatGroup(pictures=(picture("a", 1.0),), kept="a")
    for sheet in (overlap_sheet([pair()], banner="x"), repeats_sheet([group], banner="x")):
        assert sheet.caption.startswith("x. ")


def test_same_input_gives_the_same_bytes():
    assert overlap_sheet([pair()]).jpeg == overlap_sheet([pair()]).jpeg


def test_real_fields_repeats_and_masks_make_sheets(data):
    fields = data / "bccd" / "fields"
    with (fields / "overlap_pairs.csv").open(newline="") as table:
        row = next(csv.DictReader(table))
    views = []
    for name in (row["a"], row["b"]):
        tree = ET.parse(fields / "annotations_voc" / name.replace(".jpg", ".xml"))
        boxes = [found.find("bndbox") for found in tree.iter("object") if found.findtext("name") == "WBC"]
        edges = [[int(box.findtext(key)) for key in ("xmin", "ymin", "xmax", "ymax")] for box in boxes]
        views.append(
            OverlapField(
                field_id=name.removesuffix(".jpg"),
                picture=read_rgb(fields / "images" / name),
                boxes=tuple(Box(left=a, top=b, right=c, bottom=d) for a, b, c, d in edges),
            )
        )
    shift = (float(row["dx"]), float(row["dy"]))
    moved = [edge + shift[place % 2] for place, edge in enumerate([views[0].boxes[0].left, views[0].boxes[0].top])]
    assert abs(moved[0] - views[1].boxes[0].left) < 20
    assert abs(moved[1] - views[1].boxes[0].top) < 20
    real = OverlapPair(first=views[0], second=views[1], shared=((0, 0),), removed=views[1].field_id, shift=shift)
    assert pixels(overlap_sheet([real])).std() > 20

    with (data / "raabin_crops" / "duplicate_pairs.csv").open(newline="") as table:
        row = next(one for one in csv.DictReader(table) if one["same_photo"] == "False")
    found = {path.name: path for path in (data / "raabin_crops" / "crops").rglob("*.jpg")}
    crops = {row[key]: read_rgb(found[row[key]]) for key in "ab"}
    measured = {name: sharpness(crop) for name, crop in crops.items()}
    best = max(measured, key=lambda name: measured[name])
    group = RepeatGroup(
        pictures=tuple(RepeatPicture(cell_id=n, crop=c, sharpness=measured[n]) for n, c in crops.items()), kept=best
    )
    assert [one.cell_id for one in by_sharpness(group)] == sorted(measured, key=lambda name: -measured[name])
    assert pixels(repeats_sheet([group])).std() > 20

    gray = np.asarray(Image.open(fields / "masks_nucleus_cytoplasm" / "BloodImage_Mask_00000.png").convert("L"))
    crop = read_rgb(fields / "images" / "BloodImage_00000.jpg")
    sheet = masks_sheet(
        [MaskColumn(title="neutrophil", samples=(MaskSample(crop=crop, nucleus=gray > 205, cell=gray > 80),))],
        side=640,
    )
    shown = pixels(sheet).astype(int)
    for color, part in ((BLUE, gray > 205), (CYTOPLASM, (gray > 80) & (gray <= 205))):
        area = int((np.abs(shown - color).max(axis=2) < 40).sum()) - 28 * 28
        assert area == pytest.approx(part.sum(), rel=0.1)
    assert cv2.imdecode(np.frombuffer(sheet.jpeg, np.uint8), cv2.IMREAD_COLOR) is not None
