"""Every reader of files from elsewhere, fed with files that were damaged: a named error or a value, soon, in little memory.

The seeds are whole files; hypothesis damages them: bytes are changed, cut out, doubled, brought from another place, and
numbers in them become ones that programs fear. What comes out may be any value, or one of our own errors.
"""

from __future__ import annotations

import io
import json
import os
import resource
import struct
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from heic_pictures import make_heic
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from buffycoat.detect.color_filter import DEFAULT_FILTER, ColorFilter
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.domain.taxonomy_file import read_taxonomy, write_taxonomy
from buffycoat.errors import BuffycoatError
from buffycoat.formats.coco_masks import read_coco_masks
from buffycoat.formats.erratum_file import KIND, read_errata
from buffycoat.formats.mask_lines import read_mask_lines
from buffycoat.formats.masks import read_gray, read_mask_png
from buffycoat.formats.registry import READERS
from buffycoat.formats.source import Source, SourceFile, open_source
from buffycoat.formats.spreadsheets import read_sheet
from buffycoat.imaging.codecs import decode_rgb
from buffycoat.imaging.tags import read_tags
from buffycoat.ingest.camera import read_exif
from buffycoat.ingest.field import take_in
from buffycoat.ingest.metadata import read_metadata
from buffycoat.publish.about import read_about

FULL = os.environ.get("BUFFYCOAT_SOAK") == "full"
TOTAL = 100_000 if FULL else 10_000
LONGEST_S = 2.0
"""Of the processor: others may be at work beside."""
GROWN = 512 * 1024
"""Kilobytes: by more than this, small damaged files must not make a process grow."""


def picture(kind: str, mode: str = "RGB", **more: object) -> bytes:
    pixels = np.random.default_rng(5).integers(0, 256, (6, 8, 3), dtype=np.uint8).repeat(4, axis=0).repeat(4, axis=1)
    file = io.BytesIO()
    Image.fromarray(pixels if mode == "RGB" else (pixels[:, :, 0] > 99).astype(np.uint8) * 255).save(file, kind, **more)
    return file.getvalue()


def tagged() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Maker", 6
    exif.get_ifd(0x8769)[0x9003] = "2016:01:02 03:04:05"
    exif.get_ifd(0x8825)[2] = (35.0, 41.0, 21.0)
    return picture("JPEG", exif=exif.tobytes(), quality=80)


def sheet() -> bytes:
    file = io.BytesIO()
    book = Workbook()
    for row in (("file", "smear", "stain", "objective"), ("a.jpg", "S-1", "giemsa", 100), ("b.jpg", "S-2", "", None)):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def packed(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def of_one(reader: str, name: str, beside: Mapping[str, bytes]) -> Callable[[bytes], object]:
    """Read a set of which one file is damaged."""

    def read(content: bytes) -> object:
        held = {**beside, name: content}
        files = (SourceFile(name=key, size=len(had), read=lambda _, had=had: had) for key, had in held.items())
        return list(READERS[reader].read(Source("set", files)))

    return read


def of_zip(content: bytes) -> object:
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(content)
        file.flush()
        with open_source(Path(file.name)) as source:
            return [source.read(name, most=2**20) for name in source.files]


RECORD = {
    "Cell_0": {"Label1": "Band", "Label2": "Meta", "x1": "1", "x2": "7", "y1": "2", "y2": "8", "Cell_ID": "7_1.bmp"},
    "Zoom": "100x",
    "Stain Method": "Giemsa",
    "Film Label": "Normal",
    "Camera": "Samsung Galaxy S5",
    "Microscop": "Olympus CX18",
    "Film ID": "95-5-4-1",
    "Cell Numbers": 1,
}
COCO = {
    "images": [{"id": 1, "file_name": "a.png", "width": 32, "height": 24}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 2, "bbox": [1, 2, 8, 9], "area": 72, "iscrowd": 0}],
    "categories": [{"id": 2, "name": "Band"}],
}
MASKS = {**COCO, "annotations": [{**COCO["annotations"][0], "segmentation": {"size": [24, 32], "counts": [5, 9, 754]}}]}
VOC = b"""<annotation><filename>a.png</filename><size><width>32</width><height>24</height><depth>3</depth></size>
<object><name>WBC</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>"""
ERRATUM = {"kind": KIND, "format": 1, "release": "1", "manifest": "ab", "cell_id": "c1", "label": None, "term": None}
LINE = {"cell": "c1", "part": "nucleus", "height_px": 4, "width_px": 4, "run_lengths": [3, 2, 11]}
PNG = picture("PNG")


