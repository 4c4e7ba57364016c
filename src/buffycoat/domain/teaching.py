"""What learners and readers are told of their own answers: beside a panel, beside themselves, and over rounds."""

from __future__ import annotations

from datetime import datetime

from buffycoat.domain.account import Person
from buffycoat.domain.label import Mode
from buffycoat.domain.reading import Feedback
from buffycoat.domain.value import value

__all__ = [
    "ClassScore",
    "Differing",
    "Learned",
    "LearnerScore",
    "OwnReading",
    "References",
    "Score",
    "Share",
    "TermCells",
    "Twice",
]


@value
class Share:
    """A share, or another figure of at most 1, with its interval of 95 %; ``None`` where it is undefined."""

    value: float | None
    interval: tuple[float, float] | None


@value
class ClassScore:
    """One class of the panel: of its cells how many the person called so, and of all that were called so how many are.

    ``called``: how many cells the person put in the class, rightly or not.
    """

    key: str
    cells: int
    equal: int
    called: int
    found: Share
    right: Share


@value
class Score:
    """A person against the panel, at one level of the taxonomy.

    Parameters
    ----------
    level : str
        At which answers are compared.
    cells : int
        Cells with a panel's answer that count.
    blank : int
        How many of these have no answer; where the round tries people they count as not found.
    smears : int
        Of these cells; intervals of the whole draw smears, so there are none with a single one.
    accuracy, balanced, kappa : Share
        Equal answers of all; the mean over the panel's classes; and agreement beyond chance (Cohen), on the cells with
        an answer.
    classes : tuple of ClassScore
        The panel's, the commonest first.
    """

    level: str
    cells: int
    blank: int
    smears: int
    accuracy: Share
    balanced: Share
    kappa: Share
    classes: tuple[ClassScore, ...]


@value
class Differing:
    """One item on which a person and the panel differ. ``decided``: an adjudicator said it; ``gold``: it was known."""

    item: str
    place: int
    said: str
    panel: str
    comment: str
    decided: bool
    gold: bool


@value
class Twice:
    """A cell that a person saw twice and named differently: both items, with what was said of each."""

    item: str
    place: int
    said: str
    again: str
    again_place: int
    again_said: str


@value
class OwnReading:
    """What a person did in a round, told to nobody else.

    Parameters
    ----------
    person : Person
        Whose it is.
    feedback : Feedback
        In figures.
    waiting : int
        Cells on which the experts differ and nobody has decided yet. While there are any, nothing is told of cells
        that were not known before: an answer beside one's own would be the other expert's.
    held : int
        Cells of the round that another open round reads: nothing is told of them until it is closed.
    differing, twice
        The items, in the person's order.
    score : Score, optional
        Where the round is for learners.
    simulated : bool
        Whether the cells are drawn.
    """

    person: Person
    feedback: Feedback
    waiting: int
    held: int
    differing: tuple[Differing, ...]
    twice: tuple[Twice, ...]
    score: Score | None
    simulated: bool


@value
class Learned:
    """One round of a learner, for the way over rounds. ``at``: when it was opened."""

    round_id: str
    name: str
    mode: Mode
    taxonomy: str
    at: datetime
    closed: bool
    answered: int
    score: Score


@value
class LearnerScore:
    """How one person did in one closed round for learners, for those who teach.

    Parameters
    ----------
    person : Person
        Who read.
    round_id, name, mode, taxonomy
        Of the round.
    panel : tuple of str
        Names of the rounds whose decisions are the panel, the one of most cells first.
    at : datetime
        When it was opened.
    items, answered : int
        How many cells were asked, hidden repeats and gold cells included, and how many have an answer.
    held : int
        Cells that another open round reads: left out until that is closed.
    score : Score
        Against the panel, with intervals.
    """

    person: Person
    round_id: str
    name: str
    mode: Mode
    taxonomy: str
    panel: tuple[str, ...]
    at: datetime
    items: int
    answered: int
    held: int
    score: Score


@value
class TermCells:
    """Cells that are surely of a term."""

    term: str
    cells: tuple[str, ...]


@value
class References:
    """Cells to look at beside those of a round, by term; ``shown`` is false where the round shows none."""

    shown: bool
    terms: tuple[TermCells, ...]
