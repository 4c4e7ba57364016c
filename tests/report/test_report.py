from __future__ import annotations

import numpy as np
import pytest

from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import Smear
from buffycoat.domain.view import Funnel
from buffycoat.errors import TooFew
from buffycoat.report import Refusal, Sheet, SmearPage, contact_sheet, mark_boxes, render_summary


def plain(height: int, width: int, level: int = 200) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


def test_contact_sheet_holds_every_picture_at_its_place():
    pictures = [plain(10, 10, level) for level in (10, 60, 240)]
    sheet = contact_sheet(pictures, side=10, columns=2)
    assert sheet.shape == (32, 32, 3)
    assert [int(sheet[y, x, 0]) for y, x in ((9, 9), (9, 23), (23, 9), (23, 23), (0, 0))] == [10, 60, 240, 128, 128]


def test_contact_sheet_keeps_proportions_and_refuses_nothing():
    sheet = contact_sheet([plain(30, 60, 0)], side=60, columns=5)
    assert sheet.shape == (38, 68, 3)
    with pytest.raises(TooFew):
        contact_sheet([])


def test_removed_boxes_differ_from_kept_ones_by_more_than_color():
    picture = plain(100, 100)
    box = Box(left=20, top=20, right=80, bottom=80)
    kept = mark_boxes(picture, kept=[box], removed=[])
    removed = mark_boxes(picture, kept=[], removed=[box])
    assert (kept[50, 50] == 200).all()
    assert not (removed[50, 50] == 200).all()
    assert (picture == 200).all()


def page(code: str, *, simulated: bool = False, **numbers: int) -> SmearPage:
    counts = {"photographs": 3, "crop_only": 0, "elements": 7, "repeats": 2, "covered": 1, "kept": 5} | numbers
    funnel = Funnel(smear=Smear(id=code, code=code, simulated=simulated), **counts)
    sheet = Sheet(title="Kept", shown=1, total=9, jpeg=b"jpeg")
    return SmearPage(funnel=funnel, setups=("Olympus CX18 / phone",), scale="0.06 µm/px", sheets=(sheet,))


def summary(*pages: SmearPage, **parts) -> str:
    plain_parts = {"refusals": [], "repeats": [], "passed_over": [], "notes": [], "cameras": []} | parts
    return render_summary(title="w", pages=pages, **plain_parts).decode()


def test_summary_adds_up_and_carries_its_pictures():
    text = summary(page("S-1"), page("S-2", elements=1, repeats=0, kept=1))
    assert '<tr class="total"><td colspan="4">all</td><td class="n">6</td>' in text
    assert '<td class="n">8</td><td class="n">2</td><td class="n">2</td><td class="n">6</td></tr>' in text
    assert text.count("data:image/jpeg;base64,anBlZw==") == 2
    assert "1 of 9 shown" in text
    assert "imulated" not in text


def test_simulated_smears_are_marked_and_names_are_escaped():
    refusal = Refusal(room="ingest", subject="<script>alert(1)</script>.jpg", code="unreadable-image", message="a & b")
    text = summary(page("<b>S</b>", simulated=True), refusals=[refusal], notes=["turned?"])
    assert "Simulated: drawn smears" in text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "<b>S</b>" not in text
    assert "turned?" in text


def test_pages_need_no_network_and_run_no_script():
    text = summary(page("S-1"))
    assert "<script" not in text
    assert "http" not in text
    assert 'lang="en"' in text
