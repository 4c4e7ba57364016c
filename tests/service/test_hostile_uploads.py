"""Files that were made to do harm, sent as photographs and as tables: each is refused by name, or does none."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pytest
from gps_photographs import photograph
from PIL import Image

from buffycoat.service import create_app
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace

VERSION = {"Tus-Resumable": "1.0.0"}
SCRIPT = b"<script>alert(document.domain)</script>"
Sign = Callable[[str, str], httpx.Client]


@pytest.fixture(scope="module")
def studio(own_demo: Workspace, serve: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    demo_people(own_demo)
    with serve(create_app(own_demo, max_megapixels=50.0)) as address:
        yield address


@pytest.fixture
def edna(studio: str, sign_in: Sign) -> httpx.Client:
    return sign_in(studio, "edna")


@pytest.fixture
def carla(studio: str, sign_in: Sign) -> httpx.Client:
    return sign_in(studio, "carla")


def coded(word: str) -> str:
    return base64.b64encode(word.encode()).decode()


def announce(page: httpx.Client, content: bytes, smear: str, /, **more: str) -> httpx.Response:
    digest = hashlib.sha256(content).hexdigest()
    said = {"client": f"client-{digest[:12]}", "smear": smear, "sha256": digest} | more
    pairs = ",".join(f"{name} {coded(word)}" for name, word in said.items())
    headers = VERSION | {"Upload-Length": str(len(content)), "Upload-Metadata": pairs}
    return page.post("/api/captures/uploads", headers=headers)


def send(page: httpx.Client, content: bytes, smear: str) -> tuple[str, httpx.Response]:
    begun = announce(page, content, smear)
    assert begun.status_code == 201
    place, answer = begun.headers["Location"], begun
    for at in range(0, len(content), 1 << 20):
        some = content[at : at + (1 << 20)]
        digest = base64.b64encode(hashlib.sha256(some).digest()).decode()
        headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(at), "Upload-Checksum": f"sha256 {digest}"}  # fmt: skip
        answer = page.patch(place, content=some, headers=VERSION | headers)
    return place, answer


def smear_of(page: httpx.Client, code: str = "H-1") -> str:
    return page.post("/api/captures/smears", json={"code": code, "stain": "giemsa"}).json()["id"]


def png_of(width: int, height: int) -> bytes:
    """A few bytes that claim to be so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def pixels_of(kind: str, side: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side)).save(out, kind, compression="tiff_lzw" if kind == "TIFF" else None)
    return out.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


