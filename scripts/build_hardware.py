"""Build what lies in hardware/: three adapters with their files, the table of their parts, and the sweep of sizes.

``python scripts/build_hardware.py`` in an environment with the extra ``cad`` (`make hardware` makes one); with names of
folders, or ``sweep``, only those.
"""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from buffycoat.adapter import Ocular, Phone, Plan, plan_adapter
from buffycoat.adapter.assembly import build_parts
from buffycoat.adapter.checks import check_built, check_mesh
from buffycoat.adapter.page import COUNTS
from buffycoat.adapter.solids import as_printed
from buffycoat.errors import InputError
from buffycoat.workflows.adapter import write_adapter

HARDWARE = Path(__file__).parents[1] / "hardware"
ADAPTERS = {
    "samsung-galaxy-s5-on-olympus-cx18": ("samsung-galaxy-s5", "olympus-cx18"),
    "lg-g3-on-zeiss-primo-star": ("lg-g3", "zeiss-primo-star"),
    "iphone-15-pro-on-olympus-cx23": ("iphone-15-pro", "olympus-cx23"),
}
WIDTHS = (60, 70, 80, 90)
DIAMETERS = (25, 30, 35, 40)
RELIEFS = (8, 12, 18)
COLUMNS = ("phone_width_mm", "camera", "ocular_mm", "eye_relief_mm", "volume_cm3", "longest_mm", "checks", "why_not")


def combinations() -> Iterator[tuple[int, str, int, int, Phone, Ocular]]:
    """Phones of every width with the lens in a corner and in the middle, on oculars of every diameter and eye point."""
    for width, camera, diameter, relief in product(WIDTHS, ("corner", "middle"), DIAMETERS, RELIEFS):
        left = 13.0 if camera == "corner" else width / 2
        phone = Phone(
            key=f"{width} mm, {camera}",
            name=f"{width} mm, {camera}",
            width=width,
            height=2.05 * width,
            thickness=8.5,
            camera=(left, 15.0),
            island=(left - 11, 4.0, 22.0, 22.0),
        )
        ocular = Ocular(key=f"{diameter} mm", name=f"{diameter} mm", diameter=diameter, eye_relief=relief)
        yield width, camera, diameter, relief, phone, ocular


def planned(phone: Phone, ocular: Ocular) -> Plan | str:
    """Return the plan, or why there is none."""
    try:
        return plan_adapter(phone, ocular)
    except InputError as error:
        return str(error)


def sweep() -> Iterator[tuple[object, ...]]:
    """Build and check every combination, at the eight corners of its adjustment."""
    for width, camera, diameter, relief, phone, ocular in combinations():
        plan = planned(phone, ocular)
        if isinstance(plan, str):
            yield width, camera, diameter, relief, "", "", "", plan
            continue
        built = build_parts(plan)
        checks = [one for name, solid in built.items() for one in check_mesh(name, as_printed(name, solid))]
        checks += check_built(plan, built, steps=2)
        why = [f"{name} is not one sound solid" for name, solid in built.items() if not _sound(solid)]
        why += [f"{one.name} {one.part}: {one.found}" for one in checks if not one.holds]
        longest = max(max(solid.bounding_box().size) for solid in built.values())
        volume = sum(solid.volume * COUNTS[name] for name, solid in built.items()) / 1000
        yield width, camera, diameter, relief, f"{volume:.1f}", f"{longest:.1f}", len(checks), "; ".join(why)


def _sound(solid: Any) -> bool:
    return len(solid.solids()) == 1 and solid.is_valid


def main() -> None:
    wanted = sys.argv[1:] or [*ADAPTERS, "sweep"]
    HARDWARE.mkdir(exist_ok=True)
    for folder, (phone, ocular) in ADAPTERS.items():
        if folder in wanted:
            shutil.rmtree(HARDWARE / folder, ignore_errors=True)
            print(write_adapter(HARDWARE / folder, phone=phone, ocular=ocular))  # noqa: T201 (a program's answer)
    rows = []
    for folder in ADAPTERS:
        if (HARDWARE / folder / "parts.csv").is_file():
            with (HARDWARE / folder / "parts.csv").open(newline="") as table:
                rows += [{"adapter": folder, **row} for row in csv.DictReader(table)]
    with (HARDWARE / "parts.csv").open("w", newline="") as table:
        writer = csv.DictWriter(table, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    if "sweep" in wanted:
        with (HARDWARE / "sweep.csv").open("w", newline="") as table:
            lines = csv.writer(table, lineterminator="\n")
            lines.writerow(COLUMNS)
            for row in sweep():
                lines.writerow(row)
                table.flush()


if __name__ == "__main__":
    main()
