"""A photograph on its way from a device: announced, sent in pieces, compared with its digest, taken in once."""

from __future__ import annotations

import hashlib
from typing import Final

from buffycoat.domain.account import Person
from buffycoat.domain.capturing import Arrival, UploadState, UploadStatus, UploadWish
from buffycoat.domain.smear import FieldOfView
from buffycoat.domain.value import digest_of
from buffycoat.errors import (
    BuffycoatError,
    Conflict,
    InputError,
    NotFound,
    Unsound,
    UploadTooLarge,
    WrongChecksum,
    WrongFile,
)
from buffycoat.store import Transaction
from buffycoat.workflows.capturing.half import Half, Uploads, room_for, secret_of
from buffycoat.workflows.capturing.presets import find_preset
from buffycoat.workflows.capturing.smears import find_smear
from buffycoat.workflows.capturing.taking import Shot, arrival_id, take_shot
from buffycoat.workflows.workspace import Workspace

__all__ = ["CHECKSUMS", "MOST_FILE", "MOST_PIECE", "append_piece", "begin_upload", "end_upload", "upload_status"]

MOST_FILE: Final = 64 << 20
MOST_PIECE: Final = 1 << 20
CHECKSUMS: Final = ("sha256", "sha1")


def begin_upload(workspace: Workspace, person: Person, wish: UploadWish) -> UploadStatus:
    """Announce a photograph, or find how far it is: the same words always give the same answer.

    Raises
    ------
    UploadTooLarge
        Longer than is taken.
    NotFound
        No such smear or set-up.
    Conflict
        Its bytes are of another smear here, its id was another photograph, or the smear was withdrawn.
    TooManyUploads, DiskFull
        There is no room for it now.
    """
    if wish.length > MOST_FILE:
        raise UploadTooLarge(
            "the photograph is too long", expected=f"{MOST_FILE:,} bytes at most", found=f"{wish.length:,}"
        )
    with workspace.database.reading() as transaction:
        find_smear(transaction, wish.smear)
        if wish.preset is not None:
            find_preset(transaction, wish.preset)
        there = _there(transaction, person, wish)
    upload = f"{wish.client}.{secret_of(person.id, wish)}"
    if there is not None:
        field, arrival = there
        return UploadStatus(
            id=upload,
            state=UploadState.REPEAT if arrival is None else UploadState.ARRIVED,
            offset=wish.length,
            length=wish.length,
            smear_id=field.smear_id,
            field_id=field.id,
            white_cells=None if arrival is None else arrival.white_cells,
            expires_at=None,
        )
    return _on_its_way(upload, Uploads(workspace.folder).begin(person.id, wish))


def upload_status(workspace: Workspace, person: Person, upload: str) -> UploadStatus:
    """Return how far an upload is.

    Raises
    ------
    NotFound
        There is none of this address, or it is over: announced again, what is there is found.
    """
    client, secret = _parts(upload)
    with workspace.database.reading() as transaction:
        found = transaction.find(Arrival, id=arrival_id(person.id, client))
        field = transaction.get(FieldOfView, found[0].field_id) if found else None
    if field is None or field.received is None:
        return _on_its_way(upload, Uploads(workspace.folder).look(person.id, client, secret))
    arrival = found[0]
    same = UploadWish(client=client, smear=field.smear_id, sha256=field.received, length=1)
    if secret_of(person.id, same) != secret:
        raise NotFound("no upload has this address", hint="begin it again: what is there already is found")
    return UploadStatus(
        id=upload,
        state=UploadState.ARRIVED,
        offset=arrival.size_bytes or 0,
        length=arrival.size_bytes or 0,
        smear_id=field.smear_id,
        field_id=field.id,
        white_cells=arrival.white_cells,
        expires_at=None,
    )


