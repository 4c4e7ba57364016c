"""From a plan to all files of an adapter, as bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from buffycoat.adapter.assembly import assemble, build_parts
from buffycoat.adapter.checks import Check, check_built, check_mesh
from buffycoat.adapter.mesh import measure_volume
from buffycoat.adapter.mesh_files import write_3mf, write_stl
from buffycoat.adapter.page import (
    COUNTS,
    DENSITIES,
    LANGUAGES,
    PartRow,
    adapter_words,
    numbers_of_parts,
    write_page,
)
from buffycoat.adapter.pictures import draw_assembled, draw_exploded, draw_lines, draw_part
from buffycoat.adapter.plan import Plan
from buffycoat.adapter.solids import PRINTED, as_printed, as_step
from buffycoat.domain.value import digest_of, value
from buffycoat.errors import Unsound

__all__ = ["Made", "make_adapter"]

_STEPS = 3


@value
class Made:
    """An adapter, ready to be written.

    Attributes
    ----------
    files : mapping
        Content by name.
    rows : tuple of PartRow
        The parts.
    checks : tuple of Check
        What was checked; all hold.
    """

    files: Mapping[str, bytes]
    rows: tuple[PartRow, ...]
    checks: tuple[Check, ...]


def make_adapter(plan: Plan, *, tell: Callable[[str], None] = lambda _: None) -> Made:
    """Build an adapter, check it, and return its files: the same plan always makes the same parts.

    Parameters
    ----------
    plan : Plan
        The measures.
    tell : callable
        Told what is done next.

    Raises
    ------
    Unsound
        If a check fails; then there are no files.
    """
    tell("solids")
    built = build_parts(plan)
    meshes = {name: as_printed(name, solid) for name, solid in built.items()}
    tell("checks")
    checks = [check for name, mesh in meshes.items() for check in check_mesh(name, mesh)]
    checks += check_built(plan, built, steps=_STEPS)
    failed = [check for check in checks if not check.holds]
    if failed:
        worst = failed[0]
        raise Unsound(
            f"the adapter for {plan.phone.key} on {plan.ocular.key} fails a check: {worst.name} {worst.part}".rstrip(),
            expected=worst.limit,
            found=worst.found,
            hint="nothing was written; other numbers, by a millimeter or two, may pass",
        )
    tell("files")
    files: dict[str, bytes] = {}
    rows = []
    for name, solid in built.items():
        stl = write_stl(meshes[name], name)
        files |= {
            f"{name}.stl": stl,
            f"{name}.3mf": write_3mf(meshes[name], name),
            f"{name}.step": as_step(name, solid),
        }
        rows.append(
            PartRow(
                name=name,
                count=COUNTS[name],
                volume=measure_volume(meshes[name]),
                extent=meshes[name].extent,
                digest=digest_of(stl),
            )
        )
    tell("pictures")
    bodies = list(assemble(plan, built))
    numbers = numbers_of_parts()
    files["exploded.svg"] = draw_lines(bodies, numbers, title=_title(plan)).encode()
    files["exploded.png"] = _png(draw_exploded(bodies, numbers, width=760))
    files["assembled.png"] = _png(draw_assembled(bodies, width=640))
    files["below.png"] = _png(draw_assembled(bodies, width=640, below=True))
    files |= {f"{name}.png": _png(draw_part(name, mesh, width=280)) for name, mesh in meshes.items()}
    for language in LANGUAGES:
        name = "index.html" if language == "en" else f"index.{language}.html"
        files[name] = write_page(plan, rows, checks, language=language)
    files["parts.csv"] = _table(rows)
    return Made(files=files, rows=tuple(rows), checks=tuple(checks))


def _title(plan: Plan) -> str:
    words = adapter_words("en")
    return f"{words['title'].format(phone=plan.phone.name, ocular=plan.ocular.name)}. {words['exploded']}"


def _png(picture: NDArray[np.uint8]) -> bytes:
    """Return a small PNG: shaded flat faces need no more than 240 colors."""
    written = io.BytesIO()
    reduced = Image.fromarray(picture).quantize(240, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    reduced.save(written, "PNG", optimize=True)
    return written.getvalue()


def _table(rows: Sequence[PartRow]) -> bytes:
    told = io.StringIO()
    table: Any = csv.writer(told, lineterminator="\n")
    masses = [f"mass_{material.lower()}_g" for material in DENSITIES]
    table.writerow(
        ["number", "part", "count", "x_mm", "y_mm", "z_mm", "volume_mm3", *masses, "turned_deg", "stl_sha256"]
    )
    for number, row in enumerate(rows, start=1):
        turned = " ".join(f"{angle:g}" for angle in PRINTED[row.name])
        size = [f"{side:.2f}" for side in row.extent]
        weights = [f"{row.mass(material):.2f}" for material in DENSITIES]
        table.writerow([number, row.name, row.count, *size, f"{row.volume:.1f}", *weights, turned, row.digest])
    return told.getvalue().encode()
