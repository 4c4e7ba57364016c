"""Routes of capturing: smears, set-ups, labels, and photographs sent in pieces by the tus protocol, version 1.0.0."""

from __future__ import annotations

import base64
import binascii
from email.utils import format_datetime
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from buffycoat.domain.account import Person
from buffycoat.domain.capturing import (
    CaptureProgress,
    CountingArea,
    CountingGiven,
    MicrometerScale,
    Preset,
    PresetWish,
    SmearTally,
    SmearWish,
    UploadState,
    UploadStatus,
    UploadWish,
)
from buffycoat.domain.label import Role
from buffycoat.errors import InputError
from buffycoat.service.documents import POLICY
from buffycoat.service.guards import everybody, needs
from buffycoat.service.opened import Opened
from buffycoat.service.paging import Id
from buffycoat.service.problems import told
from buffycoat.workflows import capturing

__all__ = ["router"]

router = APIRouter(tags=["captures"])
Capturing = Annotated[Person, needs(Role.EXPERT, Role.CURATOR, Role.ADMIN)]
UploadId = Annotated[str, Path(min_length=1, max_length=120, description="As `Location` ends.")]
Code = Annotated[str | None, Query(max_length=60, description="As it is written on the slide.")]
Site = Annotated[str, Query(max_length=60, description="The laboratory.")]

VERSION: Final = "1.0.0"
_PIECE: Final = "application/offset+octet-stream"
_KEYS: Final = ("client", "smear", "sha256", "preset", "counting", "taken")
_MANY: Final = 16
_PROTOCOL: Final = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    "Tus-Max-Size": str(capturing.MOST_FILE),
    "Tus-Extension": "creation,checksum,termination,expiration",
    "Tus-Checksum-Algorithm": ",".join(capturing.CHECKSUMS),
}


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "required": True, "schema": {"type": "string"}}


_RESUMABLE = _header("Tus-Resumable", f"`{VERSION}`")
_OF_CREATION: Final = {
    "parameters": [
        _RESUMABLE,
        _header("Upload-Length", "Bytes of the whole."),
        _header("Upload-Metadata", f"Pairs of a name and a word in base64: {', '.join(_KEYS)}."),
    ]
}
_OF_PIECE: Final = {
    "parameters": [
        _RESUMABLE,
        _header("Upload-Offset", "Of the first byte of the piece."),
        _header("Upload-Checksum", "`sha256` or `sha1`, a blank, and the digest of the piece in base64."),
    ],
    "requestBody": {"required": True, "content": {_PIECE: {"schema": {"type": "string", "format": "binary"}}}},
}
_OF_PHOTOGRAPH: Final = {
    "requestBody": {"required": True, "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
}
_TUS: Final = told(412, 423, 507)
_TUS_PIECE: Final = _TUS | told(415, s460="Checksum Mismatch")
_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "One HTML page that prints on A4.", "content": {"text/html": {"schema": {"type": "string"}}}}
}
_DRAWN: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "A QR symbol.", "content": {"image/svg+xml": {"schema": {"type": "string"}}}}
}


# --------------------------------------------------------------------- smears


@router.get("/captures/smears", operation_id="capture_smears")
def capture_smears(
    workspace: Opened,
    _: Capturing,
    code: Code = None,
    site: Annotated[str | None, Query(max_length=60, description="The laboratory.")] = None,
) -> tuple[SmearTally, ...]:
    """Return smears to photograph, the last one first; with a code, those whose slide says so."""
    return capturing.list_smears(workspace, code=code, site=site)


@router.post("/captures/smears", operation_id="make_smear", status_code=201)
def make_smear(workspace: Opened, person: Capturing, given: SmearWish, response: Response) -> SmearTally:
    """Make a smear by the code on its slide; 200 where it is there already, and the same is said of it."""
    smear, new = capturing.make_smear(workspace, given, person)
    if not new:
        response.status_code = 200
    return smear


@router.get("/captures/smears/{smear_id}", operation_id="capture_progress")
def capture_progress(workspace: Opened, person: Capturing, smear_id: Id) -> CaptureProgress:
    """Return how far a smear is: white cells seen so far, and its photographs, the newest first."""
    return capturing.progress_of(workspace, smear_id, person)


