"""Who is in train, test-A and test-B."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from buffycoat.domain.release import SplitPlan
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.publish.films import FilmGroup, group_films, home_setup, nearest_shares

__all__ = [
    "RULES",
    "SPLITS",
    "Rule",
    "SplitCell",
    "film_split",
    "left_out",
    "random_split",
    "released_split",
    "split_named",
    "split_of",
    "splits_of",
    "strict_film_split",
]

SPLITS = ("train", "test-A", "test-B")
_WHOLE = (
    "test-B: every smear of another set-up than the commonest; test-A: about {share:.0%} of the cells of the commonest "
    "set-up and of each of their classes, by person where known, else by smear; train: the rest"
)
_FILM = f"film; {_WHOLE}"
_STRICT = f"film-strict; {_WHOLE}; of what two sides would still share, the test side's cells are removed"
_RANDOM = "random; about {share:.0%} of the cells in test-A, drawn one by one: people and films are on both sides"
_RELEASED = "released; each cell where it was published; cells that were published in no split are left out"


@value
class SplitCell:
    """A cell as splitting sees it.

    Parameters
    ----------
    cell_id, smear_id : str
        Of the workspace; cell ids differ.
    subject : str, optional
        The person; ``None`` where unknown.
    setup : str
        Microscope and camera.
    label : str, optional
        Its class at the level of the release.
    released : str, optional
        The split in which the set was published, see `split_named`.
    """

    cell_id: str
    smear_id: str
    subject: str | None
    setup: str
    label: str | None
    released: str | None = None


class Rule(Protocol):
    """A rule that splits cells. The answer does not depend on the order of the cells."""

    def __call__(
        self, cells: Sequence[SplitCell], /, *, seed: int = 0, together: Iterable[Collection[str]] = ()
    ) -> SplitPlan:
        """Return the plan; ``together`` are groups of cells that may not be on two sides, for a rule that asks."""


def split_named(word: str) -> str:
    """Return the split that a set's own word means.

    Raises
    ------
    InputError
        If the word is none for train, test-A or test-B. A plain "test" is none: it does not say which of the two.

    Examples
    --------
    >>> split_named("TestA"), split_named("Test-B"), split_named("Train")
    ('test-A', 'test-B', 'train')
    """
    plain = "".join(letter for letter in word.casefold() if letter.isalnum())
    known = {"train": "train", "training": "train", "testa": "test-A", "testb": "test-B"}
    if plain not in known:
        raise InputError(
            "this is no split that can be kept as released",
            expected=", ".join(SPLITS),
            found=repr(word),
            hint="say which of them it is, or publish with another rule, such as film",
        )
    return known[plain]


def released_split(
    cells: Sequence[SplitCell], /, *, seed: int = 0, together: Iterable[Collection[str]] = ()
) -> SplitPlan:
    """Keep each cell where it was published.

    Raises
    ------
    InputError
        If no cell has a published split, or one has a split of another name.

    Examples
    --------
    >>> cell = SplitCell(cell_id="c1", smear_id="s1", subject=None, setup="A", label=None, released="Test-A")
    >>> released_split([cell]).assignment
    {'c1': 'test-A'}
    """
    del together
    assignment = {cell.cell_id: split_named(cell.released) for cell in _sorted(cells) if cell.released is not None}
    if not assignment:
        raise InputError(
            "no cell was published in a split",
            expected="cells of a set that has train and test",
            found=f"{len(cells)} cells without",
            hint="publish with another rule, such as film",
        )
    return SplitPlan(assignment=assignment, rule=_RELEASED, seed=seed, unit="cell")


def random_split(
    cells: Sequence[SplitCell],
    /,
    *,
    seed: int = 0,
    together: Iterable[Collection[str]] = (),
    test_share: float = 0.2,
) -> SplitPlan:
    """Draw cells one by one. Kept to show why not: what one person's cells share is then learned and tested.

    Examples
    --------
    >>> cells = [
    ...     SplitCell(cell_id=f"c{n}", smear_id="s", subject=None, setup="A", label=None) for n in range(10)
    ... ]
    >>> Counter(random_split(cells).assignment.values())
    Counter({'train': 8, 'test-A': 2})
    """
    del together
    ids = [cell.cell_id for cell in _sorted(cells)]
    drawn = {int(index) for index in np.random.default_rng(seed).permutation(len(ids))[: round(test_share * len(ids))]}
    assignment = {cell_id: "test-A" if index in drawn else "train" for index, cell_id in enumerate(ids)}
    return SplitPlan(assignment=assignment, rule=_RANDOM.format(share=test_share), seed=seed, unit="cell")


def film_split(
    cells: Sequence[SplitCell],
    /,
    *,
    seed: int = 0,
    together: Iterable[Collection[str]] = (),
    test_share: float = 0.3,
) -> SplitPlan:
    """Assign each smear, and each person, whole to one split.

    Test-A is the same set-up as train, test-B another camera or microscope (Kouzehkanan et al. 2022, Experiments). The
    paper split cells; smears, and people, stay whole here, so that no person is on two sides. Of many draws of whole
    smears the one is kept whose test-A comes nearest to ``test_share`` of each class; no classifier's score is asked.

    Parameters
    ----------
    cells : sequence of SplitCell
        All cells to publish.
    seed : int
        Of the draws.
    together : iterable of collection of str
        Not used: see `strict_film_split`.
    test_share : float
        Share of the home set-up's cells, and of each class of them, that test-A is to reach.

    Returns
    -------
    SplitPlan
        Smear id to split name. A single person or smear at home goes to train, and test-A stays empty.

    Examples
    --------
    >>> cells = [
    ...     SplitCell(cell_id=f"c{n}", smear_id=f"s{n}", subject=None, setup="AAAB"[n], label="monocyte")
    ...     for n in range(4)
    ... ]
    >>> sorted(film_split(cells).assignment.values())
    ['test-A', 'test-B', 'train', 'train']
    """
    del together
    return _plan(
        group_films((cell.smear_id, cell.subject, cell.setup, cell.label, 1) for cell in cells), seed, test_share
    )


def strict_film_split(
    cells: Sequence[SplitCell],
    /,
    *,
    seed: int = 0,
    together: Iterable[Collection[str]] = (),
    test_share: float = 0.3,
) -> SplitPlan:
    """Split by film, and remove what two films share all the same, such as a cell that was photographed on both.

    The test side loses its cell: train stays what it is under the rule ``film``, so that the scores of one trained
    classifier tell how much those cells were worth. Between test-A and test-B it is test-B that loses.

    Parameters
    ----------
    cells : sequence of SplitCell
        All cells to publish.
    seed, test_share
        See `film_split`.
    together : iterable of collection of str
        Groups of cells that may not be on two sides: `buffycoat.publish.leaks.shown_together` finds them.

    Returns
    -------
    SplitPlan
        Smear id to split name, and the cells that are removed, sorted.

    Examples
    --------
    >>> cells = [SplitCell(cell_id=f"c{n}", smear_id=f"s{n}", subject=None, setup="AB"[n], label=None) for n in (0, 1)]
    >>> strict_film_split(cells, together=[("c0", "c1")]).removed
    ('c1',)
    """
    film = film_split(cells, seed=seed, test_share=test_share)
    side = {cell.cell_id: film.assignment[cell.smear_id] for cell in cells}
    groups = [[cell_id for cell_id in group if cell_id in side] for group in together]
    for kept in SPLITS[:-1]:
        for group in groups:
            if any(side.get(cell_id) == kept for cell_id in group):
                for cell_id in group:
                    if side.get(cell_id) != kept:
                        side.pop(cell_id, None)
    return SplitPlan(
        assignment=film.assignment,
        rule=_STRICT.format(share=test_share),
        seed=seed,
        removed=tuple(sorted(cell.cell_id for cell in cells if cell.cell_id not in side)),
    )


RULES: Mapping[str, Rule] = {
    "released": released_split,
    "random": random_split,
    "film": film_split,
    "film-strict": strict_film_split,
}
"""Rules by the name that people choose them by."""


def splits_of(plan: SplitPlan, /) -> Callable[[str, str], str | None]:
    """Return a function that tells the split of many cells: as `split_of`, but the plan is prepared once."""
    removed = frozenset(plan.removed)
    assignment = plan.assignment
    by_cell = plan.unit == "cell"

    def split(cell_id: str, smear_id: str) -> str | None:
        return None if cell_id in removed else assignment.get(cell_id if by_cell else smear_id)

    return split


def split_of(plan: SplitPlan, cell_id: str, smear_id: str) -> str | None:
    """Return the split of a cell, or ``None`` where it was removed or left out.

    Examples
    --------
    >>> plan = SplitPlan(assignment={"s1": "train"}, rule="by hand", seed=0, removed=("c2",))
    >>> split_of(plan, "c1", "s1"), split_of(plan, "c2", "s1")
    ('train', None)
    """
    return splits_of(plan)(cell_id, smear_id)


def left_out(plan: SplitPlan, cells: Iterable[SplitCell]) -> tuple[str, ...]:
    """Return the cells that are in no split though the rule removed none of them, sorted.

    These are cells of a published set that were published in no split.
    """
    split, removed = splits_of(plan), frozenset(plan.removed)
    return tuple(
        sorted(cell.cell_id for cell in cells if cell.cell_id not in removed and not split(cell.cell_id, cell.smear_id))
    )


def _plan(groups: Sequence[FilmGroup], seed: int, test_share: float) -> SplitPlan:
    home = home_setup(groups)
    # A person seen on both set-ups would leak into test-B from train: all of that person's smears go to test-B.
    at_home = [group for group in groups if home is None or set(group.setups) == {home}]
    test_a = nearest_shares([group.classes for group in at_home], seed=seed, share=test_share)
    split_by_smear = dict.fromkeys((smear for group in groups for smear in group.smears), "test-B")
    for index, group in enumerate(at_home):
        split_by_smear.update(dict.fromkeys(group.smears, "test-A" if index in test_a else "train"))
    return SplitPlan(assignment=dict(sorted(split_by_smear.items())), rule=_FILM.format(share=test_share), seed=seed)


def _sorted(cells: Iterable[SplitCell]) -> list[SplitCell]:
    ordered = sorted(cells, key=lambda cell: cell.cell_id)
    twice = [cell_id for cell_id, count in Counter(cell.cell_id for cell in ordered).items() if count > 1]
    if twice:
        raise InputError("a cell is there twice", expected="cells of different ids", found=twice[0])
    return ordered
