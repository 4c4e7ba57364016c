"""The parts that lie built in hardware/: measured again, without any CAD program. `make adapter` builds them anew."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest

from buffycoat.adapter.mesh import loose_edges, measure_volume, steepest_overhang, thinnest_wall
from buffycoat.adapter.mesh_files import read_stl
from buffycoat.adapter.page import COUNTS, DENSITIES
from buffycoat.adapter.plan import BED, LEAST_WALL
from buffycoat.errors import UnreadableFile
from buffycoat.workflows.adapter import measure_adapter

ROOT = Path(__file__).parents[2]
HARDWARE = ROOT / "hardware"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    with (HARDWARE / name).open(newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def part(adapter: str, name: str):
    content = (HARDWARE / adapter / f"{name}.stl").read_bytes()
    return content, read_stl(content, f"{adapter}/{name}.stl")


@cache
def script():
    spec = importlib.util.spec_from_file_location("build_hardware", ROOT / "scripts" / "build_hardware.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROWS = table("parts.csv")
NAMES = [f"{row['adapter']}/{row['part']}" for row in ROWS]


def test_three_adapters_lie_there_whole():
    assert {row["adapter"] for row in ROWS} == set(script().ADAPTERS)
    pictures = {"exploded.svg", "exploded.png", "assembled.png", "below.png"}
    for adapter in script().ADAPTERS:
        there = {path.name for path in (HARDWARE / adapter).iterdir()}
        made = {f"{name}.{kind}" for name in COUNTS for kind in ("step", "stl", "3mf", "png")}
        assert there == made | pictures | {"index.html", "index.fa.html", "parts.csv"}


def test_they_are_small():
    assert sum(path.stat().st_size for path in HARDWARE.rglob("*") if path.is_file()) < 3_000_000


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_part_is_the_one_of_the_table_and_prints(row):
    content, mesh = part(row["adapter"], row["part"])
    assert hashlib.sha256(content).hexdigest() == row["stl_sha256"]
    assert loose_edges(mesh) == 0
    assert measure_volume(mesh) == pytest.approx(float(row["volume_mm3"]), abs=0.2)
    assert mesh.extent == pytest.approx([float(row[f"{axis}_mm"]) for axis in "xyz"], abs=0.01)
    assert max(mesh.extent) <= BED
    assert mesh.points[:, 2].min() == pytest.approx(0, abs=1e-4)
    assert steepest_overhang(mesh) <= 45.5
    assert thinnest_wall(mesh, rays=400) >= LEAST_WALL
    for material, density in DENSITIES.items():
        grams = float(row["volume_mm3"]) / 1000 * density
        assert float(row[f"mass_{material.lower()}_g"]) == pytest.approx(grams, abs=0.006)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_files_of_a_part_agree_and_name_no_day_and_no_machine(row):
    folder, name = HARDWARE / row["adapter"], row["part"]
    with zipfile.ZipFile(io.BytesIO((folder / f"{name}.3mf").read_bytes())) as archive:
        triangles = archive.read("3D/3dmodel.model").count(b"<triangle ")
    assert triangles == len(part(row["adapter"], name)[1].faces)
    step = (folder / f"{name}.step").read_text("ascii")
    assert step.startswith("ISO-10303-21;")
    assert re.search(r"FILE_NAME\('[^']*','2000-01-01T00:00:00'", step)
    assert f"PRODUCT('{name}'" in step


@pytest.mark.parametrize("adapter", script().ADAPTERS)
def test_the_masses_of_the_docs_are_those_that_the_command_measures(adapter):
    parts = measure_adapter(HARDWARE / adapter)
    assert all(one.wall_mm >= LEAST_WALL and one.loose_edges == 0 for one in parts)
    volume = sum(one.count * one.volume_cm3 for one in parts)
    pla, petg = (sum(one.count * one.mass_g[material] for one in parts) for material in DENSITIES)
    told = re.search(
        rf"\(../hardware/{adapter}/index.html\) \| ([\d.]+) \| (\d+) / (\d+) \|",
        (ROOT / "docs/adapter.md").read_text("utf-8"),
    )
    assert float(told[1]) == pytest.approx(volume, abs=0.11)
    assert (int(told[2]), int(told[3])) == pytest.approx((pla, petg), abs=0.6)


def test_a_folder_without_parts_is_named():
    with pytest.raises(UnreadableFile, match=r"docs/clamp\.stl"):
        measure_adapter(ROOT / "docs")


def test_the_sweep_of_the_docs_is_that_of_the_table():
    rows = table("sweep.csv")
    built = sum(row["why_not"] == "" for row in rows)
    page = (ROOT / "docs" / "adapter.md").read_text("utf-8")
    assert f"{built} of {len(rows)} combinations build" in " ".join(page.split())
    assert all((row["checks"] != "") == (row["volume_cm3"] != "") for row in rows)


def test_pages_show_what_lies_beside_them():
    for adapter in script().ADAPTERS:
        for page in ("index.html", "index.fa.html"):
            text = (HARDWARE / adapter / page).read_text("utf-8")
            targets = set(re.findall(r'(?:src|href)="([^"]+)"', text))
            assert {target for target in targets if not (HARDWARE / adapter / target).is_file()} == set()
            assert "FAILS" not in text


def test_every_size_of_the_sweep_is_built_or_says_why_not():
    """The reasons come from the plan, as now; that the others build is tried by `make adapter`."""
    module = script()
    rows = table("sweep.csv")
    wanted = list(module.combinations())
    assert len(rows) == len(wanted) == 4 * 2 * 4 * 3
    for row, (width, camera, diameter, relief, phone, ocular) in zip(rows, wanted, strict=True):
        assert [row[name] for name in module.COLUMNS[:4]] == [str(width), camera, str(diameter), str(relief)]
        plan = module.planned(phone, ocular)
        assert row["why_not"] == (plan if isinstance(plan, str) else "")
        assert bool(row["volume_cm3"]) != bool(row["why_not"])
        assert not row["longest_mm"] or float(row["longest_mm"]) <= BED
    assert {row["why_not"] != "" for row in rows} == {True, False}