REFUSED = {
    "a bomb in PNG": (png_of(60_000, 60_000), "image-too-large"),
    "above the setting, below the limit of the library": (png_of(8_000, 8_000), "image-too-large"),
    "a bomb in TIFF": (pixels_of("TIFF", 7_200), "image-too-large"),
    "a picture whose pixels are not there": (png_of(2_000, 2_000), "unreadable-image"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "unreadable-image"),
    "SVG behind a declaration": (b'<?xml version="1.0"?><svg>' + SCRIPT + b"</svg>", "unreadable-image"),
    "HTML": (b"<!doctype html>" + SCRIPT, "unreadable-image"),
    "an archive": (zipped("a.jpg", b"x"), "unreadable-image"),
    "an archive of archives": (zipped("a.zip", zipped("b.zip", b"x")), "unreadable-image"),
    "a moving picture": (b"GIF89a" + SCRIPT, "unsupported-image"),
    "a program": (b"\x7fELF" + bytes(60), "unreadable-image"),
    "PDF": (b"%PDF-1.7\n" + SCRIPT, "unreadable-image"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photograph_or_too_large_is_refused_by_name_and_gone(edna: httpx.Client, own_demo: Workspace, name: str):  # fmt: skip
    content, code = REFUSED[name]
    before = sorted((own_demo.folder / "objects").rglob("*"))
    place, answer = send(edna, content, smear_of(edna))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["hint"]
    assert edna.get(place).status_code == 404
    assert sorted((own_demo.folder / "objects").rglob("*")) == before


def test_the_scale_is_measured_of_no_picture_above_the_setting(edna: httpx.Client):
    answer = edna.post("/api/captures/micrometer", content=png_of(8_000, 8_000))
    assert (answer.status_code, answer.json()["code"]) == (422, "image-too-large")
    assert "50 megapixels" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("number", "made"),
    [
        (71, lambda jpeg: jpeg + zipped("a.html", SCRIPT)),
        (72, lambda jpeg: jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(SCRIPT) + 2) + SCRIPT + jpeg[2:]),
        (73, lambda jpeg: jpeg + b"<html>" + SCRIPT),
    ],
)
def test_what_is_two_files_at_once_is_kept_as_a_photograph_and_nothing_else(edna: httpx.Client, own_demo: Workspace, number: int, made):  # fmt: skip
    content = made(photograph(number))
    place, answer = send(edna, content, smear_of(edna, f"H-{number}"))
    assert answer.status_code == 204
    field = edna.get(place).json()["field_id"]
    kept = own_demo.objects.get(edna.get(f"/api/fields/{field}").json()["field"]["digest"])
    for mark in (b"script", b"PK\x03\x04", b"<html"):
        assert mark not in kept
    picture = edna.get(f"/api/fields/{field}/picture?width=400")
    assert picture.headers["content-type"] in ("image/jpeg", "image/png")
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert picture.headers["content-security-policy"].startswith("default-src 'none'")
    assert b"script" not in picture.content


@pytest.mark.parametrize(
    "client", ["../../up", "a/b", "..", "", "x" * 5_000, "a\x00b", "\u202egpj.exe", "C:\\up", "con\n"]
)
def test_the_id_of_a_device_is_no_path(edna: httpx.Client, own_demo: Workspace, client: str):
    content, smear = photograph(75), smear_of(edna)
    answer = announce(edna, content, smear, client=client)
    assert answer.status_code in (201, 422)
    if answer.status_code == 201:
        edna.delete(answer.headers["Location"], headers=VERSION)
    assert not [path for path in own_demo.folder.parent.rglob("up*") if path.name != "uploads"]


def test_names_of_files_are_not_even_taken(edna: httpx.Client):
    answer = announce(edna, photograph(76), smear_of(edna), filename="../../a.jpg")
    assert (answer.status_code, answer.json()["code"]) == (422, "input")


@pytest.mark.parametrize("code", ["x" * 500, "a\u202eb", "a\x1b[2Jb", "a\x00b", "<script>", "../../x", "a\nb"])
def test_a_code_that_a_label_cannot_hold_is_refused(edna: httpx.Client, code: str):
    answer = edna.post("/api/captures/smears", json={"code": code, "stain": "giemsa"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-metadata")


def lying_sheet() -> bytes:
    content = bytearray(zipped("xl/workbook.xml", bytes(32 << 20)))
    at = content.find(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 100)
    return bytes(content)


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)) + b"]><workbook>&j;</workbook>"  # fmt: skip


@pytest.mark.parametrize("content", [zipped("xl/workbook.xml", LAUGHS), lying_sheet(), zipped("../../up.xml", b"x"), b"PK\x03\x04", SCRIPT], ids=["laughs", "lie", "leads out", "cut", "script"])  # fmt: skip
@pytest.mark.parametrize("name", ["t.xlsx", "../../t.xlsx"])
def test_a_table_that_is_none_changes_nothing(carla: httpx.Client, content: bytes, name: str):
    before = carla.get("/api/metadata").json()
    body = {"name": name, "content": base64.b64encode(content).decode(), "keep": True}
    answer = carla.post("/api/metadata/table", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] in ("unreadable-format", "unreadable-file", "invalid-metadata", "input")
    assert carla.get("/api/metadata").json() == before
