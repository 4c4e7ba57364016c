"""Color filters with a name, and which of them a smear is searched with. Only added to: no name means two filters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from buffycoat.detect import DEFAULT_FILTER, ColorFilter
from buffycoat.domain.account import Person
from buffycoat.domain.filtering import FittedFilter, SavedFilter
from buffycoat.domain.label import Expert
from buffycoat.domain.run import COLOR_FILTER, FILTER_CHOICE, Document, Run
from buffycoat.domain.smear import Capture, Smear
from buffycoat.domain.value import Digest, Scalar, derive_id
from buffycoat.errors import AlreadyExists, InputError, NotFound
from buffycoat.store import Transaction
from buffycoat.workflows.runs import now, run_of
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "choose_filter",
    "chosen_filters",
    "fitted",
    "keep_filter",
    "list_filters",
    "load_digest",
    "named_filter",
    "saved_filter",
]

_LONGEST_NAME = 64
_MEDIA = "application/json"
Place = tuple[str, str]
"""A smear and a set-up."""


def keep_filter(
    workspace: Workspace,
    name: str,
    color_filter: ColorFilter,
    *,
    place: Place,
    boxes: Mapping[str, Sequence[Sequence[int]]],
    by: Person | None = None,
) -> SavedFilter:
    """Keep a filter under a name; the same filter under the same name is kept once.

    Parameters
    ----------
    workspace
        Where.
    name : str
        1 to 64 characters that are none of a path.
    color_filter : ColorFilter
        The filter.
    place : (str, str)
        The smear and the set-up that it was trained on.
    boxes : mapping
        What it was trained on: boxes by photograph.
    by : Person, optional
        Who saves it; without it, who has the command line.

    Raises
    ------
    InputError
        The name does not fit.
    AlreadyExists
        The name means another filter.
    """
    name = _checked(name)
    content = color_filter.to_json().encode()
    digest = workspace.objects.put(content)
    trained: dict[str, Scalar] = {
        "name": name,
        "smear": place[0],
        "capture": place[1],
        "boxes": json.dumps({field: [list(box) for box in its] for field, its in boxes.items()}),
        "by": by.id if by else None,
    }
    run = run_of(room="detect", function="detect.keep_filter", parameters=trained, inputs=digest)
    document = Document(
        id=derive_id("document", {"kind": COLOR_FILTER, "name": name, "digest": digest}),
        kind=COLOR_FILTER,
        title=name,
        digest=digest,
        media_type=_MEDIA,
        made_at=now(),
        run_id=run.id,
    )
    with workspace.database.writing() as transaction:
        there = [each for each in transaction.find(Document, kind=COLOR_FILTER) if _same(each.title, name)]
        if any(each.id != document.id for each in there):
            raise AlreadyExists("this name means another filter", found=name, hint="choose another name")
        if not there:
            transaction.add([run, document])
    return saved_filter(workspace, document.id)


def list_filters(workspace: Workspace) -> tuple[SavedFilter, ...]:
    """Return the filters that have a name, the newest first."""
    with workspace.database.reading() as transaction:
        documents = transaction.find(Document, kind=COLOR_FILTER)
        documents.sort(key=lambda each: (each.made_at, each.id), reverse=True)
        runs = {run.id: run for run in transaction.find(Run, function="detect.keep_filter")}
        handles = {expert.id: expert.handle for expert in transaction.find(Expert)}
        codes = {smear.id: smear.code for smear in transaction.find(Smear)}
        used: dict[Digest | None, list[str]] = {}
        for (smear_id, _), choice in _choices(transaction).items():
            used.setdefault(_filter_of(choice), []).append(codes.get(smear_id, smear_id))
    return tuple(
        _saved(workspace, each, runs[each.run_id], handles, tuple(sorted(used.get(each.id, ())))) for each in documents
    )


def saved_filter(workspace: Workspace, filter_id: str) -> SavedFilter:
    """Return one filter by its id.

    Raises
    ------
    NotFound
        There is no such filter.
    """
    for each in list_filters(workspace):
        if each.id == filter_id:
            return each
    raise NotFound("no filter has this id", found=filter_id[:80])


def named_filter(workspace: Workspace, name: str) -> tuple[SavedFilter, ColorFilter]:
    """Return one filter by its name, with what ``buffycoat filter`` would read.

    Raises
    ------
    NotFound
        No filter has this name; those that there are, are told.
    """
    known = list_filters(workspace)
    for each in known:
        if _same(each.name, name.strip()):
            return each, load_digest(workspace, each.digest)
    names = ", ".join(repr(each.name) for each in known[:10]) or "no saved filter"
    raise NotFound("neither a file nor a saved filter has this name", expected=names, found=name[:80])


def choose_filter(
    workspace: Workspace, place: Place, filter_id: str | None, *, by: Person | None = None
) -> ColorFilter:
    """Choose the filter that a smear on one set-up is searched with from now on, and return it.

    Parameters
    ----------
    workspace
        Where.
    place : (str, str)
        The smear and the set-up.
    filter_id : str or None
        A saved filter; ``None`` chooses the one that comes along.
    by : Person, optional
        Who chooses.

    Raises
    ------
    NotFound
        There is no such smear, set-up or filter.
    """
    saved = None if filter_id is None else saved_filter(workspace, filter_id)
    chosen = DEFAULT_FILTER if saved is None else load_digest(workspace, saved.digest)
    digest = workspace.objects.put(chosen.to_json().encode()) if saved is None else saved.digest
    meant: dict[str, Scalar] = {
        "smear": place[0],
        "capture": place[1],
        "filter": filter_id,
        "by": by.id if by else None,
    }
    run = run_of(room="detect", function="detect.choose_filter", parameters=meant, inputs=digest)
    moment = now()
    document = Document(
        id=derive_id("document", {"kind": FILTER_CHOICE, "run": run.id, "made_at": moment.isoformat()}),
        kind=FILTER_CHOICE,
        title="" if saved is None else saved.name,
        digest=digest,
        media_type=_MEDIA,
        made_at=moment,
        run_id=run.id,
    )
    with workspace.database.writing() as transaction:
        transaction.get(Smear, place[0])
        transaction.get(Capture, place[1])
        held = _choices(transaction).get(place)
        if (None if held is None else _filter_of(held)) != filter_id:
            transaction.add([run, document])
    return chosen


def chosen_filters(workspace: Workspace) -> Mapping[Place, tuple[str, Digest]]:
    """Return name and digest of the filter that each smear and set-up is searched with, where one was chosen."""
    with workspace.database.reading() as transaction:
        held = _choices(transaction)
    return {
        place: (document.title, document.digest) for place, (document, run) in held.items() if run.parameters["filter"]
    }


def load_digest(workspace: Workspace, digest: Digest) -> ColorFilter:
    """Return the filter that an object holds."""
    return ColorFilter.from_json(workspace.objects.get(digest), name="the saved filter")


def fitted(color_filter: ColorFilter) -> FittedFilter:
    """Return the numbers of a filter."""
    return FittedFilter(
        weights=color_filter.weights,
        bias=color_filter.bias,
        prior=color_filter.prior,
        images=color_filter.images,
        boxes=color_filter.boxes,
        default=color_filter.weights == DEFAULT_FILTER.weights,
    )


Choice = tuple[Document, Run]


def _choices(transaction: Transaction) -> dict[Place, Choice]:
    """Return the newest choice of each smear and set-up."""
    runs = {run.id: run for run in transaction.find(Run, function="detect.choose_filter")}
    held: dict[Place, Choice] = {}
    for each in sorted(transaction.find(Document, kind=FILTER_CHOICE), key=lambda it: (it.made_at, it.id)):
        run = runs[each.run_id]
        held[str(run.parameters["smear"]), str(run.parameters["capture"])] = each, run
    return held


def _filter_of(choice: Choice) -> str | None:
    meant = choice[1].parameters["filter"]
    return None if meant is None else str(meant)


def _saved(
    workspace: Workspace, document: Document, run: Run, handles: Mapping[str, str], used_for: tuple[str, ...]
) -> SavedFilter:
    told = run.parameters
    return SavedFilter(
        id=document.id,
        name=document.title,
        digest=document.digest,
        by=handles.get(str(told["by"])),
        saved_at=document.made_at,
        smear_id=str(told["smear"]),
        capture_id=str(told["capture"]),
        fields=tuple(json.loads(str(told["boxes"]))),
        filter=fitted(load_digest(workspace, document.digest)),
        used_for=used_for,
    )


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _checked(name: str) -> str:
    name = name.strip()
    path_like = any(sign in name for sign in "/\\") or name.startswith((".", "-")) or name.endswith(".json")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable() or path_like:
        raise InputError(
            "this name does not fit a filter",
            expected=f"1 to {_LONGEST_NAME} characters, without / and \\, not like a file",
            found=repr(name[:80]),
        )
    return name
