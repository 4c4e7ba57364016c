"""``buffycoat adapter``: the parts that hold a phone on an ocular, ready to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson
from buffycoat.cli.output import show_result
from buffycoat.workflows.adapter import (
    AdapterSummary,
    PartMeasured,
    Presets,
    list_presets,
    measure_adapter,
    write_adapter,
)

__all__ = ["register"]


def adapter(
    *,
    phone: Annotated[str | None, typer.Option(help="Key of a phone.")] = None,
    ocular: Annotated[str | None, typer.Option(help="Key of an ocular.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of the files.")] = Path("adapter"),
    numbers: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="Numbers of your own.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the phones and oculars known by name.")] = False,
    measured: Annotated[
        Path | None, typer.Option("--measure", metavar="DIR", help="Measure the parts that lie in a folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the adapter that holds a phone on an ocular: parts to print, pictures, and a page to assemble by."""
    if listed:
        presets = list_presets()
        show_result(presets, _listed(presets), as_json=as_json)
        return
    if measured is not None:
        parts = measure_adapter(measured)
        show_result(parts, _measured(parts), as_json=as_json)
        return
    summary = write_adapter(
        out, phone=phone, ocular=ocular, numbers=numbers, tell=lambda step: typer.echo(f"{step} …", err=True)
    )
    show_result(summary, _told(summary), as_json=as_json)


def _listed(presets: Presets) -> str:
    lines = ["phones (~ is an estimate: measure yours; --json tells where the sizes come from)"]
    for phone in presets.phones:
        mark = "~" if "camera" in phone.estimated else ""
        left, top = (f"{mark}{place:g}" for place in phone.camera)
        size = f"{phone.width:g} x {phone.height:g} x {phone.thickness:g} mm"
        lines.append(f"  {phone.key:20} {size:24} lens {left} mm from the left, {top} mm from the top")
    lines.append("oculars (over the bare barrel, without rubber)")
    for ocular in presets.oculars:
        diameter, relief = (
            f"{'~' if name in ocular.estimated else ''}{size:g}"
            for name, size in (("diameter", ocular.diameter), ("eye_relief", ocular.eye_relief))
        )
        lines.append(f"  {ocular.key:20} {diameter} mm, eye point {relief} mm over the rim")
    return "\n".join(lines)


def _measured(parts: tuple[PartMeasured, ...]) -> str:
    materials = list(parts[0].mass_g)
    masses = "".join(f"{f'{material}, g':>9}" for material in materials)
    lines = [f"{'part':8}{'count':>6}{'cm³':>8}{masses}{'wall, mm':>10}{'loose edges':>13}"]
    for one in parts:
        grams = "".join(f"{one.mass_g[material]:9.1f}" for material in materials)
        lines.append(f"{one.part:8}{one.count:6}{one.volume_cm3:8.1f}{grams}{one.wall_mm:10.2f}{one.loose_edges:13}")
    totals = "".join(f"{sum(one.count * one.mass_g[material] for one in parts):9.0f}" for material in materials)
    volume = sum(one.count * one.volume_cm3 for one in parts)
    lines.append(f"{'all':8}{sum(one.count for one in parts):6}{volume:8.1f}{totals}")
    return "\n".join(lines)


def _told(summary: AdapterSummary) -> str:
    return (
        f"wrote {len(summary.files)} files to {summary.out}: {summary.phone} on {summary.ocular}, "
        f"{summary.volume_cm3:g} cm³, {summary.mass_g:g} g in PLA, {summary.checks} checks hold\n"
        f"open {summary.out}/index.html (Persian: index.fa.html)"
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(adapter)
