"""The summary in the folder names files; the one that is kept, and that the service shows, does not."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from buffycoat.domain.run import Document
from buffycoat.workflows.ingest import Record
from buffycoat.workflows.run import run_photographs
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture
def pages(tmp_path) -> tuple[str, str]:
    """The page in the folder and the page that is kept, of a folder whose names tell of a person."""
    source = tmp_path / "photographs"
    source.mkdir()
    pixels = np.random.default_rng(3).integers(0, 256, (96, 128, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(source / "Roe-first.png")
    shutil.copy2(source / "Roe-first.png", source / "Roe-second.png")
    for number in range(3):
        (source / f"Roe-Jane-1961-{number}.jpg").write_text(f"no picture {number}")
    (source / "Roe-letter.txt").write_text("no photograph")
    with open_workspace(tmp_path / "w", create=True) as workspace:
        run_photographs(workspace, source, record=Record(smear="S-1"))
        with workspace.database.reading() as transaction:
            (document,) = transaction.find(Document, kind="summary")
        kept = workspace.objects.get(document.digest).decode()
    return (tmp_path / "w" / "summary.html").read_text(), kept


def test_the_page_in_the_folder_names_each_file(pages):
    named, _ = pages
    names = ["Roe-Jane-1961-0.jpg", "Roe-Jane-1961-2.jpg", "Roe-second.png", "Roe-letter.txt"]
    assert [name for name in names if name not in named] == []


def test_the_page_that_is_kept_counts_them_and_names_none(pages):
    _, kept = pages
    assert "Roe" not in kept
    assert "ingest: 3 files</td><td><code>unreadable-image</code>" in kept
    assert kept.count("their names are in summary.html in the workspace") == 3
    assert "ingest: 1 file: their names" in kept
    assert "<li>1 file: their names" in kept
