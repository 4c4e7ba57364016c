"""Who is in train, test-A and test-B."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from buffycoat.domain.release import SplitPlan
from buffycoat.domain.value import value

__all__ = ["SPLITS", "SplitSubject", "plan_splits"]

SPLITS = ("train", "test-A", "test-B")
_RULE = (
    "test-B: every smear of another set-up than the commonest; test-A: about {share:.0%} of the cells of the commonest "
    "set-up, by person where known, else by smear; train: the rest"
)


@value
class SplitSubject:
    """A smear as splitting sees it: its set-up (microscope and camera), its person, its number of cells."""

    smear_id: str
    setup: str
    subject: str | None
    cells: int


def plan_splits(smears: Sequence[SplitSubject], /, *, seed: int = 0, test_share: float = 0.3) -> SplitPlan:
    """Assign each smear, whole, to one split.

    Test-A is the same set-up as train, test-B another camera or microscope (Kouzehkanan et al. 2022, Experiments). The
    paper split cells; smears, and people, stay whole here, so that no person is on two sides.

    Parameters
    ----------
    smears : sequence of SplitSubject
        All smears with cells to publish.
    seed : int
        Of the draw of test-A.
    test_share : float
        Share of the home set-up's cells that test-A is to reach.

    Returns
    -------
    SplitPlan
        Smear id to split name. A single person or smear at home goes to train, and test-A stays empty.

    Examples
    --------
    >>> near = [SplitSubject(smear_id=f"s{n}", setup="A", subject=None, cells=10) for n in range(3)]
    >>> far = SplitSubject(smear_id="s9", setup="B", subject=None, cells=5)
    >>> sorted(plan_splits([*near, far]).assignment.values())
    ['test-A', 'test-B', 'train', 'train']
    """
    by_setup: dict[str, int] = defaultdict(int)
    for smear in smears:
        by_setup[smear.setup] += smear.cells
    home = max(sorted(by_setup), key=lambda setup: by_setup[setup], default="")
    groups: dict[str, list[SplitSubject]] = defaultdict(list)
    for smear in smears:
        groups[f"person {smear.subject}" if smear.subject else f"smear {smear.smear_id}"].append(smear)
    # A person seen on both set-ups would leak into test-B from train: all of that person's smears go to test-B.
    away = {name for name, members in groups.items() if any(smear.setup != home for smear in members)}
    at_home = sorted(set(groups) - away)
    order = [at_home[index] for index in np.random.default_rng(seed).permutation(len(at_home))]
    goal = test_share * sum(smear.cells for name in at_home for smear in groups[name])
    test_a: set[str] = set()
    filled = 0
    for name in order[:-1]:
        if filled >= goal:
            break
        test_a.add(name)
        filled += sum(smear.cells for smear in groups[name])
    assignment = {
        smear.smear_id: "test-B" if name in away else "test-A" if name in test_a else "train"
        for name, members in groups.items()
        for smear in members
    }
    return SplitPlan(assignment=dict(sorted(assignment.items())), rule=_RULE.format(share=test_share), seed=seed)
