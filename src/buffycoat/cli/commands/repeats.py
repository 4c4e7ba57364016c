"""``buffycoat repeats``: pictures of one cell and why, what people rule on them, smears that share cells."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import finish, progress_bars, show_result
from buffycoat.domain.cell import DuplicateEdge
from buffycoat.domain.repeating import Lines
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.workflows import across as smears
from buffycoat.workflows import calibration, repeating
from buffycoat.workflows import repeats as rooms
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

CellId = Annotated[str, typer.Argument(metavar="CELL", help="Id of a cell, as the list and the studio show it.")]
OtherId = Annotated[str, typer.Argument(metavar="OTHER", help="Id of the other cell, of the same smear.")]
By = Annotated[str, typer.Option("--by", envvar="BUFFYCOAT_HANDLE", help="Who says so.", show_default=False)]
Cleaned = Annotated[str, typer.Argument(metavar="CLEANING", help="Id of a cleaning, as `repeats runs` lists them.")]
Why = Annotated[str, typer.Option("--reason", help="Why; it is kept beside the ruling.")]

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def repeats() -> None:
    """List the pictures of one cell with their evidence, rule on them, and look for cells that two smears share."""


@commands.command("list")
def list_groups(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    smear: Annotated[str | None, typer.Option(help="Only of the smear with this code.")] = None,
    differ: Annotated[
        bool, typer.Option("--differ", help="Only where pictures of one cell got different labels.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List each cell that has several pictures: the kept one first, its labels, and what says that they are one."""
    with open_workspace(workspace) as opened:
        groups = rooms.list_repeats(opened, smear=smear, differ=differ)
        rulings = rooms.list_rulings(opened)
    lines = [f"{len(groups)} cells with several pictures"]
    for group in groups:
        mark = "  LABELS DIFFER" if group.differ else ""
        lines.append(f"{group.smear}{mark}")
        for place, (name, term) in enumerate(zip(group.cells, group.terms, strict=True)):
            lines.append(f"  {name}  {'kept' if place == 0 else 'left out':8}  {term or ''}".rstrip())
        lines += [f"    {_evidence(edge)}" for edge in group.edges]
        lines += [f"    {_ruling(ruling)}" for ruling in group.rulings]
    shown = {ruling.id for group in groups for ruling in group.rulings}
    if others := [] if smear or differ else [ruling for ruling in rulings if ruling.id not in shown]:
        lines += ["ruled on besides", *[f"    {_ruling(ruling)}" for ruling in others]]
    show_result(groups, "\n".join(lines), as_json=as_json)


@commands.command()
def apart(
    cell: CellId,
    other: OtherId,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    by: By,
    reason: Why = "",
    as_json: AsJson = False,
) -> None:
    """Say that two pictures show two cells: both are kept from now on."""
    _rule(workspace, (cell, other), Ruled.APART, by, reason, as_json=as_json)


@commands.command()
def together(
    cell: CellId,
    other: OtherId,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    by: By,
    reason: Why = "",
    as_json: AsJson = False,
) -> None:
    """Say that two pictures show one cell, though nothing measured says so."""
    _rule(workspace, (cell, other), Ruled.TOGETHER, by, reason, as_json=as_json)


@commands.command()
def keep(
    cell: CellId,
    other: OtherId,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    by: By,
    reason: Why = "",
    as_json: AsJson = False,
) -> None:
    """Keep CELL instead of OTHER, though it is not the sharper picture."""
    _rule(workspace, (cell, other), Ruled.KEEP, by, reason, as_json=as_json)


@commands.command()
def measured(
    cell: CellId,
    other: OtherId,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    by: By,
    reason: Why = "",
    as_json: AsJson = False,
) -> None:
    """Take back what was ruled on two pictures: the measurement decides again."""
    _rule(workspace, (cell, other), Ruled.MEASURED, by, reason, as_json=as_json)