@router.post("/captures/fields/{field_id}/counting", operation_id="say_counting")
def say_counting(workspace: Opened, person: Capturing, field_id: Id, given: CountingGiven) -> CountingGiven:
    """Say of a field whether it shows the area in which cells are counted; the newest word holds."""
    return CountingGiven(in_counting_area=capturing.say_counting(workspace, field_id, given.in_counting_area, person))


# -------------------------------------------------------------------- set-ups


@router.get("/captures/presets", operation_id="presets")
def presets(workspace: Opened, _: Capturing) -> tuple[Preset, ...]:
    """Return the set-ups that have a name."""
    return capturing.list_presets(workspace)


@router.post("/captures/presets", operation_id="make_preset", status_code=201)
def make_preset(workspace: Opened, person: Capturing, given: PresetWish, response: Response) -> Preset:
    """Keep a set-up under a name; 200 where the same one is there."""
    preset, new = capturing.make_preset(workspace, given, person)
    if not new:
        response.status_code = 200
    return preset


@router.post("/captures/micrometer", operation_id="measure_micrometer", openapi_extra=_OF_PHOTOGRAPH)
async def measure_micrometer(
    request: Request,
    workspace: Opened,
    person: Capturing,
    division_um: Annotated[float, Query(description="Micrometers from one line to the next.")] = 10.0,
) -> MicrometerScale:
    """Measure the scale from a photograph of a stage micrometer, which is not kept; never make it smaller before."""
    content = await _body(request)
    most: float | None = request.app.state.max_megapixels
    async with request.app.state.costly.of(person.id):
        return await run_in_threadpool(
            capturing.scale_of, workspace, content, division_um=division_um, max_megapixels=most
        )


# --------------------------------------------------------------------- labels


@router.get("/captures/labels", operation_id="slide_labels", response_class=Response, responses=_PAGE)
def slide_labels(
    _workspace: Opened,
    _: Capturing,
    code: Annotated[tuple[str, ...], Query(max_length=480, description="Codes, one each.")] = (),
    prefix: Annotated[str, Query(max_length=36, description="Or what a row of codes begins with.")] = "",
    first: Annotated[int, Query(ge=0, le=999_999, description="Number of the first one.")] = 1,
    count: Annotated[int, Query(ge=0, le=480, description="How many in a row.")] = 0,
    sheet: Annotated[str, Query(max_length=20, description="24, 48 or slide.")] = "24",
    site: Site = "unknown",
) -> Response:
    """Return a sheet of labels for slides, each with a code that a camera reads."""
    row = capturing.range_of(prefix, first=first, count=count) if count else ()
    page = capturing.label_sheet([*code, *row], sheet=sheet, site=site)
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(f'labels-{sheet}.html')}",
        "Cache-Control": "no-store",
    }
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/captures/labels/mark", operation_id="slide_mark", response_class=Response, responses=_DRAWN)
def slide_mark(
    _workspace: Opened, _: Capturing, code: Annotated[str, Query(max_length=60)], site: Site = "unknown"
) -> Response:
    """Return the symbol of one code."""
    return Response(capturing.label_mark(code, site=site), media_type="image/svg+xml")


# -------------------------------------------------------------------- uploads


@router.options("/captures/uploads", operation_id="upload_protocol", status_code=204, dependencies=[everybody])
def upload_protocol() -> Response:
    """Say which parts of the protocol are spoken."""
    return Response(status_code=204, headers=_PROTOCOL)


@router.post(
    "/captures/uploads",
    operation_id="begin_upload",
    status_code=201,
    responses={200: {"description": "It is here already."}, **_TUS},
    openapi_extra=_OF_CREATION,
)
def begin_upload(request: Request, workspace: Opened, person: Capturing, response: Response) -> UploadStatus:
    """Announce a photograph, or find how far it is. The same words give the same address."""
    _check_version(request)
    request.app.state.uploads_begun.begin([f"person {person.id}"])
    status = capturing.begin_upload(workspace, person, _wish(request))
    if status.state in (UploadState.ARRIVED, UploadState.REPEAT):
        response.status_code = 200
    response.headers.update(_told(status))
    response.headers["Location"] = f"/api/captures/uploads/{status.id}"
    return status


@router.head("/captures/uploads/{upload}", operation_id="upload_offset", status_code=200, responses=_TUS)
def upload_offset(request: Request, workspace: Opened, person: Capturing, upload: UploadId) -> Response:
    """Say how much of it is here."""
    _check_version(request)
    return Response(headers=_told(capturing.upload_status(workspace, person, upload)))


