"""Taking a smear back: its pixels and what leads to a person go, a tombstone stays, and releases are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from buffycoat.domain.account import Person
from buffycoat.domain.release import Release
from buffycoat.domain.run import ENTERED, Document
from buffycoat.domain.smear import Smear
from buffycoat.domain.value import Digest, derive_id
from buffycoat.domain.withdrawal import Reason, Withdrawal, WithdrawalPlan
from buffycoat.errors import Conflict, DigestMismatch, InputError, NotFound, UnwritableFile
from buffycoat.store import Transaction
from buffycoat.store.answers import open_rounds
from buffycoat.store.queries import smears_now
from buffycoat.store.withdrawing import (
    Held,
    held_of,
    name_left,
    named_elsewhere,
    overwrite_journal,
    still_named,
    take_out,
    withdrawals,
)
from buffycoat.workflows.keeping.turns import alone
from buffycoat.workflows.releasing.hidden_ids import outward_ids
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["plan_withdrawal", "withdraw_smear"]

_PICTURE: Final = b"data:image/"


def plan_withdrawal(workspace: Workspace, smear: str, *, site: str | None = None) -> WithdrawalPlan:
    """Return what withdrawing a smear would take out; nothing is changed.

    Parameters
    ----------
    workspace
        Where.
    smear : str
        Its code, or its id.
    site : str, optional
        Where two laboratories have the same code.

    Raises
    ------
    NotFound
        There is no such smear.
    Conflict
        Several have this code.
    """
    with workspace.database.reading() as transaction:
        return _look(workspace, transaction, _smear(transaction, smear, site))[0]


def withdraw_smear(
    workspace: Workspace, smear: str, *, site: str | None = None, by: Person, reason: Reason, confirm: str
) -> WithdrawalPlan:
    """Take a smear back for good.

    Rows are written anew and the tombstone is added in one transaction, with an entry in the audit log. Then files are
    removed; where that is interrupted, the same call again removes the rest.

    Parameters
    ----------
    workspace, smear, site
        As for ``plan_withdrawal``.
    by : Person
        From ``people.curator_of``.
    reason : Reason
        Why.
    confirm : str
        The smear's code, said again.

    Raises
    ------
    NotFound, Conflict
        As for ``plan_withdrawal``; a backup is being made; or it was withdrawn for another reason before.
    InputError
        What was said again is not the code.
    UnwritableFile
        A file cannot be removed. The rows are without it already; the same command again removes the rest.
    """
    with alone(workspace.folder):
        with workspace.database.writing() as transaction:
            found = _smear(transaction, smear, site)
            code = smear if _was_called(found, smear) else found.code
            if confirm != code:
                raise InputError("this is not the code of the smear", expected=code, found=confirm or "nothing")
            plan, held, documents = _look(workspace, transaction, found)
            before = withdrawals(transaction).get(found.id)
            if before is None:
                before = _take(transaction, found, held, documents, plan, by=by, reason=reason)
        return _remove(workspace, before, plan)


# ------------------------------------------------------------------ looking


def _smear(transaction: Transaction, smear: str, site: str | None) -> Smear:
    found = [
        each
        for each in transaction.find(Smear)
        if (smear in (each.code, each.id) or _was_called(each, smear)) and site in (None, each.site)
    ]
    if not found:
        raise NotFound("there is no such smear", found=smear, hint="give its code as the studio shows it, or its id")
    if len(found) > 1:
        sites = ", ".join(sorted(each.site for each in found))
        raise Conflict("several laboratories have a smear of this code", found=sites, hint="say which: --site")
    return found[0]


def _was_called(smear: Smear, code: str) -> bool:
    """Say whether a smear had this code: its id is derived from it, also when the code itself is gone."""
    return smear.id == derive_id("smear", {"site": smear.site, "code": code})


def _look(
    workspace: Workspace, transaction: Transaction, smear: Smear
) -> tuple[WithdrawalPlan, Held, list[tuple[str, Digest]]]:
    held = held_of(transaction, smear.id)
    done = withdrawals(transaction).get(smear.id)
    documents = _documents(workspace, transaction, smear)
    objects = held.objects | {digest for _, digest in documents}
    shared = named_elsewhere(transaction, objects, smear.id, [key for key, _ in documents])
    cells = frozenset(held.cells)
    plan = WithdrawalPlan(
        smear_id=smear.id,
        code=smear.code,
        site=smear.site,
        fields=len(held.fields),
        cells=len(held.cells),
        masks=held.masks,
        documents=len(documents),
        objects=len(objects - shared),
        shared=len(shared),
        rounds=tuple(sorted(each.name for each in open_rounds(transaction) if not cells.isdisjoint(each.cells))),
        releases=_releases(workspace, transaction, smear.id),
        pages=_pages(workspace.folder, _words(transaction, smear), done),
        done=done is not None,
    )
    return plan, held, documents


def _words(transaction: Transaction, smear: Smear) -> tuple[bytes, ...]:
    """Return what tells that a page speaks of a smear: its code and pseudonyms, or any picture at all."""
    now_said = smears_now(transaction)[smear.id]
    names = {smear.code, smear.id, smear.subject or "", now_said.subject or ""} - {""}
    return (_PICTURE, *(name.encode() for name in sorted(names)))


def _documents(workspace: Workspace, transaction: Transaction, smear: Smear) -> list[tuple[str, Digest]]:
    """Return id and digest of the renderings that show a smear, or may; all of them can be made again."""
    words, found = _words(transaction, smear), list[tuple[str, Digest]]()
    for document in transaction.find(Document):
        if document.kind in ENTERED:
            continue
        try:
            content = workspace.objects.get(document.digest)
        except (NotFound, DigestMismatch):
            continue  # nothing can be read in it, by nobody
        if any(word in content for word in words):
            found.append((document.id, document.digest))
    return found


def _pages(folder: Path, words: Sequence[bytes], done: Withdrawal | None) -> tuple[str, ...]:
    found = (path for path in folder.glob("*.html") if path.is_file())
    if done is not None:  # those that were made since hold nothing of it
        found = (path for path in found if path.stat().st_mtime < done.withdrawn_at.timestamp())
    return tuple(sorted(path.name for path in found if any(word in path.read_bytes() for word in words)))


def _releases(workspace: Workspace, transaction: Transaction, smear_id: str) -> tuple[str, ...]:
    """Return the versions that hold a smear, the newest first; one whose list is gone may, and is named too."""
    ids = [key.encode() for key in outward_ids(workspace, smear_id)]
    versions = []
    for release in sorted(transaction.find(Release), key=lambda each: each.sealed_at, reverse=True):
        try:
            content = workspace.objects.get(release.contents or "")
        except (NotFound, DigestMismatch):
            versions.append(release.version)
            continue
        if any(key in content for key in ids):
            versions.append(release.version)
    return tuple(versions)


# ----------------------------------------------------------------- removing


def _take(
    transaction: Transaction,
    smear: Smear,
    held: Held,
    documents: Sequence[tuple[str, Digest]],
    plan: WithdrawalPlan,
    *,
    by: Person,
    reason: Reason,
) -> Withdrawal:
    rewritten = take_out(transaction, smear, held, [key for key, _ in documents])
    objects = held.objects | {digest for _, digest in documents}
    made = Withdrawal(
        id=derive_id("withdrawal", {"smear": smear.id}),
        smear_id=smear.id,
        expert_id=by.id,
        reason=reason,
        fields=plan.fields,
        cells=plan.cells,
        masks=plan.masks,
        removed=tuple(sorted(objects - still_named(transaction, objects))),
        shared=plan.shared,
        rewritten=rewritten,
        releases=plan.releases,
        withdrawn_at=now(),
    )
    transaction.add([made])
    return made


def _remove(workspace: Workspace, made: Withdrawal, plan: WithdrawalPlan) -> WithdrawalPlan:
    with workspace.database.reading() as transaction:
        named = still_named(transaction, made.removed)
    kept_before = workspace.objects.versions_left
    try:
        left = sum(workspace.objects.remove(digest) for digest in made.removed if digest not in named)
        for name in plan.pages:
            (workspace.folder / name).unlink(missing_ok=True)
        workspace.thumbnails.remove()
        for preview in sorted((workspace.folder / "previews").glob("*")):
            preview.unlink(missing_ok=True)
    except OSError as error:
        raise UnwritableFile(
            "pixels of the smear cannot be removed",
            found=error.strerror or "",
            hint="make the folder writable, then give the same command again: rows hold nothing of it any more",
        ) from error
    overwrite_journal(workspace.database)
    if kept := workspace.objects.versions_left - kept_before:
        raise UnwritableFile(
            "older versions of pixels of the smear stay in the bucket",
            expected="that this account may list and remove versions",
            found=f"{kept} objects with versions",
            hint="all else is done: give the same command again with an account that may (s3:ListBucketVersions, "
            "s3:DeleteObjectVersion), or let whoever keeps the bucket remove them",
        )
    return replace(
        plan,
        code=name_left(made.smear_id),
        fields=made.fields,
        cells=made.cells,
        masks=made.masks,
        objects=len(made.removed),
        shared=made.shared,
        releases=made.releases,
        left=left if plan.done else 0,
        done=True,
    )
