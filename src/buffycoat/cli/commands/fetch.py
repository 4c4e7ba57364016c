"""``buffycoat fetch``: the public sets, and what it takes to have one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from buffycoat.cli.options import AsJson
from buffycoat.cli.output import REFUSED, say, show_result
from buffycoat.workflows.fetching.download import ShowBytes
from buffycoat.workflows.fetching.sets import RECORD, FetchSummary, PublicSet, fetch_set, find_set, public_sets

__all__ = ["register"]


def fetch(
    name: Annotated[str | None, typer.Argument(help="Of a public set; without it, they are listed.")] = None,
    *,
    out: Annotated[Path | None, typer.Option(help="Folder to fetch into; default: one of the set's name.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the public sets, or fetch one: resumed where it broke off, checked, recorded with its digests.

    The exit status is 0 when all files of the set are here, and 1 when some are missing: refused, or still to be got
    by hand.
    """
    if name is None:
        sets = public_sets()
        show_result(sets, _listing(sets), as_json=as_json)
        return
    chosen = find_set(name)
    typer.echo(_notice(chosen), err=as_json)
    with _byte_bars() as progress:
        summary = fetch_set(name, out or Path(name), progress=progress)
    show_result(summary, _text(summary), as_json=as_json)
    for file in summary.files:
        if file.code is not None:
            say(f"refused [{file.code}] {file.name}: {file.message}", err=True)
    if not summary.complete:
        raise typer.Exit(REFUSED)


def _listing(sets: Sequence[PublicSet]) -> str:
    rows = [("name", "size", "how", "what, and under which license")]
    rows += [(each.name, _size(each.size_bytes), "direct" if each.direct else "by hand", each.title) for each in sets]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) for row in rows
    ]
    indent = " " * (sum(widths) + 6)
    licenses = ["", *(f"\n{indent}{each.license}" for each in sets)]
    listed = [line + terms for line, terms in zip(lines, licenses, strict=True)]
    return "\n".join([*listed, "", "`buffycoat fetch NAME` fetches one; `--json` gives all that is known of them"])


def _size(count: int | None) -> str:
    if count is None:
        return "not stated"
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"


def _notice(chosen: PublicSet) -> str:
    doi = f" · doi {chosen.doi}" if chosen.doi else ""
    files = ", ".join(f"{file.name} ({_size(file.size_bytes)})" for file in chosen.files) or "to be got by hand"
    lines = [
        chosen.title,
        f"license: {chosen.license}",
        f"cite: {chosen.citation}{doi}",
        f"page: {chosen.page}",
        f"files: {files}",
    ]
    if any((file.address or "").startswith("http:") and file.sha256 is None for file in chosen.files):
        lines.append("note: some of it comes over plain http, and nobody has stated its digest")
    return "\n".join(lines)


def _text(summary: FetchSummary) -> str:
    lines = []
    for file in summary.files:
        known = " and ".join("size" if key == "size_bytes" else key for key in file.checked)
        facts = "" if file.size_bytes is None else f" · {_size(file.size_bytes)} · sha256 {file.sha256}"
        vouched = "" if file.size_bytes is None else f" · checked: {known or 'nothing to check against'}"
        lines.append(f"{file.status}: {file.name or summary.name}{facts}{vouched}")
    lines.append(f"record: {Path(summary.folder) / RECORD}" if _any_here(summary) else "nothing is here yet")
    lines.append("next:" if summary.complete else "not complete; what to do:")
    lines += [f"  {step}" for step in summary.steps]
    return "\n".join(lines)


def _any_here(summary: FetchSummary) -> bool:
    return any(file.status in ("fetched", "before", "found") for file in summary.files)


@contextmanager
def _byte_bars() -> Iterator[ShowBytes]:
    """Show how much of each file is here, the speed and the time left; nothing where nobody watches."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total, completed=done)
            bars.update(tasks[name], completed=done, total=total)

        yield show


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(fetch)
