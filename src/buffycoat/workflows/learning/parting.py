"""Which cells are learned from, which are held back, and on which the models are judged; and what that split leaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from buffycoat.domain.experiment import TEST_A, TEST_B, TRAIN, VALIDATION, ExperimentSet
from buffycoat.domain.release import SplitPlan
from buffycoat.errors import Conflict, InputError, TooFew
from buffycoat.formats.raabin_names import taken_at
from buffycoat.learn.recipe import Recipe
from buffycoat.publish import leak_report
from buffycoat.publish.connected import connected
from buffycoat.publish.films import nearest_shares
from buffycoat.publish.leak_values import LeakCell
from buffycoat.publish.splits import split_named
from buffycoat.workflows.learning.cells import LearnCell, LearnCells

__all__ = ["Pairs", "Parted", "experiment_set", "leaks_of", "part_cells"]

Pairs = Sequence[tuple[str, str]]
_TEST_SHARE = 0.3
_RELEASED = "as it was released"
_OURS = (
    "test-A: about {share:.0%} of each class, drawn with seed {seed} by whole films; photographs, and cells that were "
    "photographed twice, stay together"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Cells by side, the rule in a sentence, and what a reader must know of it."""

    sides: Mapping[str, tuple[LearnCell, ...]]
    rule: str
    notes: tuple[str, ...]


def part_cells(
    found: LearnCells, recipe: Recipe, *, stand_in: LearnCells | None, repeats: Pairs, seed: int, most: int | None
) -> Parted:
    """Part the cells of an experiment.

    A set that was published in train, test-A and test-B stays as it was. Any other is split here by film; a class that
    one film holds alone is split by photograph, and the note says so. A share of train is held back for the curves,
    by the same units.

    Parameters
    ----------
    found : LearnCells
        The data.
    recipe : Recipe
        Its ``validation_share``.
    stand_in : LearnCells, optional
        Another laboratory in place of test-B.
    repeats : sequence of (str, str)
        Ids of cells that show the same cell.
    seed : int
        Of what is drawn.
    most : int, optional
        At most so many cells of a class on each side; drawn.

    Raises
    ------
    Conflict
        The data have a test-B, and another laboratory is to stand in.
    InputError
        Some cells lie in a split and some in none, or in one of another name.
    TooFew
        A side is empty that must not be.
    """
    sides, rule, notes = _released(found) if any(cell.split for cell in found.cells) else _ours(found, repeats, seed)
    if stand_in is not None:
        if sides.get(TEST_B):
            raise Conflict(
                f"{found.name} has a test-B of its own", expected="no stand-in beside it", found=stand_in.name
            )
        sides[TEST_B] = list(stand_in.cells)
    sides = {name: _fewer(cells, most, seed) for name, cells in sides.items()}
    units, _ = _units(sides[TRAIN], repeats)
    held = _drawn(units, recipe.validation_share, seed)
    parted = {
        TRAIN: tuple(cell for cell in sides[TRAIN] if cell.id not in held),
        VALIDATION: tuple(cell for cell in sides[TRAIN] if cell.id in held),
        **{name: tuple(sides.get(name, ())) for name in (TEST_A, TEST_B)},
    }
    for name in (TRAIN, TEST_A):
        if not parted[name]:
            raise TooFew(f"{name} has no cells", expected="cells of two classes", found=f"{len(found.cells)} in all")
    if len({cell.label for cell in parted[TRAIN]}) < 2:
        raise TooFew("a classifier needs classes to tell apart", expected="at least 2 in train", found="1")
    return Parted(sides={name: cells for name, cells in parted.items() if cells}, rule=rule, notes=tuple(notes))


def _released(found: LearnCells) -> tuple[dict[str, list[LearnCell]], str, list[str]]:
    sides: dict[str, list[LearnCell]] = defaultdict(list)
    for cell in found.cells:
        if cell.split is None:
            raise InputError(
                f"{cell.id} lies in no split, and others do", expected="Train, TestA or TestB above it", found="none"
            )
        sides[split_named(cell.split)].append(cell)
    return {TRAIN: [], TEST_A: [], **sides}, _RELEASED, []


def _ours(found: LearnCells, repeats: Pairs, seed: int) -> tuple[dict[str, list[LearnCell]], str, list[str]]:
    units, alone = _units(found.cells, repeats)
    test = _drawn(units, _TEST_SHARE, seed)
    notes = [
        f"same film: every {term} is of one film ({film}), so it is split by photograph and the film is on both sides"
        for term, film in alone
    ]
    if blind := sum(cell.film is None for cell in found.cells):
        notes.append(f"{blind} cells name no film: each photograph counts as one, or each cell")
    sides = {
        TRAIN: [cell for cell in found.cells if cell.id not in test],
        TEST_A: [cell for cell in found.cells if cell.id in test],
    }
    return sides, _OURS.format(share=_TEST_SHARE, seed=seed), notes


