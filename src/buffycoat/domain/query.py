"""A saved question about cells: the gallery, the lines that are printed and the contents of a release all ask one."""

from __future__ import annotations

from buffycoat.domain.label import Standing
from buffycoat.domain.value import value

__all__ = ["DOUBLE_LABELED", "NOT_RECOGNIZED", "QUERIES", "UNLABELED", "Query"]


@value
class Query:
    """Which cells are meant; every condition that is given must hold.

    Parameters
    ----------
    id : str
        Its name, such as ``"unlabeled"``.
    title : str
        What people read.
    standing : tuple of Standing
        Any of these; empty for all.
    terms : tuple of str
        Keys of terms; a parent means its leaves too. Empty for all.
    smears : tuple of str
        Ids of smears; empty for all.
    setups : tuple of str
        ``"microscope / camera"``; empty for all.
    kept, with_masks, with_pixels : bool, optional
        Repeats left out (or only repeats); with a mask of nucleus or cell; with a crop.
    round : str, optional
        Name of the round whose labels count; without it, the latest closed round of each cell.
    """

    id: str
    title: str = ""
    standing: tuple[Standing, ...] = ()
    terms: tuple[str, ...] = ()
    smears: tuple[str, ...] = ()
    setups: tuple[str, ...] = ()
    kept: bool | None = None
    with_masks: bool | None = None
    with_pixels: bool | None = None
    round: str | None = None


UNLABELED = Query(id="unlabeled", title="cells without a label", standing=(Standing.OPEN,))
NOT_RECOGNIZED = Query(
    id="not-recognized-by-both",
    title="cells that both experts did not recognize",
    standing=(Standing.AGREED,),
    terms=("not-recognized",),
)
DOUBLE_LABELED = Query(
    id="double-labeled",
    title="kept cells on which both experts agree",
    standing=(Standing.AGREED, Standing.ADJUDICATED),
    kept=True,
)
QUERIES = (
    UNLABELED,
    NOT_RECOGNIZED,
    DOUBLE_LABELED,
    Query(id="single", title="cells with one label", standing=(Standing.SINGLE,)),
    Query(id="disputed", title="cells on which the experts differ", standing=(Standing.DISPUTED,)),
)
"""The queries that every workspace has; a person may save more."""
