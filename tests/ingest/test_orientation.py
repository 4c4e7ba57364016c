from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from buffycoat.errors import UnknownTerm
from buffycoat.imaging.codecs import read_rgb, turn
from buffycoat.ingest import PROFILES, profile, turned_previews


def test_the_four_turns_stand_in_order() -> None:
    image = np.zeros((40, 80, 3), np.uint8)
    image[:20, 40:] = (255, 0, 0)  # top right
    sheet = turned_previews(image)
    assert sheet.shape == (976, 976, 3)
    middle = 8 + 240
    reds = {
        turns: (sheet[8 + 480 * (turns // 2) :, 8 + 480 * (turns % 2) :][:480, :480, :] == (255, 0, 0)).all(axis=2)
        for turns in range(4)
    }
    found = {turns: tuple(np.argwhere(red).mean(axis=0) > middle - 8) for turns, red in reds.items()}
    assert found == {0: (False, True), 1: (True, True), 2: (True, False), 3: (False, False)}


def test_profiles() -> None:
    assert {known.name: known.quarter_turns for known in PROFILES} == {
        "as-stored": 0,
        "raabin-first": 0,
        "raabin-second": 1,
    }
    with pytest.raises(UnknownTerm, match="expected raabin-second"):
        profile("raabin-secnd")


def test_the_box_of_the_raabin_photograph_fits_only_unturned(raabin_photograph: Path) -> None:
    labels = json.loads(
        (raabin_photograph.parents[1] / "jsons" / f"{raabin_photograph.stem}.json").read_text(encoding="utf-8")
    )
    cell = labels["Cell_0"]
    image = read_rgb(raabin_photograph)
    purple = {}
    for turns in (0, 1):
        turned = turn(image, profile("raabin-first").quarter_turns + turns)
        crop = turned[int(cell["y1"]) : int(cell["y2"]), int(cell["x1"]) : int(cell["x2"])].astype(int)
        purple[turns] = (crop[..., 0] - crop[..., 1] > 60).mean()
    assert purple[0] > 0.05 > 10 * purple[1]