def _units(cells: Sequence[LearnCell], repeats: Pairs) -> tuple[list[list[LearnCell]], list[tuple[str, str]]]:
    """Return groups of cells that stay together, and the classes that one film holds alone, with that film."""
    films: dict[str, set[str | None]] = defaultdict(set)
    for cell in cells:
        films[cell.label].add(cell.film)
    alone = sorted((term, film) for term, of in films.items() if len(of) == 1 and (film := next(iter(of))) is not None)
    split_within = {term for term, _ in alone}
    here = {cell.id for cell in cells}
    links = [(f"c{one}", f"c{other}") for one, other in repeats if {one, other} <= here]
    for cell in cells:
        kept = None if cell.label in split_within or cell.film is None else f"f{cell.film}"
        links.append((f"c{cell.id}", kept or (f"p{cell.film} {cell.photograph}" if cell.photograph else f"c{cell.id}")))
    by_id = {cell.id: cell for cell in cells}
    groups = connected(links)
    return [members for group in groups if (members := [by_id[name[1:]] for name in group if name[0] == "c"])], alone


def _drawn(units: Sequence[Sequence[LearnCell]], share: float, seed: int) -> frozenset[str]:
    taken = nearest_shares([Counter(cell.label for cell in unit) for unit in units], seed=seed, share=share)
    return frozenset(cell.id for place in taken for cell in units[place])


def _fewer(cells: Sequence[LearnCell], most: int | None, seed: int) -> list[LearnCell]:
    """Return at most so many cells of each class, drawn, in their order."""
    if most is None:
        return list(cells)
    rng = np.random.default_rng(seed)
    kept: set[str] = set()
    for term in sorted({cell.label for cell in cells}):
        ids = [cell.id for cell in cells if cell.label == term]
        kept.update(ids[place] for place in rng.permutation(len(ids))[:most])
    return [cell for cell in cells if cell.id in kept]


def leaks_of(parted: Parted, repeats: Pairs) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """Return what is on two sides of the split, by kind, and what could not be looked for.

    Cells held back for the curves count as train: nothing is judged on them.
    """
    assignment = {}
    cells = []
    for name, side in parted.sides.items():
        for cell in side:
            key = _key(name, cell.id)
            assignment[key] = TRAIN if name == VALIDATION else name
            taken = taken_at(cell.photograph) if cell.photograph else None
            cells.append(
                LeakCell(
                    cell_id=key,
                    smear_id=cell.film or f"unknown film of {key}",
                    subject=None,
                    photograph=cell.photograph,
                    box=None,
                    taken_at=taken,
                    label=cell.label,
                    setup="",
                )
            )
    plan = SplitPlan(assignment=assignment, rule=parted.rule, seed=0, unit="cell")
    # Repeats are looked for in the data; a stand-in's crops may have the same names.
    names = {cell.id: _key(name, cell.id) for name, side in reversed(list(parted.sides.items())) for cell in side}
    pairs = [(names[one], names[other]) for one, other in repeats if one in names and other in names]
    report = leak_report(plan, cells, repeats=pairs)
    return report.counts(), report.unchecked


def _key(name: str, cell_id: str) -> str:
    return f"{TEST_B}/{cell_id}" if name == TEST_B else cell_id


def experiment_set(name: str, cells: Sequence[LearnCell], *, origin: str, stand_in: str | None = None) -> ExperimentSet:
    """Return one side as the experiment keeps it: cells by id."""
    kinds = {_group(cell)[0] for cell in cells}
    facets = sorted({facet for cell in cells for facet, _ in cell.facets})
    told = [dict(cell.facets) for cell in cells]
    made = ExperimentSet(
        name=name,
        stand_in=stand_in,
        origin=origin,
        cells=tuple(cell.id for cell in cells),
        truth=tuple(cell.label for cell in cells),
        groups=tuple(_group(cell)[1] for cell in cells),
        grouped_by=" or ".join(kind for kind in ("smear", "photograph", "cell") if kind in kinds),
        facets={facet: tuple(each.get(facet, "") for each in told) for facet in facets},
    )
    if any(cell.experts for cell in cells):
        return replace(made, experts=tuple(cell.experts or () for cell in cells))
    return made


def _group(cell: LearnCell) -> tuple[str, str]:
    if cell.film is not None:
        return "smear", cell.film
    return ("photograph", cell.photograph) if cell.photograph is not None else ("cell", cell.id)
