"""The tus protocol as a device speaks it, and what capturing needs beside it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from gps_photographs import photograph, says_where

from buffycoat.domain.smear import FieldOfView
from buffycoat.service import create_app
from buffycoat.workflows.people import demo_people
from buffycoat.workflows.workspace import Workspace

VERSION = {"Tus-Resumable": "1.0.0"}
PIECE = 20_000


@pytest.fixture(scope="module")
def studio(own_demo: Workspace, serve: Callable[[FastAPI], AbstractContextManager[str]]) -> Iterator[str]:
    demo_people(own_demo)
    with serve(create_app(own_demo)) as address:
        yield address


@pytest.fixture
def edna(studio: str, sign_in: Callable[[str, str], httpx.Client]) -> httpx.Client:
    return sign_in(studio, "edna")


def coded(word: str) -> str:
    return base64.b64encode(word.encode()).decode()


def announced(content: bytes, smear: str, client: str, /, **more: str) -> dict[str, str]:
    said = {"client": client, "smear": smear, "sha256": hashlib.sha256(content).hexdigest()} | more
    pairs = ",".join(f"{name} {coded(word)}" for name, word in said.items())
    return VERSION | {"Upload-Length": str(len(content)), "Upload-Metadata": pairs}


def piece(content: bytes, offset: int) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return VERSION | {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
        "Upload-Checksum": f"sha256 {digest}",
    }


def smear_of(page: httpx.Client, code: str) -> str:
    answer = page.post("/api/captures/smears", json={"code": code, "stain": "giemsa"})
    assert answer.status_code in (200, 201)
    return answer.json()["id"]


def test_protocol_is_told_to_everybody(studio: str):
    answer = httpx.options(f"{studio}/api/captures/uploads")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {"creation", "checksum", "termination", "expiration"}


def test_photograph_is_sent_in_pieces_through_a_cut(studio: str, edna: httpx.Client, own_demo: Workspace):
    content, smear = photograph(31), smear_of(edna, "W-31")
    told = announced(content, smear, "client-00031", counting="yes", taken="2026-05-06")
    begun = edna.post("/api/captures/uploads", headers=told)
    assert (begun.status_code, begun.json()["state"], begun.headers["Upload-Offset"]) == (201, "receiving", "0")
    place = begun.headers["Location"]
    assert place == f"/api/captures/uploads/{begun.json()['id']}"
    first = edna.patch(place, content=content[:PIECE], headers=piece(content[:PIECE], 0))
    assert (first.status_code, first.headers["Upload-Offset"], first.content) == (204, str(PIECE), b"")
    assert "Upload-Expires" in first.headers
    # The answer got lost: the device asks, and then sends what is missing.
    asked = edna.head(place, headers=VERSION)
    assert (asked.headers["Upload-Offset"], asked.headers["Upload-Length"]) == (str(PIECE), str(len(content)))
    wrong = edna.patch(place, content=content[:PIECE], headers=piece(content[:PIECE], 0))
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong-offset")
    again = edna.post("/api/captures/uploads", headers=told)
    assert (again.headers["Location"], again.headers["Upload-Offset"]) == (place, str(PIECE))
    last = edna.patch(place, content=content[PIECE:], headers=piece(content[PIECE:], PIECE))
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(content)))
    status = edna.get(place).json()
    assert (status["state"], status["white_cells"]) == ("arrived", 2)
    field = edna.get(f"/api/fields/{status['field_id']}").json()
    assert (field["in_counting_area"], field["field"]["received"]) == ("yes", hashlib.sha256(content).hexdigest())
    whole = edna.head(place, headers=VERSION)
    assert whole.headers["Upload-Offset"] == whole.headers["Upload-Length"] == str(len(content))
    known = edna.post("/api/captures/uploads", headers=told)
    assert (known.status_code, known.json()["field_id"]) == (200, status["field_id"])
    other = edna.post("/api/captures/uploads", headers=announced(content, smear, "client-00032"))
    assert (other.status_code, other.json()["state"]) == (200, "repeat")
    progress = edna.get(f"/api/captures/smears/{smear}").json()
    assert (progress["white_cells"], progress["counting_area"]["yes"], len(progress["photographs"])) == (2, 1, 1)
    said = edna.post(f"/api/captures/fields/{status['field_id']}/counting", json={"in_counting_area": "no"})
    assert said.json() == {"in_counting_area": "no"}
    assert edna.get(f"/api/smears/{smear}/fields").json()["items"][0]["in_counting_area"] == "no"
    assert [path.name for path in own_demo.folder.rglob("*") if path.is_file() and says_where(path.read_bytes())] == []
    with own_demo.database.reading() as transaction:
        assert transaction.count(FieldOfView, smear_id=smear) == 1


def test_others_do_not_reach_an_upload(studio: str, edna: httpx.Client, sign_in: Callable[[str, str], httpx.Client]):
    content, smear = photograph(33), smear_of(edna, "W-33")
    place = edna.post("/api/captures/uploads", headers=announced(content, smear, "client-00033")).headers["Location"]
    carla = sign_in(studio, "carla")
    assert carla.head(place, headers=VERSION).status_code == 404
    assert carla.patch(place, content=content, headers=piece(content, 0)).status_code == 404
    assert edna.delete(place, headers=VERSION).status_code == 204
    assert edna.head(place, headers=VERSION).status_code == 404
    assert sign_in(studio, "theo").post("/api/captures/uploads", headers=VERSION).status_code == 403


def test_every_refusal_has_a_code_and_a_hint(studio: str, edna: httpx.Client):
    content, smear = photograph(34), smear_of(edna, "W-34")
    told = announced(content, smear, "client-00034")
    begun = edna.post("/api/captures/uploads", headers=told)
    place, some = begun.headers["Location"], content[:PIECE]
    good = piece(some, 0)

    def refused(answer: httpx.Response, status: int, code: str) -> None:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]

    refused(edna.post("/api/captures/uploads", headers={**told, "Tus-Resumable": "0.2"}), 412, "error")
    refused(edna.patch(place, content=some, headers={**good, "Content-Type": "image/jpeg"}), 415, "error")
    refused(edna.patch(place, content=some[:-1] + b"?", headers=good), 460, "wrong-checksum")
    refused(edna.patch(place, content=some, headers={**good, "Upload-Checksum": "sha256 !"}), 422, "input")
    refused(edna.patch(place, content=some, headers={**good, "Upload-Offset": "-1"}), 422, "input")
    large = bytes((1 << 20) + 1)
    refused(edna.patch(place, content=large, headers=piece(large, 0)), 413, "upload-too-large")
    refused(
        edna.post("/api/captures/uploads", headers={**told, "Upload-Length": str(1 << 30)}), 413, "upload-too-large"
    )
    refused(edna.post("/api/captures/uploads", headers={**told, "Upload-Metadata": "client"}), 422, "input")
    for name, word in (("counting", "perhaps"), ("taken", "yesterday"), ("sha256", "0"), ("client", "a b")):
        metadata = announced(content, smear, "client-00035", **{name: word})
        refused(edna.post("/api/captures/uploads", headers=metadata), 422, "input")
    refused(edna.post("/api/captures/uploads", headers=announced(content, "s0", "client-00036")), 404, "not-found")
    broken = announced(b"no photograph", smear, "client-00037")
    begun = edna.post("/api/captures/uploads", headers=broken).headers["Location"]
    refused(edna.patch(begun, content=b"no photograph", headers=piece(b"no photograph", 0)), 422, "unreadable-image")
    refused(edna.get(begun), 404, "not-found")


def test_presets_smears_labels_and_micrometer(studio: str, edna: httpx.Client):
    import cv2
    import numpy as np

    wish = {"name": "Phone and CX18", "microscope": "Olympus CX18", "objective_magnification": 100}
    made = edna.post("/api/captures/presets", json=wish)
    assert (made.status_code, edna.post("/api/captures/presets", json=wish).status_code) == (201, 200)
    assert made.json() in edna.get("/api/captures/presets").json()
    assert edna.post("/api/captures/presets", json=wish | {"microscope": "other"}).status_code == 409
    smear_of(edna, "W-40")
    (found,) = edna.get("/api/captures/smears", params={"code": "W-40"}).json()
    assert (found["qr"], found["stain"], found["photographs"]) == ("buffycoat:smear/W-40", "giemsa", 0)
    assert edna.post("/api/captures/smears", json={"code": "Jane Doe"}).status_code == 422
    page = edna.get("/api/captures/labels", params={"prefix": "W-", "first": 7, "count": 3, "sheet": "48"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert [code in page.text for code in ("W-0007", "W-0008", "W-0009", "W-0010")] == [True, True, True, False]
    assert "script" not in page.headers["Content-Security-Policy"]
    mark = edna.get("/api/captures/labels/mark", params={"code": "W-40"})
    assert mark.headers["Content-Type"] == "image/svg+xml"
    ruler = np.full((400, 600, 3), 230, np.uint8)
    ruler[:, 10::20] = 20
    content = cv2.imencode(".png", ruler)[1].tobytes()
    asked = edna.post("/api/captures/micrometer", params={"division_um": 10}, content=content)
    assert asked.json()["micrometres_per_pixel"] == pytest.approx(0.5, rel=1e-3)


def test_authority_is_offered_where_there_is_one(own_demo: Workspace, serve, studio: str, tmp_path: Path):
    assert httpx.get(f"{studio}/ca.crt").status_code == 404
    with serve(create_app(own_demo, authority=b"DER")) as address:
        answer = httpx.get(f"{address}/ca.crt")
    assert (answer.content, answer.headers["Content-Type"]) == (b"DER", "application/x-x509-ca-cert")
