"""The sweep of sizes, built: run by `make adapter`. Every combination builds, or the table says why not."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_sweep_is_as_its_table_says():
    spec = importlib.util.spec_from_file_location("build_hardware", ROOT / "scripts" / "build_hardware.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with (ROOT / "hardware" / "sweep.csv").open(newline="") as lines:
        rows = list(csv.reader(lines))
    assert tuple(rows[0]) == module.COLUMNS
    found = [[str(part) for part in row] for row in module.sweep()]
    assert [row[:4] + row[6:] for row in found] == [row[:4] + row[6:] for row in rows[1:]]
    assert all((row[6] == "") == (row[4] == "") for row in found)
    for row, lying in zip(found, rows[1:], strict=True):
        for place in (4, 5):
            assert (row[place] == "") == (lying[place] == "")
            assert not row[place] or float(row[place]) == pytest.approx(float(lying[place]), abs=0.11)
    assert {row[7] != "" for row in found if row[6]} == {False}  # what builds holds all its checks
