"""One hash of all that a workspace holds, with ids and times mapped out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from buffycoat.domain.account import Appointment, Identity, Invitation, Password, Revocation, SignIn, Token, TokenUse
from buffycoat.domain.audit import Showing
from buffycoat.domain.label import HandIn, Label, Round
from buffycoat.domain.run import Document, Run
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.store.answers import labels_of, open_rounds, rounds_of
from buffycoat.store.sorting import holding_gallery_labels
from buffycoat.store.tables import TABLES, to_row
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.workspace import Workspace

__all__ = ["digest_workspace"]

# Documents are a rendering of the rest; who may sign in, or has, who has handed a reading in, and who saw what is no
# content.
_LEFT_OUT = frozenset(
    {Document, Appointment, Password, SignIn, Token, TokenUse, Identity, Invitation, Revocation, HandIn, Showing}
)


def digest_workspace(workspace: Workspace) -> str:
    """Return the SHA-256 of the workspace's content.

    Every row is reduced to what it says: its own id and its times are left out, ids of other rows are replaced by the
    digest of what those rows say, and a run is its function, version, parameters and seed, without the folder that it
    was started on. Two workspaces with the same digest hold the same photographs, cells, verdicts, labels, masks and
    releases, however often the work on either was interrupted. What was answered in a round that is open is left out:
    the digest tells nobody how far others are.
    """
    said: dict[str, str] = {}
    lines: list[str] = []
    with workspace.database.reading() as transaction:
        waiting = {campaign.id for campaign in open_rounds(transaction)}
        holding = {label.id for closed in rounds_of(transaction) for label in labels_of(transaction, closed.id)}
        held, sorted_now = held_cells(transaction), holding_gallery_labels(transaction)
        for cls, table in TABLES.items():
            if cls in _LEFT_OUT:
                continue
            values: list[Any] = transaction.find(cls)
            rows = [to_row(value) for value in values]
            if cls is Label:
                rows = [row | {"event": row["id"] in holding} for row in rows if row["round_id"] not in waiting]
            if cls is GalleryLabel:  # what was taken back is gone, and of cells that are read again nothing is told
                rows = [row | {"event": True} for row in rows if row["id"] in sorted_now and row["cell_id"] not in held]
            for row in _referenced_first(rows):
                content = _without_names(cls, row)
                text = json.dumps(_mapped(content, said), sort_keys=True, ensure_ascii=False)
                said[row["id"]] = hashlib.sha256(f"{table.name} {text}".encode()).hexdigest()
                lines.append(said[row["id"]])
    return hashlib.sha256("\n".join(sorted(set(lines))).encode()).hexdigest()


def _referenced_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Order rows so that what a row supersedes comes before it."""
    waiting = {row["id"]: row for row in rows}
    ordered: list[dict[str, Any]] = []
    for row in rows:
        chain = []
        current: dict[str, Any] | None = row
        while current is not None and current["id"] in waiting:
            chain.append(waiting.pop(current["id"]))
            current = waiting.get(current.get("supersedes") or "")
        ordered += reversed(chain)
    return ordered


def _without_names(cls: type, row: dict[str, Any]) -> dict[str, Any]:
    left_out = {"id", *(name for name in row if name.endswith("_at"))}
    if cls is Run:
        left_out.add("inputs")
    if cls is Round:
        left_out.add("secret")
    return {name: value for name, value in row.items() if name not in left_out}


def _mapped(value: Any, said: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return said.get(value, value)
    if isinstance(value, Mapping):
        return {said.get(name, name): _mapped(item, said) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mapped(item, said) for item in value]
    return value
