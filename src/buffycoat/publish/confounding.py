"""Where class and film are the same thing, so that a score may speak of the film."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from buffycoat.domain.value import value
from buffycoat.publish.leak_values import LeakCell

__all__ = ["Confounding", "confounded"]


@value
class Confounding:
    """A class whose cells come mostly, or wholly, from one film, person or set-up.

    ``label`` is ``None`` where that is true of all cells of all classes. ``cells`` of ``total`` are from the film,
    person or set-up ``name``; ``exclusive``: which has no cell of another class.
    """

    label: str | None
    kind: str
    name: str
    cells: int
    total: int
    exclusive: bool = False

    @property
    def share(self) -> float:
        """Share of the class that comes from there, 0 to 1."""
        return self.cells / self.total

    @property
    def line(self) -> str:
        """The warning, for people."""
        if self.label is None:
            return f"all cells ({self.total:,}) are from one {self.kind}, {self.name}: they show nothing of any other"
        if self.exclusive:
            return (
                f"{self.label}: all cells ({self.total:,}) are from one {self.kind}, {self.name}, and no other class is"
            )
        if self.cells == self.total:
            return f"{self.label}: all cells ({self.total:,}) are from one {self.kind}, {self.name}"
        percent = min(round(100 * self.share), 99)
        return f"{self.label}: {self.cells:,} of {self.total:,} cells ({percent} %) are from {self.kind} {self.name}"


def confounded(cells: Iterable[LeakCell], /, *, share: float = 0.5) -> tuple[Confounding, ...]:
    """Return the classes that a classifier could tell by the film, or that hang on one film or person.

    On such a class no score shows what happens on another person's blood, however the cells are split. Raabin's
    basophils are all from one slide, and most of its eosinophils from one film.

    Parameters
    ----------
    cells : iterable of LeakCell
        All cells of the release; those without a class take no part.
    share : float
        Warn where more than this share of a class comes from one film or person. Of set-ups only the whole counts,
        and only where there are several: most classes are mostly from the home set-up.

    Returns
    -------
    tuple of Confounding
        By class, then film, person and set-up. A person with one film is not named beside the film.

    Examples
    --------
    >>> here = {"subject": None, "photograph": None, "box": None, "taken_at": None, "setup": "A"}
    >>> cells = [LeakCell(cell_id=f"c{n}", smear_id="xyyy"[n], label="abbb"[n], **here) for n in range(4)]
    >>> [each.line for each in confounded(cells)][0]
    'a: all cells (1) are from one film, x, and no other class is'
    """
    labeled = [cell for cell in cells if cell.label is not None]
    films = {cell.smear_id for cell in labeled}
    if len(films) == 1:
        return (Confounding(label=None, kind="film", name=films.pop(), cells=len(labeled), total=len(labeled)),)
    found = []
    totals = Counter(cell.label for cell in labeled)
    films_of = defaultdict(set)
    for cell in labeled:
        films_of[cell.subject].add(cell.smear_id)
    for kind, least in (("film", share), ("person", share), ("set-up", 1.0)):
        names = [(_name(cell, kind), cell.label) for cell in labeled]
        held = Counter(name for name, _ in names)
        if kind == "set-up" and len(held) == 1:
            continue
        for (name, label), count in Counter(names).items():
            of_several = kind != "person" or len(films_of[name]) > 1
            if name is not None and of_several and (count > least * totals[label] or count == totals[label]):
                found.append(
                    Confounding(
                        label=label,
                        kind=kind,
                        name=name,
                        cells=count,
                        total=totals[label],
                        exclusive=count == totals[label] == held[name],
                    )
                )
    order = ("film", "person", "set-up")
    return tuple(sorted(found, key=lambda each: (each.label or "", order.index(each.kind), -each.cells, each.name)))


def _name(cell: LeakCell, kind: str) -> str | None:
    return {"film": cell.smear_id, "person": cell.subject, "set-up": cell.setup}[kind]
