"""Routes of reports of wrong labels: taken in, answered, and their cells read again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from buffycoat.domain.account import Person
from buffycoat.domain.erratum import AgainWish, ErratumGiven, ErratumReceipt, ErratumView, ReportFile
from buffycoat.domain.label import Role
from buffycoat.domain.reading import RoundView
from buffycoat.service.guards import needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.workflows import errata

__all__ = ["router"]

router = APIRouter(tags=["errata"])
Leading = Annotated[Person, needs(Role.CURATOR, Role.ADMIN)]
_MOST = 100
"""Files in one call."""


@router.get("/errata", operation_id="errata")
def list_errata(workspace: Opened, _: Leading) -> tuple[ErratumView, ...]:
    """Return the reports of wrong labels, those that wait for an answer first."""
    return errata.list_errata(workspace)


@router.post("/errata", operation_id="import_errata")
def import_errata(
    workspace: Opened,
    person: Leading,
    given: Annotated[list[ReportFile], Body(max_length=_MOST, description="As the public site saves them, or mails.")],
) -> tuple[ErratumReceipt, ...]:
    """Take reports in; of each it is said what became of it."""
    files = [(file.name, file.content.encode("utf-8", "surrogatepass")) for file in given]
    return errata.import_errata(workspace, files, person)


# Before the next one, which would take the word for an id.
@router.post("/errata/round", operation_id="read_errata_again")
def read_errata_again(workspace: Opened, person: Leading, given: AgainWish) -> RoundView:
    """Open a blind round over the cells of accepted reports that were not read since."""
    return errata.read_again(workspace, given, person)


@router.post("/errata/{erratum_id}", operation_id="answer_erratum")
def answer_erratum(workspace: Opened, person: Leading, erratum_id: Id, given: ErratumGiven) -> ErratumView:
    """Accept a report, decline it with a reason, or take the answer back."""
    return errata.answer_erratum(workspace, erratum_id, given, person)
