"""A person's items: which come, what was answered, and what they look like."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from buffycoat.domain.account import Person
from buffycoat.domain.cell import Cell
from buffycoat.domain.geometry import Box
from buffycoat.domain.label import Mode
from buffycoat.domain.reading import Around, Item, ItemAnswer, ItemPage
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import NotFound
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_jpeg, encode_png, turn
from buffycoat.store.answers import count_answered, labels_of
from buffycoat.workflows.crops import cell_pixels, crop_bytes, field_pixels
from buffycoat.workflows.reading.rounds import find_round, plan_for, require_reader
from buffycoat.workflows.shown import consensus_on
from buffycoat.workflows.workspace import Workspace

__all__ = ["ShownItem", "around_picture", "find_item", "item_around", "item_picture", "list_items"]


def list_items(workspace: Workspace, round_id: str, person: Person, *, offset: int, limit: int) -> ItemPage:
    """Return a part of a person's items in order, with the person's own answers.

    Raises
    ------
    NotFound
        There is no such round for this person.
    NotAllowed
        The person does not read in it.
    """
    with workspace.database.reading() as transaction:
        campaign, _ = find_round(transaction, round_id, person)
        require_reader(campaign, person)
        items = plan_for(workspace, campaign, person.id).items
        page = items[offset : offset + limit]
        cells = [item.cell_id for item in page]
        held = {
            (label.cell_id, label.purpose): label
            for label in labels_of(transaction, campaign.id, expert_id=person.id, cells=cells)
        }
        panel: dict[str, str | None] = {}
        if campaign.mode is Mode.TRAINING:
            found = consensus_on(transaction, cells, within=campaign.id)
            panel = {cell: consensus.term for cell, consensus in found.items()}
        answered = count_answered(transaction, campaign.id, person.id)
    told: list[Item] = []
    for item in page:
        label = held.get((item.cell_id, item.purpose))
        if label is None:
            told.append(Item(item=item.item, place=item.place, answer=None))
            continue
        answer = ItemAnswer(
            event=label.event or label.id, term=label.term, comment=label.comment, given_at=label.given_at
        )
        told.append(Item(item=item.item, place=item.place, answer=answer, panel=panel.get(item.cell_id)))
    return ItemPage(total=len(items), answered=answered, items=tuple(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownItem:
    """A cell as it is shown to a person: by how many quarter turns, clockwise."""

    cell: Cell
    turned: int


def find_item(workspace: Workspace, round_id: str, person: Person, item: str) -> ShownItem:
    """Return what a person's item shows.

    Raises
    ------
    NotFound
        There is no such item for this person.
    NotAllowed
        The person does not read in the round.
    """
    with workspace.database.reading() as transaction:
        campaign, _ = find_round(transaction, round_id, person)
        require_reader(campaign, person)
        shown = plan_for(workspace, campaign, person.id).at(item)
        return ShownItem(cell=transaction.get(Cell, shown.cell_id), turned=shown.turned)


def item_picture(workspace: Workspace, shown: ShownItem, *, side: int | None) -> bytes:
    """Return the crop of an item, turned as it is shown: a PNG without loss, or a JPEG of that side in pixels.

    Raises
    ------
    NotFound
        Its photograph has not come.
    """
    if side is None and not shown.turned:
        return crop_bytes(workspace, shown.cell)
    pixels = turn(cell_pixels(workspace, shown.cell), shown.turned)
    return encode_png(pixels) if side is None else encode_jpeg(_shrunk(pixels, side))


def item_around(workspace: Workspace, shown: ShownItem) -> Around:
    """Return where an item lies in its photograph, turned as it is shown.

    Raises
    ------
    NotFound
        There is no photograph around it.
    """
    _, box, width, height = _in_field(workspace, shown.cell)
    for _ in range(shown.turned):
        box = Box(left=height - box.bottom, top=box.left, right=height - box.top, bottom=box.right)
        width, height = height, width
    return Around(width_px=width, height_px=height, x=box.left, y=box.top, width=box.width, height=box.height)


def around_picture(workspace: Workspace, shown: ShownItem, *, width: int) -> bytes:
    """Return the photograph around an item as JPEG, turned as it is shown, at most ``width`` pixels wide.

    Raises
    ------
    NotFound
        There is no photograph around it.
    """
    field, *_ = _in_field(workspace, shown.cell)
    return encode_jpeg(_shrunk(turn(field_pixels(workspace, field), shown.turned), width))


def _in_field(workspace: Workspace, cell: Cell) -> tuple[FieldOfView, Box, int, int]:
    """Return the photograph that a cell was cut from, its box, and how large the photograph is."""
    with workspace.database.reading() as transaction:
        field = transaction.get(FieldOfView, cell.field_id)
    if field.crop_only or field.digest is None or cell.box is None or not field.width_px or not field.height_px:
        raise NotFound("there is no photograph around this cell", hint="it came as a crop alone")
    return field, cell.box, field.width_px, field.height_px


def _shrunk(image: RgbImage, width: int) -> RgbImage:
    if width >= image.shape[1]:
        return image
    height = max(1, math.floor(image.shape[0] * width / image.shape[1]))
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
