"""Set-ups with a name, chosen once on a device: microscope, objective, camera, adapter and scale."""

from __future__ import annotations

from dataclasses import fields

from buffycoat.domain.account import Person
from buffycoat.domain.capturing import Preset, PresetWish
from buffycoat.domain.smear import Capture, ScaleSource
from buffycoat.domain.value import derive_id
from buffycoat.errors import AlreadyExists, InputError, NotFound
from buffycoat.store import Transaction
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["find_preset", "list_presets", "make_preset", "preset_named"]

_TOLD = tuple(each.name for each in fields(PresetWish))


def list_presets(workspace: Workspace) -> tuple[Preset, ...]:
    """Return the set-ups by name."""
    with workspace.database.reading() as transaction:
        return tuple(sorted(transaction.find(Preset), key=lambda preset: preset.name.casefold()))


def make_preset(workspace: Workspace, wish: PresetWish, by: Person | None = None) -> tuple[Preset, bool]:
    """Keep a set-up under a name, or find the same one; say also whether it is new.

    Raises
    ------
    InvalidMetadata
        A word is missing or too long, or a number is no length.
    AlreadyExists
        Another set-up has the name.
    """
    name = " ".join(wish.name.split())
    scale = wish.micrometres_per_pixel
    source = ScaleSource.UNKNOWN if scale is None else wish.scale_source
    if scale is not None and source not in (ScaleSource.TYPED, ScaleSource.MICROMETER):
        raise InputError(
            "nobody says where the scale comes from",
            expected=f"{ScaleSource.TYPED} or {ScaleSource.MICROMETER}",
            found=source,
        )
    preset = Preset(
        id=derive_id("preset", {"name": name}),
        name=name,
        microscope=wish.microscope.strip(),
        objective_magnification=wish.objective_magnification,
        camera=None if wish.camera is None else wish.camera.strip(),
        adapter=wish.adapter.strip(),
        micrometres_per_pixel=scale,
        scale_source=source,
        quarter_turns=wish.quarter_turns,
        expert_id=None if by is None else by.id,
        made_at=now(),
    )
    Capture(  # the same rules hold for what photographs will name
        id="",
        objective_magnification=preset.objective_magnification,
        micrometres_per_pixel=scale,
        quarter_turns=preset.quarter_turns,
    )
    with workspace.database.writing() as transaction:
        before = transaction.find(Preset, name=name)
        if before and any(getattr(before[0], each) != getattr(preset, each) for each in _TOLD):
            raise AlreadyExists(
                f"a set-up {name!r} is there already, and it is another one",
                hint="give this one another name: photographs name the one that is there",
            )
        if not before:
            transaction.add([preset])
    return (before[0], False) if before else (preset, True)


def find_preset(transaction: Transaction, preset_id: str) -> Preset:
    """Return a set-up by its id.

    Raises
    ------
    NotFound
        There is none.
    """
    found = transaction.find(Preset, id=preset_id)
    if not found:
        raise NotFound("no set-up has this id", found=preset_id[:80], hint="choose the set-up anew")
    return found[0]


def preset_named(workspace: Workspace, name: str) -> Preset:
    """Return a set-up by its name.

    Raises
    ------
    NotFound
        There is none.
    """
    presets = list_presets(workspace)
    for preset in presets:
        if preset.name.casefold() == name.strip().casefold():
            return preset
    there = ", ".join(preset.name for preset in presets) or "none"
    raise NotFound("no set-up has this name", expected=there, found=name, hint="make it on the page Capture")
