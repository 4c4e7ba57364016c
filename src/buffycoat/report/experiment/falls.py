"""How much each model loses from test-A to test-B, like for like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.value import value
from buffycoat.metrics.resampling import accuracies
from buffycoat.report.experiment.estimates import (
    Draws,
    Estimate,
    Stat,
    balanced_over,
    equivalent_cells,
    estimate_difference,
    estimates,
)
from buffycoat.report.experiment.rows import Model

__all__ = ["Fall", "Pair", "falls", "paired", "shared_classes"]


@value
class Fall:
    """One model at home and away. A fall above 0 is a loss.

    ``home`` and ``away`` are balanced accuracy over the classes that both sets have, since sensitivity of a class that
    test-B lacks cannot fall. ``home_all`` is that over all classes of test-A. ``restricted`` is ``away`` where only
    classes of test-B could be answered; ``None`` where the model gives no numbers to choose by.
    """

    label: str
    kind: str
    home: Estimate
    away: Estimate
    fall: Estimate
    home_all: Estimate
    restricted: Estimate | None
    restricted_fall: Estimate | None
    accuracy_home: Estimate
    accuracy_away: Estimate
    accuracy_fall: Estimate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """A score of the models that answered both test sets: of all cells, shape (models,), and of draws.

    ``drawn_home`` and ``drawn_away`` have shape (rounds, models): the same draws for all models, so that differences
    between models are paired. ``None`` where a set could not be drawn.
    """

    models: tuple[Model, ...]
    home: NDArray[np.float64]
    away: NDArray[np.float64]
    drawn_home: NDArray[np.float64] | None
    drawn_away: NDArray[np.float64] | None

    @property
    def fall(self) -> NDArray[np.float64]:
        """What each model loses."""
        return self.home - self.away

    @property
    def drawn_fall(self) -> NDArray[np.float64] | None:
        """The same in each draw."""
        if self.drawn_home is None or self.drawn_away is None:
            return None
        return self.drawn_home - self.drawn_away


def shared_classes(home: Draws, away: Draws, /) -> tuple[int, ...]:
    """Return places of the classes that both sets have."""
    return tuple(sorted({*home.answers.present} & {*away.answers.present}))


def paired(home: Draws, away: Draws, stat_home: Stat, stat_away: Stat, /) -> Pair:
    """Return a score at home and one away of each model that answered both."""
    models = tuple(model for model in home.answers.models if model in away.answers.models)
    at_home = [home.answers.models.index(model) for model in models]
    from_home = [away.answers.models.index(model) for model in models]
    drawn_home, drawn_away = home.drawn_of_models(stat_home), away.drawn_of_models(stat_away)
    return Pair(
        models=models,
        home=home.of_models(stat_home)[at_home],
        away=away.of_models(stat_away)[from_home],
        drawn_home=None if drawn_home is None else drawn_home[:, at_home],
        drawn_away=None if drawn_away is None else drawn_away[:, from_home],
    )


def falls(home: Draws, away: Draws, restricted: Draws | None, /) -> tuple[Fall, ...]:
    """Return for each model what it loses; empty where the sets have no class in common.

    The two sets are drawn independently of each other, each by its own units; all models see the same draws.
    ``restricted`` are answers restricted to the classes of the set away; ``None`` where it lacks none.
    """
    shared = shared_classes(home, away)
    if not shared:
        return ()
    alike = balanced_over(shared)
    balanced = paired(home, away, alike, alike)
    plain = paired(home, away, accuracies, accuracies)
    alone = {
        "home": _named(home, estimates(home, alike, _size(shared))),
        "away": _named(away, estimates(away, alike, _size(shared))),
        "all": _named(home, estimates(home, balanced_over(home.answers.present), equivalent_cells)),
        "right_home": _named(home, estimates(home, accuracies, _cells)),
        "right_away": _named(away, estimates(away, accuracies, _cells)),
    }
    lost = _differences(balanced)
    lost_right = _differences(plain)
    narrow: dict[str, Estimate] = {}
    lost_narrow: dict[str, Estimate] = {}
    if restricted is not None:
        narrow = _named(restricted, estimates(restricted, alike, _size(shared)))
        lost_narrow = _differences(paired(home, restricted, alike, alike))
    return tuple(
        Fall(
            label=model.label,
            kind=model.kind,
            home=alone["home"][model.label],
            away=alone["away"][model.label],
            fall=lost[model.label],
            home_all=alone["all"][model.label],
            restricted=narrow.get(model.label),
            restricted_fall=lost_narrow.get(model.label),
            accuracy_home=alone["right_home"][model.label],
            accuracy_away=alone["right_away"][model.label],
            accuracy_fall=lost_right[model.label],
        )
        for model in balanced.models
    )


def _cells(confusions: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(confusions.sum(axis=(-2, -1)))


def _size(classes: tuple[int, ...]) -> Stat:
    def size(confusions: NDArray[np.float64]) -> NDArray[np.float64]:
        return equivalent_cells(confusions[..., list(classes), :])

    return size


def _named(draws: Draws, found: tuple[Estimate, ...]) -> dict[str, Estimate]:
    return {model.label: each for model, each in zip(draws.answers.models, found, strict=True)}


def _differences(pair: Pair) -> dict[str, Estimate]:
    drawn = pair.drawn_fall
    return {
        model.label: estimate_difference(float(pair.fall[place]), None if drawn is None else drawn[:, place])
        for place, model in enumerate(pair.models)
    }
