"""What a foreign set's experts said, as rounds that nobody reads on in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from buffycoat.domain.label import Expert, Label, Purpose, Role, Round
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.store import Transaction
from buffycoat.store.answers import labels_of
from buffycoat.workflows.editions import reads_alike
from buffycoat.workflows.importing.fields import ReadCell
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["SetLabels"]

_FILED = "filed"
_AT_ONCE = 5000


class SetLabels:
    """Writes the words of a set as closed rounds: one for its experts, and one for the folders that cells lie in.

    Cells that an earlier import of the set brought keep their round; where its word has changed since, the new one
    supersedes. Cells that are new make a round of their own, named after the set with a number.

    Parameters
    ----------
    workspace
        Where.
    name : str
        Of the set: rounds are ``NAME`` and ``NAME (filed)``, experts ``NAME expert 1``, ``NAME filed``.
    taxonomy : str
        Reference of the taxonomy whose terms the words are.
    run_id : str
        The import.
    """

    def __init__(self, workspace: Workspace, *, name: str, taxonomy: str, run_id: str) -> None:
        self.workspace, self.name, self.taxonomy, self.run_id = workspace, name, taxonomy, run_id

    def enter(self, read: Sequence[ReadCell], keep: Callable[[Sequence[Any]], None]) -> tuple[tuple[str, ...], int]:
        """Hand over rounds and labels to be kept; return the names of new rounds, and how many labels are new."""
        by_experts: dict[tuple[str, ...], list[tuple[str, tuple[str | None, ...]]]] = defaultdict(list)
        for cell in read:
            if cell.filed is not None:
                by_experts[_FILED,].append((cell.cell_id, (cell.filed,)))
            if cell.experts:
                by_experts[cell.experts].append((cell.cell_id, cell.terms))
        made: list[str] = []
        labels = 0
        moment = now()
        with self.workspace.database.reading() as transaction:
            taken = {campaign.name for campaign in transaction.find(Round)}
            # The folders come first: of two rounds the later counts, and an expert's word is worth more than a folder.
            for order, experts in enumerate(sorted(by_experts, key=lambda names: (names != (_FILED,), names))):
                entry = _Entry(self.name, experts, self.taxonomy, self.run_id, moment + timedelta(microseconds=order))
                given, opened = entry.write(transaction, keep, by_experts[experts], taken)
                labels += given
                made += opened
                taken.update(opened)
        return tuple(made), labels


class _Entry:
    """The words of one group of experts."""

    def __init__(self, name: str, experts: tuple[str, ...], taxonomy: str, run_id: str, moment: datetime) -> None:
        filed = experts == (_FILED,)
        self.title = f"{name} (filed)" if filed else name
        self.taxonomy, self.run_id, self.moment = taxonomy, run_id, moment
        handles = [f"{name} {_FILED}"] if filed else [f"{name} expert {expert}" for expert in experts]
        self.people = [
            Expert(
                id=derive_id("expert", {"handle": handle}),
                handle=handle,
                role=Role.SOURCE if filed else Role.EXPERT,
            )
            for handle in handles
        ]

    def write(
        self,
        transaction: Transaction,
        keep: Callable[[Sequence[Any]], None],
        said: Sequence[tuple[str, tuple[str | None, ...]]],
        taken: set[str],
    ) -> tuple[int, list[str]]:
        """Write one round for cells that have none, and corrections for those that have; return labels and rounds."""
        ids = tuple(person.id for person in self.people)
        rounds = [
            campaign
            for campaign in transaction.find(Round)
            if campaign.experts == ids and reads_alike(campaign.taxonomy, self.taxonomy)
        ]
        round_of = {cell_id: campaign.id for campaign in rounds for cell_id in campaign.cells}
        new = {cell_id: terms for cell_id, terms in said if cell_id not in round_of}
        given = 0
        opened: list[str] = []
        if new:
            titles = (self.title if number == 1 else f"{self.title} {number}" for number in count(1))
            title = next(title for title in titles if title not in taken)
            cells = tuple(sorted(new))
            campaign = Round(
                id=derive_id("round", {"name": title, "cells": digest_of("\n".join(cells).encode())}),
                name=title,
                taxonomy=self.taxonomy,
                cells=cells,
                experts=ids,
                opened_at=self.moment,
                run_id=self.run_id,
                closed_at=self.moment,
            )
            keep([*self.people, campaign])
            opened.append(title)
            # In the order of their cells, as the index that keeps labels apart has them.
            for start in range(0, len(cells), _AT_ONCE):
                labels = self._labels(campaign.id, [(cell, new[cell]) for cell in cells[start : start + _AT_ONCE]], {})
                keep(labels)
                given += len(labels)
        for campaign in rounds:
            live = {(label.cell_id, label.expert_id): label for label in labels_of(transaction, campaign.id)}
            known = [(cell_id, terms) for cell_id, terms in said if round_of.get(cell_id) == campaign.id]
            changed = self._labels(campaign.id, known, live)
            keep(changed)
            given += len(changed)
        return given, opened

    def _labels(
        self,
        round_id: str,
        said: Iterable[tuple[str, tuple[str | None, ...]]],
        live: dict[tuple[str, str], Label],
    ) -> list[Label]:
        made: list[Label] = []
        people = [person.id for person in self.people]
        for cell_id, terms in said:
            for expert_id, term in zip(people, terms, strict=True):
                before = live.get((cell_id, expert_id))
                if term is None or (before is not None and before.term == term):
                    continue
                supersedes = None if before is None else before.id
                identity: dict[str, Any] = {
                    "cell": cell_id,
                    "expert": expert_id,
                    "round": round_id,
                    "supersedes": supersedes,
                }
                made.append(
                    Label(
                        id=derive_id("label", identity),
                        cell_id=cell_id,
                        expert_id=expert_id,
                        round_id=round_id,
                        purpose=Purpose.READING,
                        term=term,
                        given_at=self.moment,
                        seconds=None,
                        comment="",
                        supersedes=supersedes,
                        run_id=self.run_id,
                    )
                )
        return made
