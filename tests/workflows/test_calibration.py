"""Thresholds of the hashes: measured on a workspace, and from what a person says of pairs near them."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from buffycoat.domain.cell import Cell
from buffycoat.errors import AlreadyExists, InputError, NotFound, TooFew, UnreadableFormat, UnwritableFile
from buffycoat.store.queries import CellFilter, current_cells, smear_by_cell
from buffycoat.workflows.calibration import COLUMNS, calibrate_hashes, read_answers, write_borderline
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture(scope="module")
def workspace(demo_workspace):
    """The demo: drawn smears, which hold repeats and cells of five smears."""
    with open_workspace(demo_workspace) as opened:
        yield opened


@pytest.fixture(scope="module")
def cells(workspace) -> dict[str, tuple[Cell, str]]:
    with workspace.database.reading() as transaction:
        home = smear_by_cell(transaction)
        return {cell.id: (cell, home[cell.id]) for cell in current_cells(transaction, CellFilter(with_pixels=True))[1]}


@pytest.fixture(scope="module")
def calibrated(workspace):
    return calibrate_hashes(workspace, seed=3, most=30)


def bits_apart(one: str | None, other: str | None) -> int:
    return (int(one or "", 16) ^ int(other or "", 16)).bit_count()


def test_thresholds_are_measured_on_the_cells_of_the_workspace(calibrated, cells):
    sizes = [sum(home == smear for _, home in cells.values()) for smear in {home for _, home in cells.values()}]
    assert calibrated.positives == 30
    assert calibrated.negatives == (len(cells) ** 2 - sum(size**2 for size in sizes)) // 2
    assert calibrated.largest_film == max(sizes)
    chosen = calibrated.chosen
    assert chosen is not None
    assert chosen.expected_false < 1
    assert 0 < chosen.recall <= 1
    assert chosen.recall_interval[0] <= chosen.recall <= chosen.recall_interval[1]
    safe = [each for each in calibrated.curve if each.expected_false < 1]
    assert chosen.recall == max(each.recall for each in safe)


def test_false_pairs_are_those_that_counting_gives(calibrated, cells):
    known = list(cells.values())
    chosen = calibrated.chosen
    for figures in (chosen, calibrated.frontier[-1]):
        false = sum(
            bits_apart(one.average_hash, other.average_hash) < figures.average_bits
            and bits_apart(one.perceptual_hash, other.perceptual_hash) < figures.perceptual_bits
            for place, (one, home) in enumerate(known)
            for other, elsewhere in known[:place]
            if home != elsewhere
        )
        assert figures.false_pairs == false


def test_the_frontier_gives_more_recall_for_more_false_pairs(calibrated):
    frontier = calibrated.frontier
    assert len(frontier) > 1
    assert all(one.recall < other.recall and one.false_pairs <= other.false_pairs for one, other in pairwise(frontier))
    assert frontier[-1].recall == max(each.recall for each in calibrated.curve)


def test_the_same_seed_gives_the_same_answer(workspace, calibrated):
    steps = []
    assert calibrate_hashes(workspace, seed=3, most=30, progress=steps.append) == calibrated
    assert [step.done for step in steps] == list(range(1, 31))
    other = calibrate_hashes(workspace, seed=4, most=30)
    assert other.curve != calibrated.curve
    assert other.negatives == calibrated.negatives


def test_an_empty_workspace_can_tell_nothing(tmp_path):
    with open_workspace(tmp_path / "w", create=True) as empty:
        with pytest.raises(TooFew):
            calibrate_hashes(empty)
        with pytest.raises(TooFew, match="no pair"):
            write_borderline(empty, tmp_path / "b", average_bits=6, perceptual_bits=12)
    assert not (tmp_path / "b").exists()


# ------------------------------------------------------------------ pairs that a person is asked about


@pytest.fixture(scope="module")
def borderline(workspace, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("asked") / "pairs"
    assert write_borderline(workspace, folder, average_bits=15, perceptual_bits=19, most=10) == 10
    return folder


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "pairs.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def answered(folder: Path, into: Path, *said: str) -> Path:
    """Write the table again with these answers, the rest blank."""
    into.mkdir()
    rows = rows_of(folder)
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    for row, word in zip(rows, (*said, *[""] * (len(rows) - len(said))), strict=True):
        table.writerow(row | {"same": word})
    (into / "pairs.csv").write_text(text.getvalue(), encoding="utf-8")
    return into


def test_a_folder_of_pairs_near_the_thresholds_is_written(borderline, cells):
    rows = rows_of(borderline)
    assert tuple(rows[0]) == COLUMNS
    assert [row["picture"] for row in rows] == [f"{number:03}.jpg" for number in range(1, 11)]
    assert {path.name for path in borderline.iterdir()} == {"pairs.csv", *(row["picture"] for row in rows)}
    for row in rows:
        (one, home), (other, elsewhere) = cells[row["a"]], cells[row["b"]]
        assert home == elsewhere, "cells of two smears are two"
        average = bits_apart(one.average_hash, other.average_hash)
        perceptual = bits_apart(one.perceptual_hash, other.perceptual_hash)
        assert (row["average_bits_apart"], row["perceptual_bits_apart"]) == (str(average), str(perceptual))
        assert -4 <= max(average - 15, perceptual - 19) <= 3, "near the thresholds"
        assert row["same"] == ""
        with Image.open(borderline / row["picture"]) as picture:
            assert (picture.format, picture.size) == ("JPEG", (484, 240))


def test_a_folder_that_is_there_or_cannot_be_made_is_left_alone(workspace, borderline, tmp_path):
    before = sorted(path.read_bytes() for path in borderline.iterdir())
    with pytest.raises(AlreadyExists, match="pairs"):
        write_borderline(workspace, borderline, average_bits=15, perceptual_bits=19, most=2)
    assert sorted(path.read_bytes() for path in borderline.iterdir()) == before
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableFile, match="inside"):
        write_borderline(workspace, tmp_path / "file" / "inside", average_bits=15, perceptual_bits=19, most=2)


def test_answers_give_thresholds_and_blank_ones_are_passed_over(borderline, tmp_path):
    rows = rows_of(borderline)
    said = [" Yes", "y", "TRUE", "1", "no", "N", "false", "0"]
    told = read_answers(answered(borderline, tmp_path / "a", *said))
    assert told.asked == 8, "two were left blank"
    apart = [(int(row["average_bits_apart"]), int(row["perceptual_bits_apart"])) for row in rows[:8]]
    joined = [a < told.average_bits and p < told.perceptual_bits for a, p in apart]
    assert told.precision == sum(joined[:4]) / sum(joined)
    assert told.recall == sum(joined[:4]) / 4
    assert read_answers(tmp_path / "a" / "pairs.csv") == told, "the folder or its table"
    every = read_answers(answered(borderline, tmp_path / "b", *["yes"] * 10))
    assert (every.precision, every.recall, every.asked) == (1.0, 1.0, 10)
    assert every.average_bits == max(int(row["average_bits_apart"]) for row in rows) + 1


def test_a_lower_precision_finds_more(tmp_path):
    (tmp_path / "pairs.csv").write_text(
        "average_bits_apart,perceptual_bits_apart,same\n1,1,yes\n2,2,no\n3,3,yes\n3,3,yes\n", encoding="utf-8-sig"
    )
    strict, loose = read_answers(tmp_path), read_answers(tmp_path, precision=0.7)
    assert (strict.average_bits, strict.perceptual_bits, strict.recall) == (2, 2, 1 / 3)
    assert (loose.average_bits, loose.perceptual_bits, loose.recall, loose.precision) == (4, 4, 1.0, 0.75)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", UnreadableFormat, "lacks columns"),
        (b"a,b,same\nx,y,yes\n", UnreadableFormat, "lacks columns: expected a, b, average_bits_apart"),
        (b"average_bits_apart,perceptual_bits_apart\n1,2\n", UnreadableFormat, "lacks columns"),
        (
            b"average_bits_apart,perceptual_bits_apart,same\n1,2,\n1,2,perhaps\n",
            UnreadableFormat,
            r"pairs\.csv, line 3, same: expected yes or no, found 'perhaps'",
        ),
        (b"average_bits_apart,perceptual_bits_apart,same\n1,near,yes\n", InputError, r"pairs\.csv, line 2: .*'near'"),
        (b"same,average_bits_apart,perceptual_bits_apart\nyes,1\n", InputError, r"pairs\.csv, line 2"),
        (b"average_bits_apart,perceptual_bits_apart,same\n1,2,no\n", TooFew, "without a repeat"),
        (b"average_bits_apart,perceptual_bits_apart,same\n1,2,\n", TooFew, "without a repeat"),
        (b"\xff\xfea\x00,\x00", UnreadableFormat, r"pairs\.csv is no table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", UnreadableFormat, r"pairs\.csv"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_line(tmp_path, content: bytes, error: type, said: str):
    (tmp_path / "pairs.csv").write_bytes(content)
    with pytest.raises(error, match=said):
        read_answers(tmp_path)


def test_a_table_that_is_not_there_is_named(tmp_path):
    for where in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(NotFound, match="no such table"):
            read_answers(where)
