"""Reports of wrong labels: taken in and checked against the release, answered by a curator, the cells read again.

No report changes a label. What an accepted one asks for is a new round over its cell, which counts as every later round
does; the next release then says what came of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter

from buffycoat.domain.account import Person
from buffycoat.domain.cell import Cell
from buffycoat.domain.erratum import (
    NOT_A_CLASS,
    AgainWish,
    Erratum,
    ErratumAnswer,
    ErratumGiven,
    ErratumReceipt,
    ErratumState,
    ErratumView,
    ReportedErratum,
)
from buffycoat.domain.label import Expert
from buffycoat.domain.reading import Received, RoundView, RoundWish
from buffycoat.domain.release import Release
from buffycoat.domain.value import derive_id
from buffycoat.errors import BuffycoatError, Conflict, DigestMismatch, InputError, NotFound, TooFew
from buffycoat.formats.erratum_file import LONGEST_WHY, read_errata
from buffycoat.imaging.codecs import read_bytes
from buffycoat.publish.sealed import Contents
from buffycoat.store import Transaction
from buffycoat.store.answers import rounds_of
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.device_events import whole
from buffycoat.workflows.people import list_people
from buffycoat.workflows.reading import open_reading
from buffycoat.workflows.releasing.hidden_ids import inward_ids
from buffycoat.workflows.runs import now
from buffycoat.workflows.same_cells import with_repeats
from buffycoat.workflows.shown import consensus_on
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "answer_erratum",
    "ids_of",
    "import_errata",
    "import_files",
    "list_errata",
    "read_again",
]

_CONTENTS = TypeAdapter(Contents)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a release says of its cells: class and term of each; and its classes."""

    classes: tuple[str, ...]
    cells: dict[str, tuple[str | None, str | None]]


_RELEASES: WeakKeyDictionary[Workspace, dict[str, _Told]] = WeakKeyDictionary()
_KEPT = 4


