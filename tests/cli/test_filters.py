"""`buffycoat filter` and the finders of `buffycoat detect`: what they print, and how they fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from buffycoat.workflows.filters import load_filter
from buffycoat.workflows.runs import ALGORITHMS


@pytest.fixture(scope="module")
def boxed(data, tmp_path_factory) -> Path:
    """Four photographs of BCCD with their boxes."""
    folder = tmp_path_factory.mktemp("set") / "ward-3"
    folder.mkdir()
    for path in sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[12:16]:
        shutil.copy(path, folder)
        shutil.copy(data / "bccd" / "fields" / "annotations_voc" / f"{path.stem}.xml", folder)
    return folder


def test_a_filter_is_trained_shown_and_used(command, boxed, tmp_path, monkeypatch):
    own = tmp_path / "own.json"
    trained = command("filter", "train", boxed, own, "--json").result
    made = load_filter(own)
    assert (trained["file"], trained["color_filter"]["bias"]) == (str(own), made.bias)
    assert (made.images, made.origin) == (4, "ward-3")
    shown = command("filter", "show", own, "--json").result
    assert shown == trained["color_filter"]
    text = command("filter", "show", own).out
    assert f"{made.boxes} boxes on 4 photographs of ward-3, {made.fitted_at}" in text
    again = command("filter", "train", boxed, own)
    assert (again.status, "error [already-exists]" in again.err) == (4, True)
    another = command("filter", "train", boxed, tmp_path / "another.json", "--most", "2", "--format", "bccd")
    assert another.status == 0, another.err
    assert f"use it with `buffycoat detect --filter {tmp_path / 'another.json'}`" in another.out

    work = tmp_path / "w"
    assert command("ingest", boxed, "-w", work, "--smear", "S").status == 0

    def detect(*options: str | Path) -> tuple[int, int, int, str]:
        done = command("detect", "-w", work, *options, "--json")
        (tally,) = done.result
        return tally["done"], tally["before"], tally["older"], done.err

    with monkeypatch.context() as earlier:
        earlier.setitem(ALGORITHMS, "detect.find_cells", "1")
        assert detect("--filter", own) == (4, 0, 0, "")
    *counts, said = detect("--filter", own)
    assert counts == [0, 4, 4]
    assert said.startswith("detect: 4 were done by an earlier version")
    assert "--again" in said
    assert detect("--filter", own, "--again") == (4, 0, 0, "")
    assert detect("--filter", own) == (0, 4, 0, "")
    assert detect() == (4, 0, 0, ""), "the default filter is another question"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["filter", "show", "none.json"], 2, "error [unreadable-file]"),
        (["filter", "show", "{notes}"], 2, "error [unreadable-format]: notes.txt"),
        (["filter", "train", "none", "{new}"], 2, "error ["),
        (["filter", "train", "{set}", "{new}", "--format", "by-eye"], 2, "no such format"),
        (["filter", "train", "{set}", "{folderless}"], 2, "error [unwritable-file]"),
        (["filter", "train", "{set}", "{new}", "--white", "wbx"], 2, "error [too-few]"),
        (["filter", "train", "{set}", "{new}", "--most", "0"], 2, "--most"),
        (["detect", "-w", "{w}", "--both"], 2, "both finders need a network"),
        (["detect", "-w", "{w}", "--filter", "{notes}"], 2, "error [unreadable-format]: notes.txt"),
        (["detect", "-w", "{w}", "--detector", "{notes}"], 2, "this is no detector file"),
        (["detect", "-w", "{w}", "--detector", "none.onnx"], 2, "error [unreadable-file]"),
        (["detect", "-w", "{none}"], 7, "error [workspace-missing]"),
    ],
)
def test_errors_have_their_exit_status_and_make_no_file(
    command, boxed, tmp_path, arguments: list[str], status: int, said: str
):
    (tmp_path / "notes.txt").write_text("not a filter")
    names = {
        "set": boxed,
        "notes": tmp_path / "notes.txt",
        "new": tmp_path / "new.json",
        "folderless": tmp_path / "no-folder" / "new.json",
        "w": tmp_path / "w",
        "none": tmp_path / "no-workspace",
    }
    done = command(*(word.format(**names) for word in arguments))
    assert done.status == status, done.err
    assert said in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "new.json").exists()
    assert not (tmp_path / "no-workspace").exists()
