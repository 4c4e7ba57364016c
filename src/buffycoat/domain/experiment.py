"""What an experiment found: which models learned from what, and what each said of every cell of every test set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from itertools import pairwise

from buffycoat.domain.value import Digest, value
from buffycoat.errors import InputError

__all__ = [
    "FROM_SCRATCH",
    "IMAGENET",
    "TEST_A",
    "TEST_B",
    "TRAIN",
    "VALIDATION",
    "CurvePoint",
    "Experiment",
    "ExperimentRun",
    "ExperimentSet",
    "Predictions",
]

TRAIN, VALIDATION, TEST_A, TEST_B = "train", "validation", "test-A", "test-B"
IMAGENET, FROM_SCRATCH = "ImageNet", "from scratch"
_ROLES = (TRAIN, VALIDATION, TEST_A, TEST_B)


@value
class ExperimentSet:
    """One side of a split: its cells, in one order that all predictions follow.

    Parameters
    ----------
    name : {"train", "validation", "test-A", "test-B"}
        What it is for.
    stand_in : str, optional
        The laboratory that stands in, where there is no set of the paper's kind. A heading must say so.
    origin : str
        Where its cells come from, in a few words.
    cells : tuple of str
        Id of each cell, once in a set: the path of its crop in the data, with ``/``.
    truth : tuple of str
        Term of each cell.
    groups : tuple of str
        What each cell shares with others, for intervals: its smear (film), or its photograph where no smear is known.
    grouped_by : str
        What ``groups`` are: ``"smear"``, ``"photograph"`` or ``"cell"``, or several of these in words.
    facets : mapping of str to tuple of str
        Further facts of each cell, such as ``laboratory``, ``stain`` or ``camera``; an empty text is unknown.
    experts : tuple of tuple of str
        What each expert said of each cell, in terms or in their own words; empty where it is not known.
    """

    name: str
    stand_in: str | None = None
    origin: str = ""
    cells: tuple[str, ...]
    truth: tuple[str, ...]
    groups: tuple[str, ...]
    grouped_by: str = "smear"
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    experts: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        """Refuse columns that differ in length, and a cell that is there twice."""
        if self.name not in _ROLES:
            raise InputError("no such side of a split", expected=" or ".join(_ROLES), found=repr(self.name))
        columns = {"truth": self.truth, "groups": self.groups, **self.facets}
        if self.experts:
            columns["experts"] = tuple("" for _ in self.experts)
        for name, column in columns.items():
            if len(column) != len(self.cells):
                raise InputError(
                    f"{self.name}: not one of {name} a cell", expected=str(len(self.cells)), found=str(len(column))
                )
        if len(set(self.cells)) != len(self.cells):
            raise InputError(f"{self.name}: a cell is there twice", expected="each once", found=_twice(self.cells))

    @property
    def heading(self) -> str:
        """What a heading calls it: ``test-B``, or ``stand-in for test-B: Barcelona``."""
        return self.name if self.stand_in is None else f"stand-in for {self.name}: {self.stand_in}"

    @property
    def counts(self) -> Mapping[str, int]:
        """Cells of each term, by name of the term."""
        return {term: self.truth.count(term) for term in sorted(set(self.truth))}

    def balanced_accuracy(self, said: tuple[str | None, ...]) -> float:
        """Return the mean share of each class's cells that is right, over the classes that are there.

        A cell without an answer is wrong.

        Examples
        --------
        >>> one = ExperimentSet(name=TEST_A, cells=("1", "2", "3"), truth=("a", "a", "b"), groups=("f", "f", "f"))
        >>> one.balanced_accuracy(("a", None, "b"))
        0.75
        """
        shares = [
            sum(true == term and answer == term for true, answer in zip(self.truth, said, strict=True)) / count
            for term, count in self.counts.items()
        ]
        return sum(shares) / len(shares)


def _twice(cells: tuple[str, ...]) -> str:
    ordered = sorted(cells)
    return next(cell for cell, after in pairwise(ordered) if cell == after)


@value
class Predictions:
    """What one run said of one set, in the order of its cells.

    Parameters
    ----------
    terms : tuple of str or None
        The term predicted for each cell; ``None`` where there is none, which counts as an error.
    probabilities : tuple of tuple of float
        For each cell one number for each of the experiment's classes, summing to 1; an empty tuple for a cell without a
        prediction. Empty as a whole where the model gives none, as the machine of the paper.
    scores : tuple of tuple of float
        As ``probabilities``, but numbers that only order: what a model that gives no probabilities says of each class.
    failures : mapping of str to str
        By cell without a prediction: why, as the code of an error (``nothing-found``).
    """

    terms: tuple[str | None, ...]
    probabilities: tuple[tuple[float, ...], ...] = ()
    scores: tuple[tuple[float, ...], ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)


@value
class CurvePoint:
    """One epoch of a training: mean loss and accuracy (0 to 1), as in the paper's Figure 11; unknown ones ``None``."""

    epoch: int
    rate: float
    train_loss: float
    train_accuracy: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    seconds: float = 0.0


