"""Cells chosen for masks from the studio: quotas by class, or a preset, as a curator wishes them."""

from __future__ import annotations

from typing import Final

from buffycoat.domain.account import Person
from buffycoat.domain.label import Role
from buffycoat.domain.masking import MaskPreset, MaskSet, MaskWish
from buffycoat.errors import InputError, NotAllowed
from buffycoat.segment.selection import PRESETS
from buffycoat.workflows.mask_room.tasks import list_sets
from buffycoat.workflows.masks.selecting import select_for_masks
from buffycoat.workflows.workspace import Workspace

__all__ = ["choose_set", "list_presets"]

_LEADING: Final = (Role.CURATOR, Role.ADMIN)
_LONGEST_NAME: Final = 64
_LARGEST_SEED: Final = 2**31 - 1


def list_presets() -> tuple[MaskPreset, ...]:
    """Return the quotas that have a name.

    Examples
    --------
    >>> [(preset.name, sum(preset.counts.values())) for preset in list_presets()]
    [('paper', 1145)]
    """
    return tuple(
        MaskPreset(name=name, counts=dict(quotas.counts), whole_only=quotas.whole_only)
        for name, quotas in PRESETS.items()
    )


def choose_set(workspace: Workspace, wish: MaskWish, person: Person) -> MaskSet:
    """Choose cells as a curator wishes them, and return the list as the curator is told it.

    A wish that was fulfilled before is the same list again.

    Raises
    ------
    NotAllowed
        The person is no curator or admin.
    InputError
        The name does not fit, no cell is asked for, the seed is none, or a class is not of the taxonomy.
    AlreadyExists
        The name means another list.
    TooFew
        With every class that has too few cells; or no round is closed.
    """
    if person.role not in _LEADING:
        raise NotAllowed("only a curator or admin chooses cells for masks")
    name = wish.name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InputError("this name does not fit", expected=f"1 to {_LONGEST_NAME} characters", found=f"{len(name)}")
    if not 0 <= wish.seed <= _LARGEST_SEED:
        raise InputError("this is no seed", expected=f"0 to {_LARGEST_SEED}", found=str(wish.seed))
    counts = {term: count for term, count in wish.counts.items() if count}
    if not counts:
        raise InputError("no cell is asked for", expected="a class with a count of 1 or more", found="none")
    whole_only = tuple(term for term in wish.whole_only if term in counts)
    chosen = select_for_masks(workspace, name, counts, whole_only=whole_only, seed=wish.seed, fewer=wish.fewer)
    [found] = [each for each in list_sets(workspace, person) if each.id == chosen.id]
    return found
