"""`buffycoat repeats` and `buffycoat clean`: what they print, for people and for programs, and how they fail."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from buffycoat.domain.run import Run
from buffycoat.workflows.repeats import list_repeats
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture
def folder(demo_workspace, tmp_path) -> Path:
    """A copy of the demo that may be written to."""
    return shutil.copytree(demo_workspace, tmp_path / "demo")


@pytest.fixture(scope="module")
def groups(demo_workspace):
    with open_workspace(demo_workspace) as opened:
        return list_repeats(opened)


def test_list_tells_programs_what_the_workflow_says(command, demo_workspace, groups):
    told = command("repeats", "list", "-w", demo_workspace, "--json").result
    assert [tuple(each["cells"]) for each in told] == [view.cells for view in groups]
    assert [each["edges"][0]["evidence"] for each in told] == [str(view.edges[0].evidence) for view in groups]
    assert {len(edge["warp"]) for each in told for edge in each["edges"]} == {6}
    assert command("repeats", "list", "-w", demo_workspace, "--differ", "--json").result == []
    of_one = command("repeats", "list", "-w", demo_workspace, "--smear", "DRAWN-B1", "--json").result
    assert [each["smear"] for each in of_one] == ["DRAWN-B1"] * sum(view.smear == "DRAWN-B1" for view in groups) != []


def test_list_tells_people_what_is_kept_and_why(command, demo_workspace, groups):
    lines = command("repeats", "list", "-w", demo_workspace).out.splitlines()
    assert lines[0] == f"{len(groups)} cells with several pictures"
    kept, left_out = groups[0].cells
    assert lines[1] == groups[0].smear
    assert lines[2].split()[:2] == [kept, "kept"]
    assert lines[3].split()[:3] == [left_out, "left", "out"]
    assert lines[4].strip().startswith("overlap: correlation 0.99")
    assert not any(line != line.rstrip() for line in lines)


def test_two_pictures_are_ruled_on_and_it_is_listed(command, folder, groups):
    kept, left_out = groups[0].cells

    def listed() -> list[tuple[str, ...]]:
        return [tuple(each["cells"]) for each in command("repeats", "list", "-w", folder, "--json").result]

    before = listed()
    said = command("repeats", "apart", kept, left_out, "-w", folder, "--by", "amina", "--reason", "two nuclei")
    assert (said.status, said.out) == (0, f"ruled apart by amina: two nuclei ({kept} {left_out})\n")
    assert listed() == [cells for cells in before if cells != (kept, left_out)]
    again = command("clean", "-w", folder, "--json").result
    assert [(each["done"], each["before"]) for each in again] == [(0, 5)]
    assert command("repeats", "keep", left_out, kept, "-w", folder, "--by", "amina").status == 0
    assert (left_out, kept) in listed()
    assert "ruled keep by amina (" in command("repeats", "list", "-w", folder, "--smear", groups[0].smear).out
    assert command("repeats", "measured", kept, left_out, "-w", folder, "--by", "reza").status == 0
    assert listed() == before


def test_who_says_it_may_come_from_the_environment_and_must_come_from_somewhere(command, folder, groups, monkeypatch):
    one, other = groups[0].cells[0], next(view.cells[0] for view in groups[1:] if view.smear == groups[0].smear)
    nobody = command("repeats", "together", one, other, "-w", folder)
    assert nobody.status == 2
    assert "--by" in nobody.err
    monkeypatch.setenv("BUFFYCOAT_HANDLE", "amina")
    said = command("repeats", "together", one, other, "-w", folder)
    assert (said.status, said.out) == (0, f"ruled together by amina ({one} {other})\n")
    told = command("repeats", "list", "-w", folder, "--json").result
    (group,) = [each for each in told if one in each["cells"]]
    assert {one, other} < set(group["cells"]), "their repeats come along"
    assert len(group["cells"]) == 4
    assert [ruling["by"] for ruling in group["rulings"]] == ["amina"]


def test_across_tells_that_no_two_drawn_smears_share_a_cell(command, folder):
    assert command("repeats", "across", "-w", folder, "--json").result == []
    again = command("repeats", "across", "-w", folder)
    assert (again.status, again.out) == (0, "0 cells show up in two smears\n")


def test_calibrate_tells_thresholds_asks_a_person_and_reads_the_answers(command, folder, tmp_path):
    asked = tmp_path / "asked"
    told = command("repeats", "calibrate", "-w", folder, "--most", "20", "--borderline", asked)
    lines = told.out.splitlines()
    assert told.status == 0, told.err
    assert lines[0].startswith("20 made-up repeats, ")
    (take,) = [line for line in lines if line.startswith("take `buffycoat clean --method paper")]
    assert lines[-1].startswith("wrote ")
    assert str(asked) in lines[-1]
    found = command("repeats", "calibrate", "-w", folder, "--most", "20", "--json").result
    chosen = found["chosen"]
    bits = ["--average-bits", str(chosen["average_bits"]), "--perceptual-bits", str(chosen["perceptual_bits"])]
    assert take == f"take `buffycoat clean --method paper {' '.join(bits)}`"
    # What it says may be typed.
    cleaned = command("clean", "-w", folder, "--method", "paper", *bits, "--json").result
    assert [(each["done"], each["refused"]) for each in cleaned] == [(5, [])]
    table = asked / "pairs.csv"
    head, *rows = table.read_text().splitlines()
    table.write_text("\n".join([head, *(row.replace(",,", ",yes,") for row in rows)]))
    answers = command("repeats", "calibrate", "--answers", asked, "--json").result
    assert (answers["asked"], answers["precision"], answers["recall"]) == (len(rows), 1.0, 1.0)
    text = command("repeats", "calibrate", "--answers", asked).out
    assert text.startswith(f"fewer than {answers['average_bits']} bits (average)")
    once_more = command("repeats", "calibrate", "-w", folder, "--most", "20", "--borderline", asked)
    assert (once_more.status, "error [already-exists]" in once_more.err) == (4, True)


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["list", "--smear", "DRAWN-Z"], 3, "not-found"),
        (["apart", "c0", "c1", "--by", "amina"], 3, "not-found"),
        (["keep", "{a}", "{b}", "--by", "amina"], 2, "input"),
        (["apart", "{a}", "{a}", "--by", "amina"], 4, "conflict"),
        (["apart", "{a}", "{b}", "--by", " "], 2, "input"),
        (["calibrate", "--answers", "none.csv"], 3, "not-found"),
    ],
)
def test_errors_have_their_exit_status_and_change_nothing(
    command, demo_workspace, groups, arguments: list[str], status: int, code: str
):
    one = groups[0]
    names = {"a": one.cells[0], "b": next(view.cells[0] for view in groups if view.smear != one.smear)}
    filled = [word.format(**names) for word in arguments]
    done = command("repeats", *filled, "-w", demo_workspace)
    assert done.status == status, done.err
    assert f"error [{code}]" in done.err
    assert "Traceback" not in done.err
    with open_workspace(demo_workspace) as opened:
        assert list_repeats(opened) == groups
        with opened.database.reading() as transaction:
            assert transaction.count(Run, function="clean.rule") == 0


def test_no_workspace_no_repeats(command, tmp_path):
    done = command("repeats", "list", "-w", tmp_path / "none", "--json")
    assert done.status == 7
    assert json.loads(done.out)["error"]["code"] == "workspace-missing"


@pytest.mark.parametrize("wrong", [["--average-bits", "66"], ["--perceptual-bits", "0"], ["--method", "by-hand"]])
def test_clean_refuses_thresholds_and_methods_that_are_none(command, demo_workspace, wrong: list[str]):
    done = command("clean", "-w", demo_workspace, *wrong)
    assert done.status == 2
    assert wrong[0] in done.err


def test_rulings_are_told_to_programs(command, folder, groups):
    kept, left_out = groups[0].cells
    said = command("repeats", "apart", kept, left_out, "-w", folder, "--by", "amina", "--json").result
    assert {name: said[name] for name in ("cell_id", "other_id", "ruled", "by", "reason")} == {
        "cell_id": kept,
        "other_id": left_out,
        "ruled": "apart",
        "by": "amina",
        "reason": "",
    }
    back = command("repeats", "measured", kept, left_out, "-w", folder, "--by", "amina", "--json").result
    assert back["ruled"] == "measured"


def test_a_cleaning_is_compared_and_undone(command, folder):
    def listed() -> list[list[str]]:
        return [each["cells"] for each in command("repeats", "list", "-w", folder, "--json").result]

    before = listed()
    assert command("clean", "-w", folder, "--method", "paper").status == 0
    newest, oldest = command("repeats", "runs", "-w", folder, "--json").result
    assert [each["lines"]["method"] for each in (newest, oldest)] == ["paper", "registered"]
    lines = command("repeats", "runs", "-w", folder).out.splitlines()
    assert lines[0] == "2 cleanings"
    assert lines[1].startswith(newest["id"])
    assert lines[1].endswith("cleaned: paper, fewer than 6 and 12 bits")
    change = command("repeats", "compare", newest["id"], "-w", folder, "--json").result
    assert change["parted"] > 0
    told = command("repeats", "compare", oldest["id"], newest["id"], "-w", folder).out
    assert told.startswith(f"{change['parted']} pairs joined, {change['joined']} parted;")
    went = command("repeats", "undo", newest["id"], "-w", folder, "--json").result
    assert went == {"again": 5, "anew": 0, "kept": 0}
    assert listed() == before
    nothing = command("repeats", "undo", oldest["id"], "-w", folder)
    assert nothing.status != 0
    assert "nothing stood before" in nothing.err
