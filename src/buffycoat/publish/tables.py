"""The paper's tables of a data set, counted from what lies in a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.errors import InputError
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.camera_table import camera_table
from buffycoat.publish.comparable_sets import ComparableSet
from buffycoat.publish.comparison_table import comparison_table
from buffycoat.publish.label_table import label_table
from buffycoat.publish.overview_table import overview_table
from buffycoat.publish.sealed import Contents
from buffycoat.publish.split_table import split_table

__all__ = ["release_tables"]


def release_tables(
    contents: Contents, /, *, taxonomy: Taxonomy, comparable: Sequence[ComparableSet]
) -> Mapping[str, PrintedTable]:
    """Return Tables 3 to 7 of Kouzehkanan et al. 2022 for a release: nothing in them is typed by hand but other sets.

    Parameters
    ----------
    contents : Contents
        The sealed list.
    taxonomy : Taxonomy
        That of the release.
    comparable : sequence of ComparableSet
        Other public sets, for Table 6.

    Returns
    -------
    mapping
        ``"table-3"`` what it holds, ``"table-4"`` the experts' labels, ``"table-5"`` cameras, ``"table-6"`` other sets,
        ``"table-7"`` cells by class and split. A simulated release and a leaking split are said below each.

    Raises
    ------
    InputError
        A cell lies in a photograph that the release does not hold, or the taxonomy is not that of the release.
    UnknownTerm
        A label is no term of the taxonomy.
    """
    if taxonomy.reference != contents.taxonomy:
        raise InputError(
            "the taxonomy is not that of the release", expected=contents.taxonomy, found=taxonomy.reference
        )
    return {
        "table-3": overview_table(contents, taxonomy=taxonomy, title="What the release holds"),
        "table-4": label_table(contents, taxonomy=taxonomy, title="Labels of the two experts"),
        "table-5": camera_table(contents, title="Cameras"),
        "table-6": comparison_table(contents, comparable=comparable, title="This release and other public sets"),
        "table-7": split_table(contents, taxonomy=taxonomy, title="Cells by class and split"),
    }
