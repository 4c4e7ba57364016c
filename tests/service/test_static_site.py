"""The front end's files: the page answers paths that it routes itself, but no missing file."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from buffycoat.service.static_site import StaticSite


def app_of(folder: Path) -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.routes.append(StaticSite(folder))
    return app


async def ask(app: FastAPI, path: str, method: str = "GET") -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, path)


@pytest.fixture
def site(tmp_path: Path) -> FastAPI:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>page</title>")
    (tmp_path / "mark.svg").write_text("<svg/>")
    (tmp_path / "assets" / "index-abc.js").write_text("1")
    (tmp_path / "sw.js").write_text("2")
    (tmp_path / "manifest.webmanifest").write_text("{}")
    return app_of(tmp_path)


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/", "/index.html", "/fields/f1", "/cells?class=x", "/api-like", "/nothing.txt"])
async def test_the_page_answers_its_own_paths(site: FastAPI, path: str):
    answer = await ask(site, path)
    assert (answer.status_code, answer.text) == (200, "<title>page</title>")
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.anyio
async def test_hashed_files_are_kept_for_good(site: FastAPI):
    answer = await ask(site, "/assets/index-abc.js")
    assert (answer.status_code, answer.text) == (200, "1")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.anyio
async def test_a_hashed_file_is_the_same_whole_in_part_and_not_at_all(site: FastAPI, tmp_path: Path):
    (tmp_path / "assets" / "studio-1.js").write_text("0123456789" * 20_000)
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        first, again = [await client.get("/assets/studio-1.js") for _ in range(2)]
        part = await client.get("/assets/studio-1.js", headers={"Range": "bytes=3-6"})
        none = await client.get("/assets/studio-1.js", headers={"If-None-Match": first.headers["etag"]})
        head = await client.head("/assets/studio-1.js")
    assert first.text == again.text == "0123456789" * 20_000
    assert dict(first.headers) == dict(again.headers)
    assert first.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert (part.status_code, part.text) == (206, "3456")
    assert (none.status_code, none.content) == (304, b"")
    assert head.headers["content-length"] == "200000"


@pytest.mark.anyio
async def test_the_worker_and_the_manifest_are_what_browsers_take_for_one(site: FastAPI):
    worker, manifest = await ask(site, "/sw.js"), await ask(site, "/manifest.webmanifest")
    assert worker.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert "immutable" not in worker.headers.get("cache-control", ""), "a new one is noticed at once"
    assert manifest.headers["content-type"] == "application/manifest+json"


@pytest.mark.anyio
async def test_a_build_without_a_worker_says_so(tmp_path: Path):
    (tmp_path / "index.html").write_text("<title>page</title>")
    for path in ("/sw.js", "/manifest.webmanifest", "/icons/mark-192.png"):
        assert (await ask(app_of(tmp_path), path)).status_code == 404


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/assets/nothing.js", "/api", "/api/nothing"])
async def test_missing_is_missing(site: FastAPI, path: str):
    assert (await ask(site, path)).status_code == 404


@pytest.mark.anyio
async def test_no_way_out_of_the_folder(site: FastAPI, tmp_path: Path):
    (tmp_path.parent / "secret.txt").write_text("secret")
    answer = await ask(site, "/%2e%2e/secret.txt")
    assert "secret" not in answer.text


@pytest.mark.anyio
async def test_without_a_build_it_says_how_to_make_one(tmp_path: Path):
    answer = await ask(app_of(tmp_path / "absent"), "/")
    assert answer.status_code == 503
    assert "make frontend" in answer.text


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
