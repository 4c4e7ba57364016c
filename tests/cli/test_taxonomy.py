"""The commands about taxonomies."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from buffycoat.cli.app import app
from buffycoat.domain.taxonomy import ICSH, RAABIN, read_taxonomy, write_taxonomy
from buffycoat.errors import AlreadyExists, InvalidTaxonomy, UnknownTerm, UnreadableFile, UnwritableFile

MINE = """
name = "mine"
version = 2
[[terms]]
key = "all"
name = "all"
kind = "root"
[[terms]]
key = "wbc"
name = "white cell"
parent = "all"
kind = "leukocyte"
hotkey = "5"
"""


def invoke(*arguments):
    return CliRunner().invoke(app, ["taxonomy", *map(str, arguments)], catch_exceptions=False)


def test_list_is_what_comes_without_a_sub_command():
    said = invoke().stdout
    assert said == invoke("list").stdout
    assert said.startswith("raabin@2\n")
    assert [
        term.key for term in RAABIN.terms if not any(line.startswith(f"{term.key} ") for line in said.split("\n"))
    ] == []
    assert "level five-class: neutrophil, lymphocyte, monocyte, eosinophil, basophil" in said
    assert json.loads(invoke("--json").stdout)["terms"][0]["key"] == "element"


def test_options_stand_before_or_after_the_sub_command():
    assert invoke("--taxonomy", "icsh").stdout == invoke("list", "--taxonomy", "icsh@2").stdout
    assert "\nnot-leukocyte " in invoke("--taxonomy", "icsh").stdout
    assert "\nnot-leukocyte " not in invoke("--taxonomy", "icsh@1").stdout
    assert invoke("--taxonomy", "icsh", "--json", "show", "Blast").stdout == (
        invoke("show", "Blast", "--json", "--taxonomy", "icsh").stdout
    )


def test_show_tells_all_of_a_term():
    said = " ".join(invoke("show", "Large Lymph").stdout.split())
    term = RAABIN.term("lymphocyte.large")
    assert term.morphology in said
    assert "; ".join(term.raised_in) in said
    assert "element > leukocyte > lymphocyte > lymphocyte.large" in said
    assert "five-class: lymphocyte" in said
    assert "five-class: outside" in invoke("show", "Band").stdout
    assert "10.1038/s41598-021-04426-x" in said
    assert RAABIN.notice in said
    with pytest.raises(UnknownTerm, match="monocyte"):
        invoke("show", "monocyt")


def test_check_says_what_is_in_a_file_or_what_is_wrong_with_it(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(MINE)
    assert invoke("check", file).stdout == "mine.toml: mine@2, 2 terms, 1 leaves; levels full\n"
    file.write_text(MINE.replace("hotkey", "hotky"))
    with pytest.raises(
        InvalidTaxonomy, match=r"mine.toml: term 'wbc' has an unknown field: expected hotkey, found 'hotky'"
    ):
        invoke("check", file)
    done = subprocess.run(
        [sys.executable, "-m", "buffycoat", "taxonomy", "check", str(file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "error [invalid-taxonomy]: mine.toml: term 'wbc' has an unknown field" in done.stderr
    for bad in (tmp_path, tmp_path / "nothing.toml"):
        with pytest.raises(UnreadableFile):
            invoke("check", bad)
    bare = tmp_path / "raabin"
    bare.write_text(MINE)
    assert "mine@2" in invoke("check", bare).stdout, "a file is never taken for a name"


def test_draw_writes_the_tree_of_a_name_or_a_file(tmp_path):
    out = tmp_path / "tree.svg"
    said = invoke("draw", "--out", out, "--taxonomy", "icsh").stdout
    assert said == f"wrote {out}: icsh@2, {len(ICSH.terms)} terms\n"
    assert ET.parse(out).getroot().tag.endswith("svg")
    file = tmp_path / "mine.toml"
    file.write_text(MINE)
    assert "mine@2, 2 terms" in invoke("draw", "--out", out, "--taxonomy", file).stdout
    with pytest.raises(UnwritableFile, match="cannot be written"):
        invoke("draw", "--out", tmp_path / "no" / "tree.svg")
    with pytest.raises(UnknownTerm, match="raabin or icsh"):
        invoke("draw", "--out", out, "--taxonomy", "leukopy")
    with pytest.raises(UnknownTerm, match="expected raabin@2, found raabin@7"):
        invoke("draw", "--out", out, "--taxonomy", "raabin@7")


def test_copy_begins_a_file_of_ones_own_and_writes_over_nothing(tmp_path):
    file = tmp_path / "mine.toml"
    said = invoke("copy", file).stdout
    assert said == f"wrote {file}: mine@1, {len(RAABIN.terms)} terms of raabin@2\n"
    mine = read_taxonomy(file.read_bytes(), name="mine.toml")
    assert mine.levels == RAABIN.levels
    assert {term.maps_to for term in mine.terms} == {term.key for term in RAABIN.terms}
    assert invoke("check", file).stdout.startswith("mine.toml: mine@1, 23 terms, 19 leaves; levels full, five-class")
    before = file.read_bytes()
    with pytest.raises(AlreadyExists):
        invoke("copy", file, "--taxonomy", "icsh")
    assert file.read_bytes() == before
    assert (
        "lab-b@1, 38 terms of icsh@2" in invoke("copy", tmp_path / "b", "--taxonomy", "icsh", "--name", "lab-b").stdout
    )
    with pytest.raises(InvalidTaxonomy, match="'my cells' is no key"):
        invoke("copy", tmp_path / "my cells.toml")
    with pytest.raises(UnwritableFile):
        invoke("copy", tmp_path / "no" / "mine.toml")


def test_draw_counts_what_the_experts_of_a_workspace_said(demo_workspace, tmp_path):
    from buffycoat.workflows.taxonomy import term_counts
    from buffycoat.workflows.workspace import open_workspace

    folder = tmp_path / "w"
    shutil.copytree(demo_workspace, folder)
    with open_workspace(folder) as workspace:
        counts = term_counts(workspace)
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    assert counts["neutrophil.segmented"] > 10
    out = tmp_path / "tree.svg"
    told = json.loads(invoke("draw", "--out", out, "--workspace", folder, "--json").stdout)
    assert told == {"out": str(out), "taxonomy": "raabin@2", "cells": sum(counts.values())}
    assert f">{counts['neutrophil.segmented']:,}<" in out.read_text()
    with pytest.raises(UnknownTerm, match=r"labels of this workspace are not all of icsh@2"):
        invoke("draw", "--out", out, "--workspace", folder, "--taxonomy", "icsh")
    file = tmp_path / "mine.toml"
    file.write_bytes(write_taxonomy(RAABIN).replace(b'name = "raabin"', b'name = "mine"', 1))
    assert "mine@2" in invoke("draw", "--out", out, "-w", folder, "--taxonomy", file).stdout


def test_counted_are_agreed_adjudicated_and_single_answers(monkeypatch):
    from buffycoat.domain.label import Consensus, Standing
    from buffycoat.workflows import taxonomy

    said = [
        ("a", "agreed"),
        ("a", "single"),
        ("b", "adjudicated"),
        (None, "open"),
        (None, "disputed"),
        ("c", "disputed"),
    ]
    known = {
        str(i): Consensus(cell_id=str(i), standing=Standing(standing), term=term)
        for i, (term, standing) in enumerate(said)
    }
    monkeypatch.setattr(taxonomy, "consensus_by_cell", lambda _: known)
    assert taxonomy.term_counts(None) == {"a": 2, "b": 1}
