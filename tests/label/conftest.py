"""The labels that two experts gave the cells of Raabin's first microscope, read without buffycoat's readers."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from buffycoat.domain.taxonomy import RAABIN


class Raabin(NamedTuple):
    names: list[str]
    films: list[str]
    first: list[str | None]
    second: list[str | None]


@pytest.fixture(scope="session")
def raabin(data: Path) -> Raabin:
    """Name (that of its crop), film and both labels of 36,624 cells, as keys of terms."""
    keys: dict[str | None, str | None] = {None: None}
    found = Raabin([], [], [], [])
    with zipfile.ZipFile(data / "raabin_json" / "first_microscope_jsons.zip") as archive:
        for name in archive.namelist():
            if not name.endswith(".json"):
                continue
            content = json.loads(archive.read(name))
            for key, cell in content.items():
                if key.startswith("Cell_"):
                    for column, label in ((found.first, "Label1"), (found.second, "Label2")):
                        word = cell[label]
                        if word not in keys:
                            keys[word] = RAABIN.read(word).key
                        column.append(keys[word])
                    found.films.append(content["Film ID"])
                    found.names.append(f"{content['Film ID']}_{cell['Cell_ID'].removesuffix('.bmp')}")
    return found
