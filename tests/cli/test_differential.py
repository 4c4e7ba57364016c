"""``buffycoat differential``: what it prints and writes, and how it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from buffycoat.report.differential_reference import example_reference
from buffycoat.workflows.differential_reference import reference_view
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture(scope="module")
def folder(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(demo_workspace, tmp_path_factory.mktemp("counts") / "w")


def test_lines_for_people(command, folder):
    done = command("differential", "DRAWN-B1", "-w", folder, "--wbc", "6.2")
    lines = done.out.splitlines()
    assert done.status == 0
    assert lines[0].startswith("smear DRAWN-B1: ")
    assert lines[1] == "Research use, not a diagnosis."
    assert [head for head in lines[3].split("  ") if head.strip()] != []
    assert any(line.startswith("  band neutrophil") for line in lines)
    assert any(line.startswith("Leukocytes entered: 6.2 × 10⁹/L") for line in lines)
    assert any(line.startswith("not counted: ") for line in lines)


def test_one_object_for_programs(command, folder):
    found = command("differential", "DRAWN-B1", "-w", folder, "--json").result
    assert found["notice"] == "Research use, not a diagnosis."
    assert found["leukocytes"] + sum(each["cells"] for each in found["not_counted"]) == found["found"]
    assert [interval["cells"] for interval in found["rows"][0]["planned"]] == [100, 200, 500]


def test_a_page_with_reference_intervals(command, folder, tmp_path):
    assert command("differential", "--example").out == example_reference()
    (tmp_path / "mine.toml").write_text(command("differential", "--example").out, encoding="utf-8")
    page = tmp_path / "count.html"
    done = command(
        "differential", "DRAWN-A1", "-w", folder, "--wbc", "6", "--reference", tmp_path / "mine.toml", "--html", page
    )
    assert done.out.endswith(f"wrote {page}\n")
    html = page.read_text(encoding="utf-8")
    assert "Research use, not a diagnosis." in html
    assert "EXAMPLE" in html
    assert "<script" not in html
    with open_workspace(folder) as opened:
        assert reference_view(opened).intervals is None


def test_a_file_is_kept_when_asked_for(command, demo_workspace, tmp_path):
    folder = shutil.copytree(demo_workspace, tmp_path / "w")
    ours = tmp_path / "ours.toml"
    ours.write_text('laboratory = "Ours"', encoding="utf-8")
    done = command("differential", "-w", folder, "--reference", ours, "--keep")
    assert done.out == "kept the reference intervals of ours.toml\n"
    assert command("differential", "DRAWN-A1", "-w", folder, "--json").result["reference"]["laboratory"] == "Ours"


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["nothing"], 3, "no smear has this code or id"),
        (["DRAWN-A1", "--wbc", "0"], 2, "this is no count of leukocytes"),
        (["DRAWN-A1", "--wbc", "6200"], 2, "6.2, not 6200"),
        (["DRAWN-A1", "--reference", "nowhere.toml"], 2, "nowhere.toml cannot be read"),
        (["DRAWN-A1", "--html", "nowhere/count.html"], 2, "the page count.html cannot be written"),
        ([], 2, "name a smear"),
        (["DRAWN-A1", "--keep"], 2, "--keep keeps the file of --reference"),
    ],
)
def test_refusals(command, folder, arguments, status, told):
    done = command("differential", *arguments, "-w", folder)
    assert done.status == status
    assert told in done.err


def test_a_broken_file_is_told_with_key_expected_and_found(command, folder, tmp_path):
    ours = tmp_path / "ours.toml"
    ours.write_text('laboratory = "Ours"\n[percent]\nneutrofil = [1, 2]\n', encoding="utf-8")
    done = command("differential", "DRAWN-A1", "-w", folder, "--reference", ours, "--json")
    assert done.status == 2
    error = json.loads(done.out)["error"]
    assert error["code"] == "unreadable-format"
    assert "ours.toml: [percent]" in error["message"]
    assert error["found"] == "'neutrofil'"
    assert "neutrophil" in error["expected"]


def test_nothing_to_count(command, tmp_path):
    from buffycoat.domain.smear import Smear

    with open_workspace(tmp_path / "w", create=True) as empty, empty.database.writing() as transaction:
        transaction.add([Smear(id="one", code="A1")])
    done = command("differential", "A1", "-w", tmp_path / "w")
    assert (done.status, "no leukocyte of smear A1 can be counted" in done.err) == (2, True)