@value
class ExperimentRun:
    """One model, trained once.

    Parameters
    ----------
    model : str
        Its key in the recipe, such as ``vgg16``, ``features-svm`` or ``constant``.
    title : str
        Its name in the paper's tables, such as ``VGG16``.
    kind : {"network", "features", "constant"}
        What it looks at.
    weights : str
        ``"ImageNet"``, ``"from scratch"``, or empty where a model begins with none. A row must say it.
    weights_origin : str
        Which file or download they came from, and its digest; empty from scratch.
    seed : int
        Of weights, order and variation.
    recipe : str
        Digest of the recipe that it was trained by, reductions included.
    parameters : int
        Numbers that were learned; 0 where that says nothing.
    predictions : mapping of str to Predictions
        By name of the set: every test set, and validation where there is one.
    curve : tuple of CurvePoint
        One an epoch; empty for a model that has no epochs.
    trained_on : int
        Cells that it learned from, varied copies not counted.
    shown : int
        Pictures an epoch, varied copies included.
    seconds : float
        Of training, all interrupted parts together.
    hardware : str
        What it was trained on.
    file : str
        Its ONNX file in the folder of the experiment; empty where there is none.
    notes : tuple of str
        What a reader of its row must know.
    """

    model: str
    title: str
    kind: str
    weights: str
    weights_origin: str = ""
    seed: int
    recipe: Digest
    parameters: int = 0
    predictions: Mapping[str, Predictions]
    curve: tuple[CurvePoint, ...] = ()
    trained_on: int
    shown: int
    seconds: float
    hardware: str
    file: str = ""
    notes: tuple[str, ...] = ()


@value
class Experiment:
    """All of an experiment, as its report takes it.

    Parameters
    ----------
    name : str
        The preset, such as ``paper-2022``.
    title : str
        What a reader sees.
    classes : tuple of str
        Terms, in the order of the probabilities.
    sets : tuple of ExperimentSet
        Train first, then validation where there is one, then test sets.
    runs : tuple of ExperimentRun
        In the order of the paper's rows, seeds of one model together.
    reduced : tuple of str
        How this is less than the recipe, one a line, such as ``"64 pixels instead of 224"``. Where there is any, it is
        not the paper's experiment, and every table says so.
    split : str
        The rule by which cells came to their sides, with its seed, in a sentence.
    simulated : bool
        Whether the cells were drawn by a program.
    leaks : mapping of str to int, optional
        What was found on two sides of the split, by kind; empty where none was found, ``None`` where nobody looked.
    leak_notes : tuple of str
        How was looked, and what cannot be shown.
    recipe_text : str
        The recipe (TOML), with pages and sections.
    recipe : str
        Its digest.
    data : str
        Digest of what all sets hold: cell ids, terms and digests of the crops.
    command : str
        What to type to get this again.
    software : mapping of str to str
        Versions.
    made_at : str
        UTC, ISO 8601.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    sets: tuple[ExperimentSet, ...]
    runs: tuple[ExperimentRun, ...]
    reduced: tuple[str, ...] = ()
    split: str = ""
    simulated: bool = False
    leaks: Mapping[str, int] | None = None
    leak_notes: tuple[str, ...] = ()
    recipe_text: str = ""
    recipe: Digest = ""
    data: Digest = ""
    command: str = ""
    software: Mapping[str, str] = field(default_factory=dict)
    made_at: str = ""

    def __post_init__(self) -> None:
        """Refuse predictions of a set that is not there, not one a cell, or of a class that is not there."""
        sizes = {one.name: len(one.cells) for one in self.sets}
        if len(sizes) != len(self.sets):
            raise InputError(
                "two sets of one name", expected="each once", found=", ".join(one.name for one in self.sets)
            )
        for run in self.runs:
            for name, said in run.predictions.items():
                place = f"{run.model}, seed {run.seed}, {name}"
                if len(said.terms) != sizes.get(name):
                    raise InputError(
                        f"{place}: not one prediction a cell", expected=str(sizes.get(name)), found=str(len(said.terms))
                    )
                for what, rows in (("probabilities", said.probabilities), ("scores", said.scores)):
                    if rows and len(rows) != len(said.terms):
                        raise InputError(
                            f"{place}: not one row of {what} a cell",
                            expected=str(len(said.terms)),
                            found=str(len(rows)),
                        )
                if strange := {*said.terms} - {*self.classes, None}:
                    raise InputError(
                        f"{place}: no class of the experiment",
                        expected=", ".join(self.classes),
                        found=str(min(map(str, strange))),
                    )

    def set_named(self, name: str) -> ExperimentSet | None:
        """Return a set by its name, ``None`` where there is none."""
        return next((one for one in self.sets if one.name == name), None)
