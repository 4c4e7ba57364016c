"""Which photographs show nothing that another one does not show."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["covered_fields"]


def covered_fields(shown: Mapping[str, frozenset[str]], sharpness: Mapping[str, float]) -> dict[str, str]:
    """Return the photographs of one smear all of whose cells live on in another, with that other one.

    A photograph whose set of cells is part of another's set goes (Kouzehkanan et al. 2022, Data cleaning). Of
    photographs with equal sets the sharpest stays, then the one whose id comes first. The one that is named as cover
    always stays itself; of several it is the richest, then the sharpest. A photograph without cells is outside the
    rule: it neither goes nor covers.

    Parameters
    ----------
    shown : mapping of str to frozenset of str
        For each photograph the physical cells that it shows: repeats of one cell under one name.
    sharpness : mapping of str to float
        For each photograph the mean sharpness of its crops.

    Examples
    --------
    >>> covered_fields({"f1": frozenset("a"), "f2": frozenset("ab"), "f3": frozenset()}, dict.fromkeys(["f1", "f2"], 1))
    {'f1': 'f2'}
    """
    # From the best cover to the least: a superset always comes before its subsets.
    order = sorted((name for name in shown if shown[name]), key=lambda f: (-len(shown[f]), -sharpness[f], f))
    staying: list[str] = []
    covers: dict[str, str] = {}
    for name in order:
        cover = next((other for other in staying if shown[name] <= shown[other]), None)
        if cover is None:
            staying.append(name)
        else:
            covers[name] = cover
    return dict(sorted(covers.items()))
