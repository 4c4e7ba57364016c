"""Groups of people so small that what is published of them could tell who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from buffycoat.domain.smear import AgeBand, Diagnosis, Sex
from buffycoat.domain.value import value
from buffycoat.publish.sealed import SealedSmear

__all__ = ["FACTS", "SmallGroup", "facts_to_withhold", "small_groups", "smear_fact"]

FACTS: Final = ("site", "sex", "age_band", "diagnosis")
"""What others may know of a person, and recognize the person by."""

_UNKNOWN: Final[Mapping[str, str]] = {
    "site": "unknown",
    "sex": Sex.UNKNOWN,
    "age_band": AgeBand.UNKNOWN,
    "diagnosis": Diagnosis.UNKNOWN,
}
_Combination = frozenset[tuple[str, str]]
_Shown = Mapping[_Combination, Mapping[int | str, list[str]]]


@value
class SmallGroup:
    """A combination of published facts that few people share, and the smears that show it."""

    facts: Mapping[str, str]
    people: int
    smears: tuple[str, ...]


def small_groups(smears: Sequence[SealedSmear], /, *, minimum: int) -> tuple[SmallGroup, ...]:
    """Return the combinations of facts that fewer than ``minimum`` people share.

    A person is a number within the release, or a smear where the person is not known. An unknown fact is none: somebody
    of whom only the sex is published shares it with everybody of that sex. Drawn smears show nobody.

    Parameters
    ----------
    smears : sequence of SealedSmear
        All of the release.
    minimum : int
        Fewest people that may share a combination.

    Returns
    -------
    tuple of SmallGroup
        Smallest first.
    """
    shown = _shown(smears, FACTS)
    found = [
        SmallGroup(
            facts={name: fact for name in FACTS for known, fact in combination if known == name},
            people=people,
            smears=tuple(smear for of_one in shown[combination].values() for smear in of_one),
        )
        for combination, people in _people(shown).items()
        if people < minimum
    ]
    return tuple(sorted(found, key=lambda group: (group.people, tuple(group.facts.items()))))


def facts_to_withhold(smears: Sequence[SealedSmear], /, *, minimum: int) -> tuple[str, ...]:
    """Return the fewest facts that, withheld from every smear, leave no small group.

    Of as few, those that are known of the fewest smears. Withholding all of them always helps.

    Parameters
    ----------
    smears : sequence of SealedSmear
        All of the release.
    minimum : int
        Fewest people that may share a combination.

    Returns
    -------
    tuple of str
        Of ``FACTS``; empty where nothing need be withheld.
    """
    known = {name: sum(smear_fact(smear, name) is not None for smear in smears) for name in FACTS}
    present = [name for name in FACTS if known[name]]
    for size in range(len(present)):
        for withheld in sorted(combinations(present, size), key=lambda names: sum(known[name] for name in names)):
            kept = [name for name in present if name not in withheld]
            if min(_people(_shown(smears, kept)).values(), default=minimum) >= minimum:
                return withheld
    return tuple(present)


def smear_fact(smear: SealedSmear, name: str) -> str | None:
    """Return a published fact of a smear, ``None`` where it is unknown."""
    found = str(getattr(smear, name))
    return None if found in (_UNKNOWN[name], "") else found


def _shown(smears: Sequence[SealedSmear], names: Sequence[str]) -> _Shown:
    """Return, for each combination of known facts, the people who show it, each with the smears that do."""
    found: dict[_Combination, dict[int | str, list[str]]] = {}
    for smear in smears:
        facts = frozenset((name, fact) for name in names if (fact := smear_fact(smear, name)) is not None)
        if facts and not smear.simulated:
            person = smear.smear_id if smear.person is None else smear.person
            found.setdefault(facts, {}).setdefault(person, []).append(smear.smear_id)
    return found


def _people(shown: _Shown) -> dict[_Combination, int]:
    """Count the people who share each combination, those of whom more is known among them."""
    return {
        combination: len({person for other, people in shown.items() if combination <= other for person in people})
        for combination in shown
    }
