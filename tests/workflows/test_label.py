"""Rounds: who reads what, what is entered, and what nobody is shown."""

from __future__ import annotations

import csv
import errno
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from buffycoat.domain.label import Label, Round, Standing
from buffycoat.domain.run import Run
from buffycoat.errors import AlreadyExists, InputError, InvalidMetadata, NotFound, UnknownTerm, UnreadableFile
from buffycoat.workflows.browse import get_cell, list_cells
from buffycoat.workflows.consensus import consensus_by_cell
from buffycoat.workflows.label import (
    enter_label_table,
    enter_labels,
    open_round,
    round_standing,
    write_queue,
)
from buffycoat.workflows.workspace import open_workspace

EXPERTS = ["amina", "reza"]


@pytest.fixture
def demo_copy(demo_workspace, tmp_path):
    """A copy of the demo that may be written to."""
    shutil.copytree(demo_workspace, tmp_path / "demo")
    with open_workspace(tmp_path / "demo") as opened:
        yield opened


@pytest.fixture
def campaign(demo_copy):
    return open_round(demo_copy, name="spring", experts=EXPERTS)


def count(workspace, cls: type) -> int:
    with workspace.database.reading() as transaction:
        return transaction.count(cls)


# ------------------------------------------------------------------ blindness


def check_nothing_is_shown(workspace, cells) -> None:
    standing = round_standing(workspace, "spring")
    assert (standing.closed, standing.raw_agreement, standing.kappa, standing.standings) == (False, None, None, {})
    known = consensus_by_cell(workspace, shown=True)
    assert [known[cell] for cell in cells if cell in known] == []
    views = {view.cell.id: view.consensus for view in list_cells(workspace, kept=True, limit=10_000).items}
    assert {cell: views[cell] for cell in cells} == dict.fromkeys(cells)
    assert get_cell(workspace, cells[0]).consensus is None
    for standing_of in Standing:
        found = list_cells(workspace, standing=standing_of, limit=10_000).items
        assert {view.cell.id for view in found}.isdisjoint(cells)


