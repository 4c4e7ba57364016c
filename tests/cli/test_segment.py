from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def crop(data):
    return sorted((data / "raabin_crops" / "crops" / "eosinophil").glob("*.jpg"))[3]


def test_one_picture_without_a_workspace(command, crop, tmp_path):
    done = command("segment", "--picture", crop, "--out", tmp_path / "m" / "n", "--json")
    assert set(done.result["files"]) == {"nucleus", "cytoplasm", "cell", "overlay"}
    masks = {name: np.asarray(Image.open(path)) for name, path in done.result["files"].items()}
    assert masks["overlay"].shape == (575, 575, 3)
    assert {tuple(np.unique(masks[name])) for name in ("nucleus", "cytoplasm", "cell")} == {(0, 255)}
    np.testing.assert_array_equal(masks["cytoplasm"] > 0, (masks["cell"] > 0) & ~(masks["nucleus"] > 0))
    assert done.result["cell_px"] == np.count_nonzero(masks["cell"])


def test_a_point_and_the_whole_cell_only(command, crop, tmp_path):
    assert command("segment", "--picture", crop, "--out", tmp_path).status == 0
    done = command("segment", "--picture", crop, "--at", "290,280", "--whole-only", "--out", tmp_path)
    assert done.status == 0, done.err
    # Nor does the nucleus of the time before lie beside it.
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{crop.stem}-cell.png", f"{crop.stem}-overlay.png"]
    assert done.out.startswith("cell ")


def test_where_no_cell_is_nothing_is_written(command, crop, tmp_path):
    done = command("segment", "--picture", crop, "--at", "5,5", "--out", tmp_path / "m", "--json")
    assert done.status == 2
    assert "nothing-found" in done.err + done.out
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--picture", "x.png"], "--out"),
        (["--picture", "x.png", "--out", "m", "--at", "a,b"], "--at is no point"),
        (["--picture", "x.png", "--out", "m", "--at", "5"], "--at is no point"),
        (["--at", "5,5"], "--picture"),
    ],
)
def test_wrong_arguments_are_told(command, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    done = command("segment", *arguments)
    assert done.status == 2
    assert said in done.err


def test_counts_by_reason(command, demo_workspace):
    done = command("segment", "-w", demo_workspace)
    assert done.status == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].startswith("segment: 0 done, ")
    assert lines[1].startswith("  nucleus: ")
    assert " whole-only" in lines[1]
    assert " drawn" in lines[2]
    result = json.loads(command("segment", "-w", demo_workspace, "--json").out)
    assert sum(result["parts"]["nucleus"].values()) == result["tally"]["before"]
