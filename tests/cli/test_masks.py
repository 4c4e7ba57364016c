"""`buffycoat masks`: choose, list, bring in and out, compare; what it prints and how it fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def folder(demo_workspace, tmp_path) -> Path:
    """A copy of the demo that may be written to."""
    return shutil.copytree(demo_workspace, tmp_path / "demo")


def test_from_a_selection_to_two_experts(command, folder, tmp_path):
    chosen = command(
        "masks",
        "select",
        "few",
        "-w",
        folder,
        "--take",
        "monocyte=3",
        "--take",
        "basophil=2",
        "--whole-only",
        "basophil",
    )
    assert chosen.status == 0, chosen.err
    assert chosen.out.splitlines() == [
        "few: 5 cells, seed 0",
        "  monocyte         3: 0 drawn, 3 drafted, 0 failed, 0 waiting",
        "  basophil         2: 0 drawn, 2 drafted, 0 failed, 0 waiting  (whole cell only)",
    ]
    out = tmp_path / "out"
    told = command("masks", "export", out, "-w", folder, "--selection", "few", "--json").result
    assert (told["cells"], told["nuclei"], told["whole"], told["without"]) == (5, 3, 5, [])
    first = command("masks", "import", out, "-w", folder, "--name", "hers", "--expert", "edna")
    assert (first.status, first.out) == (0, "masks of hers: 5 cells, 0 there before, 0 refused, 0 of no cell\n")
    listed = command("masks", "list", "-w", folder, "--json").result
    assert [(line["term"], line["drawn"]) for line in listed[0]["classes"]] == [("monocyte", 3), ("basophil", 2)]
    refused = command("masks", "import", out, "-w", folder, "--name", "his", "--expert", "emil")
    assert refused.status == 1
    assert refused.err.count("refused [conflict]") == 5
    second = command("masks", "import", out, "-w", folder, "--name", "his", "--expert", "emil", "--second")
    assert second.status == 0, second.err
    table = command("masks", "compare", "-w", folder).out.splitlines()
    assert table[0] == "edna and emil: 5 cells by both, 0 by edna alone, 0 by emil alone"
    figures = command("masks", "compare", "edna", "emil", "-w", folder, "--selection", "few", "--json").result
    assert {line["figures"]["dice"]["mean"] for line in figures["lines"]} == {1.0}


def test_the_papers_preset_names_what_is_missing(command, folder):
    refused = command("masks", "select", "paper", "-w", folder, "--preset", "paper", "--json")
    assert refused.status == 2
    assert "monocyte 242, eosinophil 201, basophil 218" in refused.err
    taken = command("masks", "select", "paper", "-w", folder, "--preset", "paper", "--as-many-as-there-are")
    assert taken.status == 0
    assert taken.out.count("asked for") == 5
    assert "of 201 asked for" in taken.out


def test_wrong_input_is_told(command, folder, tmp_path):
    for arguments in (("select", "x"), ("select", "x", "--take", "monocyte"), ("select", "x", "--preset", "none")):
        assert command("masks", *arguments, "-w", folder).status == 2
    assert command("masks", "list", "none", "-w", folder).status == 3
    assert command("masks", "import", tmp_path / "nowhere", "-w", folder).status == 2
    assert command("masks", "compare", "-w", folder).status == 2
    assert "no selection of cells yet" in command("masks", "list", "-w", folder).out
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "nobody.png").write_bytes(b"")
    nobody = command("masks", "import", tmp_path / "masks", "-w", folder)
    assert nobody.status == 1
    assert "refused [not-found] nobody.png" in nobody.err