def test_open_round_tells_nothing_of_anybodys_answers(demo_copy):
    before = consensus_by_cell(demo_copy)
    campaign = open_round(demo_copy, name="spring", experts=EXPERTS)
    cells = campaign.cells
    first, second = campaign.experts
    *most, last = cells
    # The demo's own round is closed, and the same cells have its answers.
    assert any(before[cell].term for cell in cells)
    check_nothing_is_shown(demo_copy, cells)
    enter_labels(demo_copy, campaign, first, [(cell, "Monocyte", 1.0) for cell in cells])
    check_nothing_is_shown(demo_copy, cells)
    # Both have read all but one cell: alike the first half, differently the others.
    alike = set(most[: len(most) // 2])
    answers = [(cell, "monocyte" if cell in alike else "eosinophil", None) for cell in most]
    enter_labels(demo_copy, campaign, second, answers)
    check_nothing_is_shown(demo_copy, cells)
    # What is not for people to look at goes on with the rounds that are closed.
    assert consensus_by_cell(demo_copy) == before

    enter_labels(demo_copy, campaign, second, [(last, "monocyte", None)])
    standing = round_standing(demo_copy, "spring")
    assert standing.closed
    assert standing.raw_agreement == (len(alike) + 1) / len(cells)
    with demo_copy.database.reading() as transaction:
        [waiting] = transaction.find(Round, name="demo-reading")  # open from the start, and so it stays
    after = consensus_by_cell(demo_copy)
    shown = {cell: found for cell, found in after.items() if cell not in waiting.cells}
    assert consensus_by_cell(demo_copy, shown=True) == shown != after
    assert {c: k.term for c, k in consensus_by_cell(demo_copy).items() if c in cells} == {
        cell: "monocyte" if cell in alike or cell == last else None for cell in cells
    }
    with pytest.raises(NotFound):
        enter_labels(demo_copy, campaign, first, [("nowhere", "monocyte", None)])


# --------------------------------------------------------------------- rounds


def test_expert_named_twice_is_refused(demo_copy):
    before = count(demo_copy, Round)
    with pytest.raises(InputError, match="expected different experts, found amina, amina"):
        open_round(demo_copy, name="spring", experts=["amina", "amina"])
    assert count(demo_copy, Round) == before


def test_round_keeps_its_experts(demo_copy, campaign):
    assert open_round(demo_copy, name="spring", experts=EXPERTS) == campaign
    assert open_round(demo_copy, name="spring", experts=EXPERTS[::-1]) == campaign
    for others in (["amina"], ["amina", "sara"], [*EXPERTS, "sara"]):
        with pytest.raises(AlreadyExists, match=f"expected amina, reza, found {', '.join(others)}"):
            open_round(demo_copy, name="spring", experts=others)


def test_runs_hold_no_handles_of_people(demo_copy, campaign):
    enter_labels(demo_copy, campaign, campaign.experts[0], [(campaign.cells[0], "monocyte", None)])
    with demo_copy.database.reading() as transaction:
        runs = [run for run in transaction.find(Run, room="label") if "spring" in run.parameters.values()]
    assert [run for run in runs if any(name in str(run.parameters) for name in EXPERTS)] == []
    assert {"round": "spring", "expert": campaign.experts[0]} in [run.parameters for run in runs]
    opening = {"name": "spring", "experts": ", ".join(campaign.experts), "mode": "blind"}
    assert opening in [run.parameters for run in runs]
    assert len(campaign.secret) == 32


def test_changed_answer_supersedes_and_is_kept(demo_copy, campaign):
    cell = campaign.cells[0]
    labels = count(demo_copy, Label)
    assert enter_labels(demo_copy, campaign, campaign.experts[0], [(cell, "monocyte", 1.0)]) == 1
    assert enter_labels(demo_copy, campaign, campaign.experts[0], [(cell, "monocyte", 1.0)]) == 0
    assert enter_labels(demo_copy, campaign, campaign.experts[0], [(cell, "eosinophil", 2.0)]) == 1
    assert enter_labels(demo_copy, campaign, campaign.experts[0], [(cell, "monocyte", 3.0)]) == 1
    assert round_standing(demo_copy, "spring").given == (1, 0)
    assert count(demo_copy, Label) == labels + 3


# --------------------------------------------------------------------- tables


def test_queue_is_filled_in_half_entered_and_written_anew(demo_copy, campaign, tmp_path):
    queue = tmp_path / "amina.csv"
    assert write_queue(demo_copy, "spring", "amina", queue) == len(campaign.cells)
    with queue.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {row[0] for row in rows[1:]} == set(campaign.cells)
    for row in rows[1:4]:
        row[1:] = ["Monocyte", "1.5"]
    with queue.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    assert enter_label_table(demo_copy, "spring", "amina", queue) == 3
    filled = queue.read_bytes()
    with pytest.raises(AlreadyExists, match=r"^amina\.csv is there already") as caught:
        write_queue(demo_copy, "spring", "amina", queue)
    assert "another file name" in caught.value.hint
    assert queue.read_bytes() == filled
    assert write_queue(demo_copy, "spring", "amina", tmp_path / "rest.csv") == len(campaign.cells) - 3


def test_queue_that_cannot_be_written_says_why(demo_copy, campaign, tmp_path, monkeypatch):
    with pytest.raises(UnreadableFile) as caught:
        write_queue(demo_copy, "spring", "amina", tmp_path / "no-folder" / "amina.csv")
    assert str(caught.value) == "the table amina.csv cannot be written: found no such file or directory"

    class Full:
        """A file on a full disk."""

        def __init__(self, file) -> None:
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_error) -> None:
            self.file.close()

        def write(self, content: bytes) -> None:
            self.file.write(content[:5])
            raise OSError(errno.ENOSPC, "No space left on device", "/somewhere/amina.csv")

    real = Path.open
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", lambda path, mode="r", **how: Full(real(path, mode, **how)))
        with pytest.raises(UnreadableFile) as caught:
            write_queue(demo_copy, "spring", "amina", tmp_path / "amina.csv")
    assert str(caught.value) == "the table amina.csv cannot be written: found no space left on device"
    # The stump is gone, so the same command works once there is room.
    assert write_queue(demo_copy, "spring", "amina", tmp_path / "amina.csv") == len(campaign.cells)


@pytest.mark.parametrize(
    ("last", "error", "said"),
    [
        ("{1},blast cell,", UnknownTerm, r"a\.csv, line 3: .*has no term 'blast cell'"),
        ("nowhere,Monocyte,", NotFound, r"a\.csv, line 3: round 'spring' does not hold this cell: found nowhere"),
        ("{1},Monocyte,nan", InvalidMetadata, r"a\.csv, line 3: not a time"),
        ("{0},Monocyte,", InvalidMetadata, r"a\.csv, line 3: a cell stands twice"),
    ],
)
def test_wrong_row_is_named_and_nothing_is_entered(demo_copy, campaign, tmp_path, last, error, said):
    table = tmp_path / "a.csv"
    first, second, *_ = campaign.cells
    table.write_text(f"cell,label,seconds\n{first},Monocyte,2\n{last.format(first, second)}\n")
    before = count(demo_copy, Label), count(demo_copy, Run)
    with pytest.raises(error, match=said) as caught:
        enter_label_table(demo_copy, "spring", "amina", table)
    assert str(tmp_path) not in str(caught.value)
    assert "ingest" not in caught.value.hint
    assert (count(demo_copy, Label), count(demo_copy, Run)) == before


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_table_that_cannot_be_read_says_why(demo_copy, campaign, tmp_path, name):
    with pytest.raises(UnreadableFile) as caught:
        enter_label_table(demo_copy, "spring", "amina", tmp_path / name)
    assert str(tmp_path) not in str(caught.value)


# ---------------------------------------------------------------- the command


def test_command_refuses_in_the_same_words(demo_workspace, tmp_path):
    from buffycoat.cli.app import app

    shutil.copytree(demo_workspace, tmp_path / "demo")

    def call(*arguments):
        done = CliRunner().invoke(
            app, ["label", "-w", str(tmp_path / "demo"), "--round", "spring", *map(str, arguments)]
        )
        return done.exit_code if done.exception is None else done.exception

    queue = tmp_path / "amina.csv"
    assert isinstance(call("--open-for", "amina", "--open-for", "amina"), InputError)
    assert call("--open-for", "amina", "--open-for", "reza") == 0
    assert isinstance(call("--open-for", "amina"), AlreadyExists)
    assert call("--expert", "amina", "--queue", queue) == 0
    assert isinstance(call("--expert", "amina", "--queue", queue), AlreadyExists)
    assert call("--expert", "amina", "--table", queue) == 0
    queue.write_bytes(b"cell,label\n\xff,\n")
    assert isinstance(call("--expert", "amina", "--table", queue), InvalidMetadata)