@router.get("/captures/uploads/{upload}", operation_id="upload_status")
def upload_status(workspace: Opened, person: Capturing, upload: UploadId, response: Response) -> UploadStatus:
    """Say what became of it."""
    response.headers["Cache-Control"] = "no-store"
    return capturing.upload_status(workspace, person, upload)


@router.patch(
    "/captures/uploads/{upload}",
    operation_id="append_piece",
    status_code=204,
    response_class=Response,
    openapi_extra=_OF_PIECE,
    responses=_TUS_PIECE,
)
async def append_piece(request: Request, workspace: Opened, person: Capturing, upload: UploadId) -> Response:
    """Send the next piece. After the last one, 204 says that the photograph has its digest and is kept."""
    _check_version(request)
    if request.headers.get("content-type") != _PIECE:
        raise HTTPException(415)
    offset = _number(request, "upload-offset")
    checksum = _checksum(request)
    content = await _body(request)
    # After the body has come: a slow link holds nobody up.
    async with request.app.state.arriving.of(person.id):
        status = await run_in_threadpool(
            capturing.append_piece,
            workspace,
            person,
            upload,
            offset=offset,
            content=content,
            checksum=checksum,
            max_megapixels=request.app.state.max_megapixels,
        )
    return Response(status_code=204, headers=_told(status))


@router.delete(
    "/captures/uploads/{upload}", operation_id="end_upload", status_code=204, response_class=Response, responses=_TUS
)
def end_upload(request: Request, workspace: Opened, person: Capturing, upload: UploadId) -> Response:
    """Give up a half upload."""
    _check_version(request)
    capturing.end_upload(workspace, person, upload)
    return Response(status_code=204, headers={"Tus-Resumable": VERSION})


async def _body(request: Request) -> bytes:
    """Return the body; a link that is cut is nothing unexpected here."""
    try:
        return await request.body()
    except ClientDisconnect as error:
        raise InputError("the link was cut", hint="ask how much is there, and go on") from error


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise HTTPException(412, headers={"Tus-Version": VERSION})


def _told(status: UploadStatus) -> dict[str, str]:
    told = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(status.offset),
        "Upload-Length": str(status.length),
        "Cache-Control": "no-store",
    }
    if status.expires_at is not None:
        told["Upload-Expires"] = format_datetime(status.expires_at, usegmt=True)
    return told


def _number(request: Request, name: str) -> int:
    word = request.headers.get(name, "")
    if not (word.isascii() and word.isdecimal() and len(word) <= _MANY):
        raise InputError(f"{name} is no number of bytes", expected="digits", found=repr(word[:40]))
    return int(word)


def _checksum(request: Request) -> tuple[str, bytes]:
    kind, _, told = request.headers.get("upload-checksum", "").partition(" ")
    return kind, _opened(told, "upload-checksum")


def _opened(word: str, name: str) -> bytes:
    try:
        return base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"{name} is not in base64", found=repr(word[:40])) from error


def _wish(request: Request) -> UploadWish:
    """Return what the headers announce."""
    pairs = [pair.strip().partition(" ") for pair in request.headers.get("upload-metadata", "").split(",")]
    try:
        said = {name: _opened(word, f"upload-metadata {name}").decode() for name, _, word in pairs if name}
    except UnicodeDecodeError as error:
        raise InputError("upload-metadata is no text in UTF-8") from error
    missing = [name for name in _KEYS[:3] if not said.get(name)]
    if missing or not said.keys() <= set(_KEYS):
        raise InputError(
            "upload-metadata does not say what is needed",
            expected=f"{', '.join(_KEYS[:3])}; and any of {', '.join(_KEYS[3:])}",
            found=", ".join(sorted(said)) or "nothing",
        )
    counting = said.get("counting") or CountingArea.UNSAID
    if counting not in set(CountingArea):
        raise InputError("no such word for the counting area", expected=", ".join(CountingArea), found=counting[:20])
    return UploadWish(
        client=said["client"],
        smear=said["smear"],
        sha256=said["sha256"],
        length=_number(request, "upload-length"),
        preset=said.get("preset") or None,
        counting=CountingArea(counting),
        taken=said.get("taken") or None,
    )
