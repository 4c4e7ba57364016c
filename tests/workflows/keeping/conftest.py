"""A small workspace, and a backup of it that may be broken."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.ingest import IngestOptions, Record, ingest_photographs
from buffycoat.workflows.keeping.backup import back_up
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for what other programs have on their way to the disk."""
    monkeypatch.setattr(os, "sync", lambda: None)


@pytest.fixture(scope="module")
def few(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of two photographs, with their cells; copy it before it is written to."""
    folder = tmp_path_factory.mktemp("few")
    for path in sorted((demo_workspace / "photographs").rglob("*.jpg"))[:2]:
        (folder / "in").mkdir(exist_ok=True)
        shutil.copy2(path, folder / "in")
    with open_workspace(folder / "w", create=True) as workspace:
        ingest_photographs(workspace, folder / "in", record=Record(smear="S-1"), options=IngestOptions(simulated=True))
        detect_cells(workspace)
    return folder / "w"


@pytest.fixture
def own(few: Path, tmp_path: Path) -> Path:
    """The same, to write to."""
    return shutil.copytree(few, tmp_path / "own")


@pytest.fixture(scope="module")
def whole(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished backup of it; copy it before it is broken."""
    target = tmp_path_factory.mktemp("backup") / "whole"
    back_up(few, target)
    return target


@pytest.fixture
def backup(whole: Path, tmp_path: Path) -> Path:
    """A backup that may be broken."""
    return shutil.copytree(whole, tmp_path / "backup")
