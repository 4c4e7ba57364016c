"""Masks as COCO: pycocotools reads ours, and we read what it writes."""

from __future__ import annotations

import contextlib
import io
import json

import numpy as np
import pytest
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from buffycoat.errors import UnreadableFormat
from buffycoat.formats.annotated import Refused
from buffycoat.formats.coco_masks import PartMasks, read_coco_masks, write_coco_masks
from buffycoat.imaging.polygons import fill_polygon
from buffycoat.imaging.regions import encode_run_lengths

# pycocotools 2.0 has arrays of its own that do not know NumPy 2's way to copy.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)


def drawn(seed: int, height: int = 17, width: int = 23) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    cell = np.zeros((height, width), bool)
    cell[3:14, 4:20] = rng.random((11, 16)) < 0.8
    return cell & (rng.random(cell.shape) < 0.5), cell


def crops() -> list[PartMasks]:
    made = []
    for seed in range(3):
        nucleus, cell = drawn(seed)
        parts = {"nucleus": encode_run_lengths(nucleus), "cell": encode_run_lengths(cell)}
        made.append(PartMasks(name=f"c{seed}", height_px=17, width_px=23, parts=parts))
    made.append(PartMasks(name="basophil", height_px=17, width_px=23, parts={"cell": made[0].parts["cell"]}))
    return made


def test_pycocotools_reads_every_part_to_the_bit(tmp_path):
    path = tmp_path / "masks.json"
    path.write_bytes(write_coco_masks(crops()))
    with contextlib.redirect_stdout(io.StringIO()):
        read = COCO(str(path))
    names = {number: it["name"] for number, it in read.cats.items()}
    assert list(names.values()) == ["nucleus", "cell", "cytoplasm"]
    assert [it["file_name"] for it in read.imgs.values()] == [f"crops/{c.name}.png" for c in crops()]
    for seed in range(3):
        nucleus, cell = drawn(seed)
        expected = {"nucleus": nucleus, "cell": cell, "cytoplasm": cell & ~nucleus}
        annotations = read.loadAnns(read.getAnnIds(imgIds=[seed + 1]))
        assert [names[it["category_id"]] for it in annotations] == list(expected)
        for it, mask in zip(annotations, expected.values(), strict=True):
            assert (read.annToMask(it).astype(bool) == mask).all()
            packed = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
            assert it["area"] == coco_mask.area(packed) == mask.sum()
            assert it["bbox"] == coco_mask.toBbox(packed).tolist()
    whole = read.loadAnns(read.getAnnIds(imgIds=[4]))
    assert [names[it["category_id"]] for it in whole] == ["cell"]


def test_the_same_masks_give_the_same_bytes_and_come_back():
    content = write_coco_masks(crops())
    assert write_coco_masks(crops()) == content
    found = list(read_coco_masks(content, name="m.json"))
    assert len(found) == 10
    for it in found:
        if it.picture != "crops/basophil.png":
            nucleus, cell = drawn(int(it.picture[7]))
            assert (it.mask() == {"nucleus": nucleus, "cell": cell, "cytoplasm": cell & ~nucleus}[it.part]).all()


def record(segmentation, **changes):
    annotation = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": segmentation}
    return {
        "images": [{"id": 1, "file_name": "a.png", "width": 23, "height": 17}],
        "annotations": [annotation | changes],
        "categories": [{"id": 1, "name": "Nuclei"}, {"id": 2, "name": "platelet"}],
    }


def read_one(segmentation, **changes):
    (found,) = read_coco_masks(json.dumps(record(segmentation, **changes)).encode(), name="m.json")
    return found


def test_packed_run_lengths_of_pycocotools_and_polygons_are_read():
    nucleus, _ = drawn(5)
    packed = coco_mask.encode(np.asfortranarray(nucleus.astype(np.uint8)))
    it = read_one({"size": packed["size"], "counts": packed["counts"].decode()})
    assert it.part == "nucleus"
    assert (it.mask() == nucleus).all()
    outlines = [[2, 2, 9, 2, 9, 9, 2, 9], [12, 3, 20, 3, 16, 11]]
    assert (read_one(outlines).mask() == fill_polygon(outlines[0], 17, 23) | fill_polygon(outlines[1], 17, 23)).all()


def test_what_cannot_be_used_is_refused_with_its_place():
    for changes in ({"image_id": 7}, {"category_id": 9}, {"category_id": 2}):
        refused = read_one([], **changes)
        assert isinstance(refused, Refused)
        assert refused.name == "m.json, annotations[0]"
    for wrong in ([], [[1, 2, 3]], [[1, 2, "x", 4, 5, 6]], None, {"size": [3, 3], "counts": [9]}):
        with pytest.raises(UnreadableFormat, match=r"annotations\[0\]"):
            read_one(wrong).mask()
    for wrong in (b"[]", b"{}", b"{", json.dumps(record([]) | {"images": [{"id": 1}]}).encode()):
        with pytest.raises(UnreadableFormat, match=r"m\.json"):
            list(read_coco_masks(wrong, name="m.json"))


def test_an_id_that_two_pictures_or_categories_have_is_refused_as_masks_would_go_to_the_wrong_one():
    record = json.loads(write_coco_masks(crops()))
    for key in ("images", "categories"):
        twice = record | {key: [*record[key], record[key][0] | {"file_name": "crops/other.png", "name": "cell"}]}
        with pytest.raises(UnreadableFormat, match=f"{key}: an id is missing or there twice"):
            list(read_coco_masks(json.dumps(twice).encode(), name="masks.json"))