def append_piece(
    workspace: Workspace,
    person: Person,
    upload: str,
    *,
    offset: int,
    content: bytes,
    checksum: tuple[str, bytes],
    max_megapixels: float | None = None,
) -> UploadStatus:
    """Keep the next piece; with the last one the photograph is compared with its digest and taken in.

    Parameters
    ----------
    offset : int
        Of its first byte.
    content : bytes
        The piece; none at all asks to take in what is complete.
    checksum : (str, bytes)
        One of ``CHECKSUMS``, and the digest of the piece.
    max_megapixels : float, optional
        Larger photographs are refused.

    Raises
    ------
    UploadTooLarge, WrongChecksum, WrongOffset, UploadBusy, NotFound, DiskFull
        The piece was not kept.
    WrongFile
        All came, and it is not what was announced; nothing is kept.
    InputError, Conflict
        It is no photograph that is taken in; nothing is kept.
    """
    if len(content) > MOST_PIECE:
        raise UploadTooLarge(
            "the piece is too long", expected=f"{MOST_PIECE:,} bytes at most", found=f"{len(content):,}"
        )
    kind, told = checksum
    if kind not in CHECKSUMS:
        raise InputError("no such checksum", expected=" or ".join(CHECKSUMS), found=kind[:20])
    if hashlib.new(kind, content, usedforsecurity=False).digest() != told:
        raise WrongChecksum("this piece was damaged on its way", found=f"{len(content):,} bytes at {offset:,}")
    client, secret = _parts(upload)
    uploads = Uploads(workspace.folder)
    half = uploads.append(person.id, client, secret, offset=offset, content=content)
    if half.offset < half.wish.length:
        return _on_its_way(upload, half)
    return _finish(workspace, person, upload, uploads, max_megapixels)


def end_upload(workspace: Workspace, person: Person, upload: str) -> None:
    """Give up a half upload; a photograph that was taken in stays.

    Raises
    ------
    NotFound
        There is none of this address.
    """
    client, secret = _parts(upload)
    uploads = Uploads(workspace.folder)
    uploads.look(person.id, client, secret)
    uploads.end(person.id, client)


def _finish(
    workspace: Workspace, person: Person, upload: str, uploads: Uploads, max_megapixels: float | None
) -> UploadStatus:
    client, secret = _parts(upload)
    with uploads.whole(person.id, client, secret) as (wish, content):
        try:
            if (found := digest_of(content)) != wish.sha256:
                raise WrongFile("what came is not what was announced", expected=wish.sha256, found=found)
            with workspace.database.reading() as transaction:
                smear = find_smear(transaction, wish.smear)
                preset = None if wish.preset is None else find_preset(transaction, wish.preset)
            shot = Shot(
                by=person.id,
                client=wish.client,
                counting=wish.counting,
                taken=wish.taken,
                max_megapixels=max_megapixels,
            )
            with room_for(len(content), "objects"):
                field, new = take_shot(workspace, content, smear=smear, preset=preset, shot=shot)
        except (InputError, Conflict, Unsound, NotFound) as error:
            uploads.end(person.id, client)
            raise error from None
        except BuffycoatError:
            raise  # the disk or the database: what came stays, and is taken in later
        uploads.end(person.id, client)
    with workspace.database.reading() as transaction:
        arrived = transaction.find(Arrival, id=arrival_id(person.id, client))
    return UploadStatus(
        id=upload,
        state=UploadState.ARRIVED if new or arrived else UploadState.REPEAT,
        offset=wish.length,
        length=wish.length,
        smear_id=field.smear_id,
        field_id=field.id,
        white_cells=arrived[0].white_cells if arrived else None,
        expires_at=None,
    )


def _there(transaction: Transaction, person: Person, wish: UploadWish) -> tuple[FieldOfView, Arrival | None] | None:
    """Return the field of a photograph that is here already, and its arrival where it was sent by this very id."""
    arrived = transaction.find(Arrival, id=arrival_id(person.id, wish.client))
    if arrived:
        field = transaction.get(FieldOfView, arrived[0].field_id)
        if field.received != wish.sha256 or field.smear_id != wish.smear:
            raise Conflict(
                "this id was another photograph",
                expected="an id of its own for each photograph",
                found=wish.client,
                hint="give this photograph an id of its own",
            )
        return field, arrived[0]
    same = transaction.find(FieldOfView, received=wish.sha256)
    if not same:
        return None
    find_smear(transaction, same[0].smear_id)
    if same[0].smear_id != wish.smear:
        raise Conflict(
            "this very photograph is here already, of another smear",
            expected=f"smear {find_smear(transaction, same[0].smear_id).code!r}",
            found=f"smear {find_smear(transaction, wish.smear).code!r}",
            hint="leave it out, or photograph this smear anew",
        )
    return same[0], None


def _on_its_way(upload: str, half: Half) -> UploadStatus:
    return UploadStatus(
        id=upload,
        state=UploadState.RECEIVED if half.offset == half.wish.length else UploadState.RECEIVING,
        offset=half.offset,
        length=half.wish.length,
        smear_id=half.wish.smear,
        field_id=None,
        white_cells=None,
        expires_at=half.expires_at,
    )


def _parts(upload: str) -> tuple[str, str]:
    client, _, secret = upload.partition(".")
    if not client or not secret:
        raise NotFound("no upload has this address", found=upload[:80], hint="begin it again")
    return client, secret
