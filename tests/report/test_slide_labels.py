"""Labels for slides: what a camera reads on them is the code, whatever sheet they are printed on."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pytest

from buffycoat.errors import InputError, InvalidMetadata
from buffycoat.report.slide_labels import SHEETS
from buffycoat.workflows.capturing import label_mark, label_sheet, range_of
from buffycoat.workflows.capturing.marks import code_of, text_of


def drawn(svg: str) -> np.ndarray:
    """The symbol as a printer draws it: each stroke of its path a row of modules."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg).group(1))
    dark = svg[svg.rindex('d="') :]
    modules = np.full((side, side), 255, np.uint8)
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", dark):
        if command == "M":
            x, y = float(first), float(second)
        elif command == "m":
            x, y = x + float(first), y + float(second)
        else:
            modules[int(y), int(x) : int(x + float(first))] = 0
            x += float(first)
    return np.kron(modules, np.ones((8, 8), np.uint8))


@pytest.mark.parametrize(("code", "site"), [("S-26-0017", "unknown"), ("95/8/27+1", "lab a"), ("a:b#1", "کرج")])
def test_a_camera_reads_the_code(code: str, site: str):
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(drawn(label_mark(code, site=site)))
    assert text == text_of(code, site)
    assert code_of(text) == (code, site)


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_labels_fill_sheets_of_a4(sheet: str):
    form = SHEETS[sheet]
    gaps = form.gap if form.words == "under" else 0
    assert form.left + form.columns * form.width + (form.columns - 1) * form.gap <= 210
    assert form.top + form.rows * form.height + (form.rows - 1) * gaps <= 296.5
    most = form.columns * form.rows
    page = label_sheet(range_of("S-", first=1, count=most + 1), sheet=sheet).decode()
    assert (page.count("<main>"), page.count("<svg")) == (2, most + 1)
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_codes_are_no_names_and_each_is_printed_once():
    assert label_sheet(["S-1", "S-1", "S-2"]).count(b"<svg") == 2
    with pytest.raises(InvalidMetadata):
        label_sheet(["Jane Doe"])
    for codes, sheet in (([], "24"), (["S-1"], "25"), ([f"S{n}" for n in range(481)], "24")):
        with pytest.raises(InputError):
            label_sheet(codes, sheet=sheet)
    with pytest.raises(InputError):
        range_of("S-", first=0, count=481)
    for text in ("https://example.org", "buffycoat:cell/1", "buffycoat:smear/a b"):
        with pytest.raises(InvalidMetadata):
            code_of(text)
