"""Corrections taken back, fact by fact, by further ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from buffycoat.domain.curating import ChangeUndone, MetadataFact
from buffycoat.domain.smear import Capture, Correction, FieldOfView, ScaleSource, SetupCorrection, Smear
from buffycoat.domain.value import Scalar
from buffycoat.errors import NotFound
from buffycoat.store.setups import setup_corrections
from buffycoat.workflows.curating.facts import OF_SETUP, keep_changes, known, setup_with
from buffycoat.workflows.workspace import Workspace

__all__ = ["undo_corrections"]

_OfSetup = tuple[Scalar, ScaleSource]
"""A fact of a set-up; the scale goes with where it comes from."""
Said = TypeVar("Said", str | None, _OfSetup)


@dataclass(frozen=True, slots=True)
class _Step(Generic[Said]):
    """One correction of one fact."""

    correction: str
    before: Said
    after: Said


def undo_corrections(
    workspace: Workspace,
    ids: Sequence[str],
    *,
    fact: MetadataFact | None = None,
    photographs: Collection[str] | None = None,
) -> ChangeUndone:
    """Take corrections back by further ones: what was said before each of them is said again, fact by fact.

    A fact that was said otherwise again since stays as it is; corrections that were themselves taken back since do not
    count as that.

    Parameters
    ----------
    workspace
        Where.
    ids : sequence of str
        Of corrections.
    fact : MetadataFact, optional
        Only this fact of them.
    photographs : collection of str, optional
        Facts of a set-up are taken back of these only, by their ids.

    Raises
    ------
    NotFound
        There is no correction of one of these ids.
    """
    asked = set(ids)
    with workspace.database.reading() as transaction:
        of_smears = sorted(transaction.find(Correction), key=lambda made: (made.made_at, made.id))
        of_setups = setup_corrections(transaction)
        if missing := sorted(asked - {made.id for made in of_smears} - {made.id for made in of_setups}):
            raise NotFound("no correction has this id", found=missing[0])
        first = {smear.id: smear for smear in transaction.find(Smear)}
        recorded = {field.id: field.capture_id for field in transaction.find(FieldOfView)}
        captures = {capture.id: capture for capture in transaction.find(Capture)}
    stayed = 0
    smears: dict[str, dict[str, str | None]] = defaultdict(dict)
    for (smear_id, name), words in _steps_of_smears(of_smears, first).items():
        if fact not in (None, name) or asked.isdisjoint(step.correction for step in words):
            continue
        word, back = _taken_back(words, asked)
        if back:
            smears[smear_id][name] = word
        stayed += not back and word != _before(words, asked)
    setups: dict[str, Capture] = {}
    present, changes = _steps_of_setups(of_setups, recorded, captures)
    for (field, of_setup), steps in changes.items():
        chosen = photographs is None or field in photographs
        if fact not in (None, of_setup) or not chosen or asked.isdisjoint(step.correction for step in steps):
            continue
        said, back = _taken_back(steps, asked)
        if back:
            setups[field] = setup_with(setups.get(field, present[field]), of_setup, *said)
        stayed += not back and said != _before(steps, asked)
    # A set-up that is recorded already goes by the id that it has.
    same = {replace(capture, id=""): capture for capture in captures.values()}
    setups = {field: same.get(replace(capture, id=""), capture) for field, capture in setups.items()}
    made_now = keep_changes(workspace, smears=smears, setups=setups)
    return ChangeUndone(smears=len(smears), photographs=len(setups), stayed=stayed, corrections=made_now)


def _taken_back(steps: Sequence[_Step[Said]], asked: set[str]) -> tuple[Said, bool]:
    """Return what a fact says once corrections are taken back, and whether that changes it.

    A correction that says again what stood before takes those in between back, and is passed over with them, unless it
    is one of those that are taken back.
    """
    held: list[_Step[Said]] = []
    for step in steps:
        again = [place for place, each in enumerate(held) if each.before == step.after]
        at = again[0] if again and step.correction not in asked else None
        if at is None:
            held.append(step)
        else:
            del held[at:]
    back = False
    while held and held[-1].correction in asked:
        held.pop()
        back = True
    return held[-1].after if held else steps[0].before, back


def _before(steps: Sequence[_Step[Said]], asked: set[str]) -> Said:
    return next(step.before for step in steps if step.correction in asked)


def _steps_of_smears(
    corrections: Sequence[Correction], first: Mapping[str, Smear]
) -> dict[tuple[str, str], list[_Step[str | None]]]:
    steps: dict[tuple[str, str], list[_Step[str | None]]] = defaultdict(list)
    for made in corrections:
        for name, after in made.facts.items():
            key = made.smear_id, name
            original = getattr(first[made.smear_id], name)
            before = steps[key][-1].after if steps[key] else (None if original is None else str(original))
            steps[key].append(_Step(made.id, before, after))
    return steps


def _steps_of_setups(
    corrections: Sequence[SetupCorrection], recorded: Mapping[str, str], captures: Mapping[str, Capture]
) -> tuple[dict[str, Capture], dict[tuple[str, MetadataFact], list[_Step[_OfSetup]]]]:
    """Return the set-up that holds now by photograph, and the corrections of each fact by photograph."""
    present = {field: captures[key] for field, key in recorded.items()}
    steps: dict[tuple[str, MetadataFact], list[_Step[_OfSetup]]] = defaultdict(list)
    for made in corrections:
        for field in made.fields:
            was, present[field] = present[field], captures[made.capture_id]
            for fact in OF_SETUP:
                before, after = _fact(was, fact), _fact(present[field], fact)
                if before != after:
                    steps[field, fact].append(_Step(made.id, before, after))
    return present, steps


def _fact(capture: Capture, fact: MetadataFact) -> _OfSetup:
    source = capture.scale_source if fact is MetadataFact.SCALE else ScaleSource.TYPED
    return known(getattr(capture, fact.value)), source