@commands.command()
def across(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """Look for cells that show up in two smears: photographed twice, or mixed up. Nothing is removed for it."""
    with open_workspace(workspace) as opened, progress_bars() as progress:
        tally = smears.find_across(opened, progress=progress)
        pairs = smears.list_across(opened)
    lines = [f"{len(pairs)} cells show up in two smears"]
    lines += [f"  {one} and {other}: {edge.a} {edge.b}  {_evidence(edge)}" for one, other, edge in pairs]
    finish([tally], as_json=as_json, text="\n".join(lines), result=pairs)


@commands.command()
def calibrate(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    seed: Annotated[int, typer.Option(help="Of the made-up repeats.")] = 0,
    most: Annotated[int, typer.Option(min=1, help="At most so many crops are taken again.")] = 500,
    borderline: Annotated[
        Path | None, typer.Option(help="Write a folder of pairs near the thresholds, for a person to answer.")
    ] = None,
    answers: Annotated[Path | None, typer.Option(help="Such a folder, filled in: thresholds from its answers.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure which thresholds of the paper's two hashes find the most, with no wrong pair to expect in a smear."""
    if answers is not None:
        told = calibration.read_answers(answers)
        figures = f"precision {told.precision:.3f}, recall {told.recall:.3f} of the pairs that were answered"
        text = f"fewer than {told.average_bits} bits (average) and {told.perceptual_bits} (perceptual): {figures}"
        show_result(told, text, as_json=as_json)
        return
    with open_workspace(workspace) as opened, progress_bars() as progress:
        found = calibration.calibrate_hashes(opened, seed=seed, most=most, progress=progress)
        lines = [f"{found.positives:,} made-up repeats, {found.negatives:,} pairs of different smears"]
        lines += ["average  perceptual  recall (95 %)           false pairs  expected in the largest smear"]
        lines += [_figures(each) for each in found.frontier]
        chosen = found.chosen
        if chosen is None:
            lines.append(f"no thresholds can promise less than one false pair: measure {found.needed:,} pairs or more")
        else:
            bits = f"--average-bits {chosen.average_bits} --perceptual-bits {chosen.perceptual_bits}"
            lines.append(f"take `buffycoat clean --method paper {bits}`")
        if borderline is not None:
            near = chosen or found.frontier[0]
            written = calibration.write_borderline(
                opened, borderline, average_bits=near.average_bits, perceptual_bits=near.perceptual_bits
            )
            lines.append(f"wrote {written} pairs to {borderline}: fill in `same`, then `--answers {borderline}`")
    show_result(found, "\n".join(lines), as_json=as_json)


def _figures(each: calibration.ThresholdFigures) -> str:
    low, high = each.recall_interval
    return (
        f"{each.average_bits:7}  {each.perceptual_bits:10}  {each.recall:.3f} ({low:.3f} to {high:.3f})  "
        f"{each.false_pairs:11,}  {each.expected_false:.2f}"
    )


def _rule(workspace: Path, pair: tuple[str, str], ruled: Ruled, by: str, reason: str, *, as_json: bool) -> None:
    with open_workspace(workspace) as opened:
        ruling = rooms.rule_on(opened, *pair, ruled=ruled, by=by, reason=reason)
    show_result(ruling, _ruling(ruling), as_json=as_json)


@commands.command()
def runs(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """List what was cleaned when, how and why, the newest first; see `undo`."""
    with open_workspace(workspace) as opened:
        cleanings = repeating.list_cleanings(opened)
    lines = [f"{len(cleanings)} cleanings"]
    for each in cleanings:
        standing = "stands" if each.standing == len(each.smears) else f"stands in {each.standing} smears"
        who = f" by {each.by}" if each.by else ""
        lines.append(f"{each.id}  {each.ended_at:%Y-%m-%d %H:%M}  {each.why}{who}: {_lines(each.lines)}")
        lines.append(
            f"    {len(each.smears)} smears, {each.repeats} pictures left out, {each.covered} photographs covered, "
            f"{standing}"
        )
    show_result(cleanings, "\n".join(lines), as_json=as_json)


@commands.command()
def compare(
    cleaning: Cleaned,
    against: Annotated[
        str | None, typer.Argument(help="Another one; without it, what stood before.", show_default=False)
    ] = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    as_json: AsJson = False,
) -> None:
    """Tell what a cleaning changed, or what stands otherwise after it than after AGAINST."""
    with open_workspace(workspace) as opened:
        change = repeating.compare_cleanings(opened, cleaning, with_id=against)
    text = (
        f"{change.joined} pairs joined, {change.parted} parted; {len(change.left_out)} pictures left out, "
        f"{len(change.kept_again)} kept again: {change.kept_before} kept before, {change.kept_after} after; "
        f"{len(change.covered)} photographs covered, {len(change.uncovered)} back"
    )
    show_result(change, text, as_json=as_json)


@commands.command()
def undo(cleaning: Cleaned, workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """Go back to what stood before a cleaning. Nothing is deleted, and what people ruled stays."""
    with open_workspace(workspace) as opened, progress_bars() as progress:
        went = repeating.go_back(opened, cleaning, progress=progress)
    text = (
        f"{went.again} smears stand as they did before, {went.anew} were cleaned anew in the way of then, "
        f"{went.kept} had not been cleaned before"
    )
    show_result(went, text, as_json=as_json)


def _lines(lines: Lines) -> str:
    if lines.method == "paper":
        return f"paper, fewer than {lines.average_bits} and {lines.perceptual_bits} bits"
    return f"{lines.method}, correlation {lines.correlation:g}"


def _evidence(edge: DuplicateEdge) -> str:
    said = "measured" if edge.evidence is None else str(edge.evidence)
    correlation = "" if edge.correlation is None else f"correlation {edge.correlation:.3f}, "
    return (
        f"{said}: {correlation}hashes {edge.average_hash_distance} and {edge.perceptual_hash_distance} bits apart"
        f" ({edge.a} {edge.b})"
    )


def _ruling(ruling: RepeatRuling) -> str:
    why = f": {ruling.reason}" if ruling.reason else ""
    return f"ruled {ruling.ruled} by {ruling.by}{why} ({ruling.cell_id} {ruling.other_id})"


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    app.add_typer(commands, name="repeats")