@dataclass(frozen=True)
class Reader:
    """What is read, from which whole files, and how often of all."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def as_json(*held: object) -> tuple[bytes, ...]:
    return tuple(json.dumps(each).encode() for each in held)


PICTURES = (
    tagged(),
    picture("JPEG", progressive=True),
    PNG,
    picture("PNG", pnginfo=None, optimize=True),
    picture("TIFF", compression="tiff_lzw"),
    picture("TIFF"),
    picture("BMP"),
    make_heic(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"),
)
READ: Mapping[str, Reader] = {
    "decode": Reader(lambda content: decode_rgb(content, name="f"), PICTURES),
    "take in": Reader(lambda content: take_in(content, name="f"), PICTURES),
    "tags": Reader(read_tags, PICTURES),
    "exif": Reader(read_exif, PICTURES),
    "mask": Reader(read_mask_png, (picture("PNG", "L"), picture("PNG", "L", bits=1))),
    "gray": Reader(read_gray, (picture("PNG", "L"), picture("BMP", "L"))),
    "raabin": Reader(of_one("raabin", "f.json", {"a.json": as_json(RECORD)[0]}), as_json(RECORD)),
    "coco": Reader(of_one("coco", "f.json", {"a.png": PNG}), as_json(COCO)),
    "coco masks": Reader(lambda content: list(read_coco_masks(content, name="f.json")), as_json(MASKS)),
    "voc": Reader(of_one("voc", "f.xml", {"a.png": PNG}), (VOC,)),
    "yolo": Reader(of_one("yolo", "a.txt", {"a.png": PNG, "classes.txt": b"Band\n"}), (b"0 0.5 0.5 0.1 0.2\n",)),
    "yolo names": Reader(
        of_one("yolo", "data.yaml", {"a.png": PNG, "a.txt": b"0 0.5 0.5 0.1 0.2\n"}), (b"names:\n  0: Band\n",)
    ),
    "bccd": Reader(of_one("bccd", "Annotations/f.xml", {"JPEGImages/f.jpg": tagged()}), (VOC,)),
    "lines of masks": Reader(lambda content: list(read_mask_lines(content, name="m.jsonl")), as_json(LINE)),
    "sheet": Reader(lambda content: list(read_sheet(content, name="t.xlsx")), (sheet(),)),
    "metadata": Reader(
        lambda content: read_metadata(content, name="t.csv", files=("a.jpg", "b.jpg")),
        (b"file;smear;stain;objective\na.jpg;S-1;giemsa;100\nb.jpg;S-2;;\n", sheet()),
    ),
    "taxonomy": Reader(lambda content: read_taxonomy(content, name="t.toml"), (write_taxonomy(RAABIN),)),
    "color filter": Reader(
        lambda content: ColorFilter.from_json(content, name="f.json"), (DEFAULT_FILTER.to_json().encode(),)
    ),
    "about a release": Reader(
        lambda content: read_about(content, name="a.toml"), (b'title = "T"\nlicense = "CC0"\ncontributors = ["A"]\n',)
    ),
    "errata": Reader(
        lambda content: read_errata(content, name="e.json"),
        as_json({**ERRATUM, "proposed": "x", "why": "", "name": ""}),
    ),
    "zip": Reader(of_zip, (packed({"a.json": as_json(RECORD)[0], "b/c.png": PNG}),)),
}
YIELDING = frozenset(
    {"tags", "exif", "raabin", "coco", "coco masks", "voc", "yolo", "yolo names", "bccd", "lines of masks", "errata"}
)
"""Readers that tell of a damaged file among what they return, and go on."""
FEARED = tuple(
    struct.pack(form, number & mask)
    for number in (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
    for form, mask in (("<I", 0xFFFFFFFF), (">I", 0xFFFFFFFF), ("<H", 0xFFFF), (">H", 0xFFFF), ("B", 0xFF))
)
WORDS = (
    b"-1",
    b"1e999",
    b"NaN",
    b"null",
    b"99999999999999999999",
    b'"',
    b"{",
    b"[",
    b"\\ud800",
    b"\xff",
    b"\x00",
    b"&a;",
)


@st.composite
def damaged(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A whole file after one to six accidents."""
    content = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from((1, 2, 4, 16, 64, len(content))))
        match draw(st.sampled_from(["cutout", "end", "double", "byte", "number", "word", "move"])):
            case "cutout":
                del content[at : at + length]
            case "end":
                del content[at:]
            case "double":
                content[at:at] = content[at : at + length]
            case "byte":
                content[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
            case "number":
                feared = draw(st.sampled_from(FEARED))
                content[at : at + len(feared)] = feared
            case "word":
                content[at : at + draw(st.integers(0, 4))] = draw(st.sampled_from(WORDS))
            case _:
                other = draw(st.sampled_from(seeds))
                start = draw(st.integers(0, len(other)))
                content[at:at] = other[start : start + length]
    return bytes(content)


@pytest.mark.parametrize("name", READ)
def test_damaged_files_are_read_or_refused(name):
    reader = READ[name]
    for seed in reader.seeds:  # a reader that refuses whole files would pass all of this
        assert reader.read(seed) is not None
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = taken = 0

    @settings(
        max_examples=TOTAL // len(READ),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged(reader.seeds))
    def feed(content: bytes) -> None:
        nonlocal refused, taken
        started = time.process_time()
        try:
            reader.read(content)
            taken += 1
        except BuffycoatError:
            refused += 1
        assert time.process_time() - started < LONGEST_S

    feed()
    assert refused > 0 or name in YIELDING, "nothing was damaged enough"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < GROWN, f"{name}: grown by {grown} kB"
