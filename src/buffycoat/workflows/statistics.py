"""What a labeled database holds, in numbers: the lines that a curator reads before anything is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import FieldOfView, Smear
from buffycoat.label import AgreementReport, agreement_lines, class_counts
from buffycoat.publish.confounding import confounded
from buffycoat.publish.leaks import LeakCell
from buffycoat.publish.overlaps import overlapping_boxes
from buffycoat.store.queries import boxes_of, smear_by_cell
from buffycoat.workflows.agreement import answers_of_two, report_on
from buffycoat.workflows.consensus import closed_answers, said_by
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["DatabaseStatistics", "count_database", "statistics_text"]

_DOUBLE_BOXED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStatistics:
    """Counts of a workspace and of one of its rounds.

    ``released`` counts agreed cells by class where the experts' own words are equal, and only then merged into
    classes, as the released Raabin set does; ``merged`` where their classes are equal. ``double_boxed``: pairs of boxes
    of one photograph with IoU above 0.5, which are one cell boxed twice. ``confounded``: classes that hang on one film.
    """

    smears: int
    fields: int
    cells: int
    round: str
    level: str
    agreement: AgreementReport
    released: Mapping[str, int]
    merged: Mapping[str, int]
    double_boxed: int
    confounded: tuple[str, ...]


def count_database(
    workspace: Workspace, *, round_name: str | None = None, level: str = "five-class", seed: int = 0
) -> DatabaseStatistics:
    """Count what a workspace holds, and how far the two experts of a closed round agree.

    Parameters
    ----------
    workspace
        Where.
    round_name : str, optional
        A closed round of two experts; without it, the latest.
    level : str
        Level of the taxonomy for the counts by class; agreement is told of the terms as they were given.
    seed : int
        Of the intervals.

    Raises
    ------
    NotFound
        There is no such round.
    """
    with workspace.database.reading() as transaction:
        answers = answers_of_two(closed_answers(transaction)[0], round_name)
        smears = smear_by_cell(transaction)
        boxes = boxes_of(transaction)
        codes = {smear.id: smear.code for smear in transaction.find(Smear)}
        fields = transaction.count(FieldOfView)
    taxonomy = taxonomy_of(workspace, answers.round.taxonomy)
    report = report_on(answers, smears, taxonomy, level="full", seed=seed)
    said = said_by(answers)
    first, second = (expert.id for expert in answers.experts)
    nothing: dict[str, str] = {}
    cells = [cell for cell in answers.round.cells if cell in smears]
    words = [(said.get(cell, nothing).get(first), said.get(cell, nothing).get(second)) for cell in cells]
    ones, others = [one for one, _ in words], [other for _, other in words]
    by_field: dict[str, list[Box]] = defaultdict(list)
    for field_id, box in boxes.values():
        by_field[field_id].append(box)
    agreed = [
        LeakCell(
            cell_id=cell,
            smear_id=codes[smears[cell]],
            subject=None,
            photograph=None,
            box=None,
            taken_at=None,
            label=one,
            setup="",
        )
        for cell, (one, other) in zip(cells, words, strict=True)
        if one is not None and one == other
    ]
    return DatabaseStatistics(
        smears=len(codes),
        fields=fields,
        cells=len(boxes),
        round=answers.round.name,
        level=level,
        agreement=report,
        released=class_counts(ones, others, taxonomy=taxonomy, level=level, rule="released"),
        merged=class_counts(ones, others, taxonomy=taxonomy, level=level, rule="merged"),
        double_boxed=overlapping_boxes(by_field.values(), iou=_DOUBLE_BOXED),
        confounded=tuple(found.line for found in confounded(agreed) if found.kind == "film"),
    )


def statistics_text(found: DatabaseStatistics) -> str:
    """Return the numbers as lines for people."""

    def counted(counts: Mapping[str, int]) -> str:
        return ", ".join(f"{name} {count:,}" for name, count in counts.items())

    return "\n".join(
        [
            f"{found.smears:,} smears, {found.fields:,} fields, {found.cells:,} cells; round {found.round}",
            *agreement_lines(found.agreement),
            f"agreed at level {found.level}, equal words: {counted(found.released)}",
            f"agreed at level {found.level}, equal classes: {counted(found.merged)}",
            f"pairs of boxes of one photograph with IoU above {_DOUBLE_BOXED}: {found.double_boxed:,}",
            *(f"warning: {line}" for line in found.confounded),
        ]
    )
