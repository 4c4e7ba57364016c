"""The whole way on drawn smears with simulated experts: eight rooms, one line each."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from buffycoat.domain.cell import Cell, Repeat
from buffycoat.domain.label import Round
from buffycoat.domain.mask import Mask
from buffycoat.domain.reading import RoundWish
from buffycoat.domain.release import Release, ReleaseAbout
from buffycoat.domain.smear import FieldOfView, Smear
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.domain.value import digest_of
from buffycoat.errors import AlreadyExists, Conflict
from buffycoat.imaging.codecs import encode_jpeg
from buffycoat.samples import SampleCell, SampleSmear, draw_smears
from buffycoat.segment import WHOLE_ONLY
from buffycoat.store.queries import CellFilter, covered_fields, current_cells, current_repeats
from buffycoat.workflows.clean import clean_cells
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.ingest import IngestOptions, Record, ingest_photographs
from buffycoat.workflows.label import open_round, round_standing, simulate_labels
from buffycoat.workflows.learn import learn_release
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.publish import ReleaseWish, publish_release
from buffycoat.workflows.reading.opening import seal_round
from buffycoat.workflows.report import report_release
from buffycoat.workflows.segment import segment_cells
from buffycoat.workflows.summary import write_summary
from buffycoat.workflows.workspace import Workspace

__all__ = ["ABOUT", "DemoSummary", "RoomLine", "run_demo"]

_ROUND, _VERSION = "demo", "demo-1"
_EXPERTS = ("simulated-1", "simulated-2")
_READING, _READERS, _TO_READ = "demo-reading", ("edna", "emil"), 24
ABOUT = ReleaseAbout(
    title="Drawn blood smears, read by simulated experts",
    license="CC0-1.0",
    ethics="None needed: no blood was taken, every cell is drawn by a program.",
    contributors=("buffycoat",),
    citation="Drawn by `buffycoat demo`; there is nothing to cite.",
    description="Shows how a release looks. Nothing can be learned from it about blood.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLine:
    """What one room did."""

    room: str
    text: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSummary:
    """What the demo made; all of it simulated."""

    simulated: bool
    lines: tuple[RoomLine, ...]
    report: str


def run_demo(workspace: Workspace, *, seed: int = 0, tell: Callable[[RoomLine], None] | None = None) -> DemoSummary:
    """Draw smears and take them through all eight rooms, by the same workflows that real photographs take.

    Parameters
    ----------
    workspace
        Where. The drawn photographs are written to its folder ``photographs``.
    seed : int
        Of the drawing; the simulated experts have their own.
    tell : callable, optional
        Called with each room's line as it is done.

    Raises
    ------
    Conflict
        The workspace holds real smears.
    """
    lines: list[RoomLine] = []
    started = time.perf_counter()

    def done(room: str, text: str) -> None:
        nonlocal started
        line = RoomLine(room=room, text=text, seconds=round(time.perf_counter() - started, 2))
        lines.append(line)
        if tell is not None:
            tell(line)
        started = time.perf_counter()

    _refuse_real(workspace)
    smears = draw_smears(seed)
    folder = workspace.folder / "photographs"
    table = _write_photographs(folder, smears)
    ingest = ingest_photographs(
        workspace, folder, record=Record(), metadata=table, options=IngestOptions(simulated=True)
    )
    with workspace.database.reading() as transaction:
        fields = {field.id: field for field in transaction.find(FieldOfView)}
        codes = {smear.id: smear.code for smear in transaction.find(Smear)}
    setups = len({(smear.microscope, smear.camera) for smear in smears})
    done("ingest", f"{len(fields)} photographs of {len(smears)} drawn smears, {setups} set-ups")

    detect_cells(workspace)
    with workspace.database.reading() as transaction:
        cells = {cell.id: cell for cell in current_cells(transaction, CellFilter())[1]}
    truth = _match(smears, fields, cells, codes)
    drawn = [cell for smear in smears for field in smear.fields for cell in field.cells if _counts(cell)]
    found = {id(cell) for cell in truth.values() if cell is not None and _counts(cell)}
    done("detect", f"{len(cells)} cells found; {len(found)} of {len(drawn)} drawn leukocytes among them")

    clean_cells(workspace)
    with workspace.database.reading() as transaction:
        repeats = current_repeats(transaction)
        covered = covered_fields(transaction)
    done(
        "clean",
        f"{_clean_text(repeats, truth)}; {len(covered)} photographs covered, {len(cells) - len(repeats)} cells left",
    )

    campaign = open_round(workspace, name=_ROUND, experts=_EXPERTS, simulated=True)
    simulate_labels(workspace, campaign, lambda cell_id: _term(truth[cell_id]))
    standing = round_standing(workspace, _ROUND)
    done(
        "label",
        f"2 simulated experts read {standing.cells} cells each; {standing.standings['agreed']} agreed, "
        f"{standing.standings['disputed']} disputed, kappa {standing.kappa or 0:.3f}",
    )

    segment_cells(workspace)
    with workspace.database.reading() as transaction:
        masks = transaction.find(Mask)
    done("segment", _masks_text(masks))

    release = _release(workspace, seed)
    done("publish", f"release {release.version} sealed: {_split_text(release)}")

    learned = learn_release(workspace, version=_VERSION, seed=seed)
    scores = ", ".join(
        f"{card.split} {card.balanced_accuracy:.2f} (constant {1 / max(1, _present(card.confusion)):.2f})"
        for card in learned.scorecards
        if card.balanced_accuracy is not None
    )
    done("learn", f"trained on {learned.trained_on} cells; balanced accuracy {scores}")

    write_summary(workspace, ingest, [])
    _, path = report_release(workspace, version=_VERSION)
    _open_reading(workspace, campaign.cells)
    done("report", f"{path.name} and summary.html")
    return DemoSummary(simulated=True, lines=tuple(lines), report=path.name)


def _release(workspace: Workspace, seed: int) -> Release:
    """Return the release, sealed now or before: since then people may have read on, and it is not sealed anew."""
    with workspace.database.reading() as transaction:
        known = transaction.find(Release, version=_VERSION)
    return known[0] if known else publish_release(workspace, version=_VERSION, wish=ReleaseWish(about=ABOUT, seed=seed))


def _open_reading(workspace: Workspace, cells: Sequence[str]) -> None:
    """Make the people of the demo and a blind round of a few cells for its experts, unless that was done before."""
    people = {person.handle: person.id for person in demo_people(workspace)}
    with workspace.database.reading() as transaction:
        if transaction.count(Round, name=_READING):
            return
    experts = tuple(people[handle] for handle in _READERS)
    seal_round(
        workspace,
        name=_READING,
        experts=experts,
        cells=sorted(cells)[:: max(1, len(cells) // _TO_READ)][:_TO_READ],
        taxonomy=RAABIN.reference,
        wish=RoundWish(name=_READING, experts=experts, level="five-class", repeat_share=1 / 12),
        # Of the demo everything may be known, and every demo is to be the same.
        secret=digest_of(_READING.encode()),
    )


def _split_text(release: Release) -> str:
    return ", ".join(f"{split} {sum(counts.values())}" for split, counts in release.counts.items())


def _refuse_real(workspace: Workspace) -> None:
    with workspace.database.reading() as transaction:
        if transaction.count(Smear, simulated=False):
            raise Conflict(
                "this workspace holds real smears, and drawn ones must not be mixed in",
                found=workspace.name,
                hint="name a folder of its own for the demo",
            )


def _present(confusion: tuple[tuple[int, ...], ...]) -> int:
    return sum(sum(row) > 0 for row in confusion)


def _counts(cell: SampleCell) -> bool:
    return not cell.cut and cell.truth != "artifact"


def _write_photographs(folder: Path, smears: tuple[SampleSmear, ...]) -> Path:
    """Write the drawn photographs and the table that describes them.

    Raises
    ------
    AlreadyExists
        Photographs of another drawing lie there.
    """
    rows = []
    for smear in smears:
        for field in smear.fields:
            path = folder / smear.code / f"{field.name}.jpg"
            content = encode_jpeg(field.image, quality=95)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                aside = path.with_suffix(".incoming")
                aside.write_bytes(content)
                aside.rename(path)
            elif path.read_bytes() != content:
                raise AlreadyExists(
                    "photographs of another drawing lie in this workspace",
                    found=path.relative_to(folder).as_posix(),
                    hint="take another folder, or the seed that this one was made with",
                )
            rows.append(
                {
                    "file": path.relative_to(folder).as_posix(),
                    "smear": smear.code,
                    "stain": smear.stain,
                    "diagnosis": smear.diagnosis,
                    "site": smear.site,
                    "subject": smear.subject,
                    "microscope": smear.microscope,
                    "objective": f"{smear.objective_magnification:g}",
                    "camera": smear.camera,
                    "um_per_px": f"{smear.micrometres_per_pixel:g}",
                }
            )
    table = folder / "metadata.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return table


def _match(
    smears: tuple[SampleSmear, ...], fields: dict[str, FieldOfView], cells: dict[str, Cell], codes: dict[str, str]
) -> dict[str, SampleCell | None]:
    """Return the drawn cell that each found one shows: of those around its center, the nearest."""
    drawn = {f"{smear.code}/{field.name}.jpg": field.cells for smear in smears for field in smear.fields}
    matched: dict[str, SampleCell | None] = {}
    for cell in cells.values():
        field = fields[cell.field_id]
        x, y = cell.extent.center
        under = [known for known in drawn[field.origin or codes[field.smear_id]] if known.extent.contains(x, y)]
        matched[cell.id] = min(
            under,
            key=lambda known: abs(known.extent.center[0] - x) + abs(known.extent.center[1] - y),
            default=None,
        )
    return matched


def _term(cell: SampleCell | None) -> str:
    return "artifact" if cell is None else cell.truth


def _masks_text(masks: list[Mask]) -> str:
    failed = Counter(mask.failure for mask in masks if mask.failure not in {None, WHOLE_ONLY})
    drawn = sum(mask.failure is None for mask in masks)
    return f"{drawn} masks of nucleus and cell; {failed.total()} not drawn, most of them of cells cut by the border"


def _clean_text(repeats: list[Repeat], truth: dict[str, SampleCell | None]) -> str:
    """Say how many repeats were marked, and how many of the drawn ones among the found cells that is."""
    seen = Counter(cell.physical_id for cell in truth.values() if cell is not None)
    known = sum(count - 1 for count in seen.values())
    right = 0
    for repeat in repeats:
        one, other = truth[repeat.cell_id], truth[repeat.kept_id]
        right += one is not None and other is not None and one.physical_id == other.physical_id
    return f"{len(repeats)} repeats marked, {right} of them right, of {known} drawn"
