"""What a panel has decided: experts of a closed round who agree, or an adjudicator. Learners read such cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from buffycoat.domain.label import Mode, Standing
from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.value import digest_of
from buffycoat.errors import NotFound
from buffycoat.workflows.consensus import closed_answers, deciding
from buffycoat.workflows.editions import reads_alike
from buffycoat.workflows.workspace import Workspace

__all__ = ["PANEL", "TRYING", "draw_evenly", "known_terms"]

PANEL = (Standing.AGREED, Standing.ADJUDICATED)
"""Where a cell stands on which a panel has decided."""
TRYING = (Mode.TRAINING, Mode.PROFICIENCY)
"""Rounds that try people, not cells."""


def known_terms(workspace: Workspace, taxonomy: Taxonomy, *, of_round: str | None = None) -> dict[str, str]:
    """Return the cells on which a panel has decided, with its term, in words of a taxonomy; none that a round holds.

    Parameters
    ----------
    workspace
        Where.
    taxonomy : Taxonomy
        In whose terms; an earlier edition of one that comes along is read, too.
    of_round : str, optional
        Name of the closed round that is the panel; without it, all in which people read.

    Raises
    ------
    NotFound
        No closed round of people has this name.
    """
    terms = {term.key for term in taxonomy.terms}
    with workspace.database.reading() as transaction:
        closed, waiting = closed_answers(transaction)
    if of_round is not None and not any(each.round.name == of_round and not each.filed for each in closed):
        raise NotFound("no closed round of people has this name", found=of_round)
    found: dict[str, str] = {}
    for cell, answers in deciding(closed).items():
        standing, term = answers.standings[cell]
        if (
            standing in PANEL
            and term in terms
            and not answers.filed
            and of_round in (None, answers.round.name)
            and reads_alike(answers.round.taxonomy, taxonomy.reference)
            and cell not in waiting
        ):
            found[cell] = term or ""
    return found


def draw_evenly(cells: Sequence[str], terms: Mapping[str, str], *, most: int, seed: str) -> list[str]:
    """Draw so many cells, as evenly over their terms as these allow; by chance where nothing is known of them.

    Examples
    --------
    >>> cells = [f"c{number}" for number in range(100)]
    >>> terms = {cell: "monocyte" if cell in ("c1", "c2") else "neutrophil" for cell in cells}
    >>> drawn = draw_evenly(cells, terms, most=6, seed="one")
    >>> sorted(terms[cell] for cell in drawn)
    ['monocyte', 'monocyte', 'neutrophil', 'neutrophil', 'neutrophil', 'neutrophil']
    """
    rng = np.random.default_rng(int(digest_of(seed.encode())[:16], 16))
    by_term: dict[str, list[str]] = defaultdict(list)
    for cell in sorted(cells):
        by_term[terms.get(cell, "")].append(cell)
    shuffled = [[group[n] for n in rng.permutation(len(group))] for _, group in sorted(by_term.items())]
    turns = sorted((turn, at) for at, group in enumerate(shuffled) for turn in range(len(group)))
    return [shuffled[at][turn] for turn, at in turns[:most]]