def ids_of(workspace: Workspace, handles: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of people, by handle.

    Raises
    ------
    NotFound
        Nobody has one of the handles.
    """
    known = {facts.person.handle: facts.person.id for facts in list_people(workspace)}
    for handle in handles:
        if handle not in known:
            raise NotFound("nobody has this handle", found=handle, hint="`buffycoat people list` names everybody")
    return tuple(known[handle] for handle in handles)


def import_files(workspace: Workspace, paths: Sequence[Path], person: Person) -> tuple[ErratumReceipt, ...]:
    """Take reports in from files of the disk; see `import_errata`.

    Raises
    ------
    UnreadableFile
        One of them cannot be read; nothing is taken in.
    """
    files = [(path.name, read_bytes(path, name=path.name)) for path in paths]
    return import_errata(workspace, files, person)


def import_errata(
    workspace: Workspace, files: Iterable[tuple[str, bytes]], person: Person
) -> tuple[ErratumReceipt, ...]:
    """Take reports in, and say of each what became of it; one that does not fit stands in the way of no other.

    A report fits where its release lies in this workspace under the same seal, holds the cell, and says of it what the
    report claims. A file that holds no report at all is one line, of place 0.

    Parameters
    ----------
    workspace
        Where.
    files : iterable of (str, bytes)
        Name and content of each: as the site saved it, or a mail.
    person : Person
        Who takes them in.
    """
    receipts: list[ErratumReceipt] = []
    checked = _Checked(workspace, person)
    for name, content in files:
        try:
            reports = read_errata(content, name=name)
        except BuffycoatError as error:
            receipts.append(_refused(name, 0, error))
            continue
        for place, report in enumerate(reports, start=1):
            if isinstance(report, BuffycoatError):
                receipts.append(_refused(name, place, report))
                continue
            try:
                made = checked.erratum(report)
            except BuffycoatError as error:
                receipts.append(_refused(name, place, error))
                continue
            with workspace.database.writing() as transaction:
                state = Received.KNOWN if transaction.count(Erratum, id=made.id) else Received.KEPT
                transaction.add([made])
            receipts.append(ErratumReceipt(file=name, place=place, state=state, erratum=made.id))
    return tuple(receipts)


def _refused(file: str, place: int, error: BuffycoatError) -> ErratumReceipt:
    return ErratumReceipt(file=file, place=place, state=Received.REFUSED, code=error.code, detail=str(error))


class _Checked:
    """Turns reports into errata, or into the errors that say why not."""

    def __init__(self, workspace: Workspace, person: Person) -> None:
        self.workspace, self.person = workspace, person
        with workspace.database.reading() as transaction:
            self._releases = {release.version: release for release in transaction.find(Release)}
            keys, self._held = transaction.ids(Cell), held_cells(transaction)
        self._inward = inward_ids(workspace, keys)

    def erratum(self, report: ReportedErratum) -> Erratum:
        """Return the erratum that a report becomes."""
        release = self._releases.get(report.release)
        if release is None:
            raise NotFound(
                "this workspace has sealed no such release",
                expected=", ".join(sorted(self._releases)) or "a release",
                found=report.release,
            )
        if report.manifest != release.manifest:
            raise DigestMismatch(
                f"the report is of another release {report.release}",
                expected=release.manifest,
                found=report.manifest,
                hint="releases of two workspaces may have one version; send it to whoever sealed that one",
            )
        told = _told(self.workspace, release)
        if report.cell_id not in told.cells:
            raise NotFound(f"release {release.version} has no such cell", found=report.cell_id)
        if report.cell_id not in self._inward:
            raise NotFound("the cell of the report is not in this workspace any more", found=report.cell_id)
        inward = self._inward[report.cell_id]
        if (report.label, report.term) != told.cells[report.cell_id]:
            label, term = told.cells[report.cell_id]
            # Whoever reads the cell now must not learn its label by asking.
            held = inward in self._held
            raise Conflict(
                "the report claims another label than the release has",
                expected="what the release says" if held else f"{label}, {term}",
                found=f"{report.label}, {report.term}",
            )
        if report.proposed not in (*told.classes, *NOT_A_CLASS) or report.proposed == report.label:
            raise InputError(
                "the report proposes no other class",
                expected=", ".join((*told.classes, *NOT_A_CLASS)),
                found=report.proposed,
            )
        said = {"manifest": release.manifest, "cell": report.cell_id, "proposed": report.proposed}
        return Erratum(
            id=derive_id("erratum", {**said, "why": whole(report.why).strip(), "name": whole(report.name).strip()}),
            release_id=release.id,
            cell_id=inward,
            told_as=report.cell_id,
            label=report.label,
            term=report.term,
            proposed=report.proposed,
            why=whole(report.why).strip(),
            reporter=whole(report.name).strip(),
            by=self.person.id,
            received_at=now(),
        )


def _told(workspace: Workspace, release: Release) -> _Told:
    known = _RELEASES.setdefault(workspace, {})
    if release.manifest not in known:
        if release.contents is None:
            raise NotFound(
                f"nothing is kept of what lies in release {release.version}",
                hint="it was sealed by an older version; publish it again",
            )
        contents = _CONTENTS.validate_json(workspace.objects.get(release.contents))
        while len(known) >= _KEPT:
            known.pop(next(iter(known)))
        cells = {cell.cell_id: (cell.label, cell.term) for cell in contents.cells}
        known[release.manifest] = _Told(contents.classes, cells)
    return known[release.manifest]


def list_errata(workspace: Workspace, *, only: Iterable[str] | None = None) -> tuple[ErratumView, ...]:
    """Return the reports, those that wait for an answer first, then the latest; ``only`` names some by id."""
    with workspace.database.reading() as transaction:
        wanted = None if only is None else frozenset(only)
        errata = [each for each in transaction.find(Erratum) if wanted is None or each.id in wanted]
        answers = _newest_answers(transaction)
        people = {person.id: person.handle for person in transaction.find(Expert)}
        releases = {release.id: release for release in transaction.find(Release)}
        held = held_cells(transaction) if errata else set()
        said = consensus_on(transaction, sorted({each.cell_id for each in errata}))
        rounds = _rounds_after(transaction, errata, answers)
    newest = max(releases.values(), key=lambda release: release.sealed_at) if errata else None
    views = []
    for each in errata:
        answer = answers.get(each.id)
        view = ErratumView(
            erratum=each,
            release=releases[each.release_id].version,
            state=ErratumState.NEW if answer is None else answer.state,
            reason="" if answer is None else answer.reason,
            answered_by="" if answer is None else people.get(answer.by, ""),
            answered_at=None if answer is None else answer.given_at,
            held=each.cell_id in held,
            read_again=rounds.get(each.id),
        )
        if view.held:
            views.append(replace(view, erratum=_hushed(each), reason=""))
            continue
        if newest is not None and newest.id != each.release_id:
            label = _told(workspace, newest).cells.get(each.told_as, (None, None))[0]
            view = replace(view, newest=newest.version, newest_label=label)
        if each.cell_id in said:
            view = replace(view, standing=said[each.cell_id].standing, now=said[each.cell_id].term)
        views.append(view)
    views.sort(key=lambda view: view.erratum.received_at, reverse=True)
    return tuple(sorted(views, key=lambda view: view.state is not ErratumState.NEW))


def _hushed(erratum: Erratum) -> Erratum:
    """Return a report without what says a class: somebody reads its cell now."""
    return replace(erratum, told_as="", label=None, term=None, proposed="", why="")


def _newest_answers(transaction: Transaction) -> dict[str, ErratumAnswer]:
    answers = sorted(transaction.find(ErratumAnswer), key=lambda answer: (answer.given_at, answer.id))
    return {answer.erratum_id: answer for answer in answers}


def _rounds_after(
    transaction: Transaction, errata: Sequence[Erratum], answers: dict[str, ErratumAnswer]
) -> dict[str, str]:
    """Return, of each accepted report, the newest round with its cell that was opened after it was accepted."""
    accepted: dict[str, list[Erratum]] = defaultdict(list)
    for each in errata:
        answer = answers.get(each.id)
        if answer is not None and answer.state is ErratumState.ACCEPTED:
            accepted[each.cell_id].append(each)
    found: dict[str, str] = {}
    if accepted:
        for campaign in sorted(rounds_of(transaction), key=lambda campaign: campaign.opened_at):
            for cell in accepted.keys() & set(campaign.cells):
                for each in accepted[cell]:
                    if campaign.opened_at >= answers[each.id].given_at:
                        found[each.id] = campaign.name
    return found


def answer_erratum(workspace: Workspace, erratum_id: str, given: ErratumGiven, person: Person) -> ErratumView:
    """Accept a report, decline it with a reason, or take the answer back; every answer stays.

    Raises
    ------
    NotFound
        There is no such report.
    InputError
        It is declined without a reason, or the reason is too long.
    Conflict
        An open round holds the cell: whoever reads in it must not learn what others think.
    """
    reason = whole(given.reason).strip()
    if given.state is ErratumState.DECLINED and not reason:
        raise InputError("say why the report is declined: whoever sent it will ask", expected="a reason")
    if len(reason) > LONGEST_WHY:
        raise InputError("the reason is too long", expected=f"{LONGEST_WHY} letters at most", found=str(len(reason)))
    with workspace.database.writing() as transaction:
        if not transaction.count(Erratum, id=erratum_id):
            raise NotFound("there is no such report", found=erratum_id)
        if transaction.get(Erratum, erratum_id).cell_id in held_cells(transaction):
            raise Conflict("the cell is being read", hint="answer when its round is closed")
        moment = now()
        said = {"erratum": erratum_id, "by": person.id, "state": given.state.value, "at": moment.isoformat()}
        transaction.add(
            [
                ErratumAnswer(
                    id=derive_id("answer", said),
                    erratum_id=erratum_id,
                    state=given.state,
                    reason=reason,
                    by=person.id,
                    given_at=moment,
                )
            ]
        )
    return list_errata(workspace, only=(erratum_id,))[0]


def read_again(workspace: Workspace, wish: AgainWish, person: Person) -> RoundView:
    """Open a blind round over the cells of accepted reports that no round has read since.

    Raises
    ------
    TooFew
        There is none.
    InputError
        Somebody who is to read took in or answered a report on such a cell, and so knows what others think; or see
        ``open_reading``.
    AlreadyExists
        A round of this name is there.
    """
    waiting = [
        view.erratum
        for view in list_errata(workspace)
        if view.state is ErratumState.ACCEPTED and not view.held and view.read_again is None
    ]
    if not waiting:
        raise TooFew("no cell of an accepted report waits to be read again", expected="at least 1", found="0")
    with workspace.database.reading() as transaction:
        shown = with_repeats(transaction, {each.cell_id for each in waiting})
        about = {each.id: each.by for each in transaction.find(Erratum) if each.cell_id in shown}
        answered = {answer.by for answer in transaction.find(ErratumAnswer) if answer.erratum_id in about}
        knowing = answered | set(about.values())
    if partial := knowing.intersection(wish.experts):
        raise InputError(
            "somebody who took in or answered these reports cannot read their cells blindly",
            expected="experts who have not seen them",
            found=f"{len(partial)} who have",
        )
    cells = tuple(sorted({each.cell_id for each in waiting}))
    return open_reading(workspace, RoundWish(name=wish.name, experts=wish.experts, cells=cells), person)
