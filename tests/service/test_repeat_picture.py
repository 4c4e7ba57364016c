"""The picture that shows why two crops are called one cell."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image

from buffycoat.workflows.repeats import RepeatGroupView, list_repeats, pair_picture
from buffycoat.workflows.workspace import Workspace


@pytest.fixture(scope="module")
def groups(workspace: Workspace) -> tuple[RepeatGroupView, ...]:
    return list_repeats(workspace)


def route(cell: str, other: str) -> str:
    return f"/api/cells/{cell}/repeats/{other}/picture"


def test_the_picture_of_a_pair_is_sent_as_it_is_drawn(client: httpx.Client, workspace: Workspace, groups):
    one, other = groups[0].cells
    answer = client.get(route(one, other))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content == pair_picture(workspace, one, other)
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (484, 484))
    assert client.get(route(other, one)).content == answer.content, "whichever is named first"
    assert client.get(route(*groups[1].cells)).content != answer.content


def test_a_browser_that_holds_the_picture_is_sent_nothing(client: httpx.Client, groups):
    first = client.get(route(*groups[0].cells))
    held = client.get(route(*groups[0].cells), headers={"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", first.headers["etag"])
    other = client.get(route(*groups[1].cells), headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    assert other.headers["etag"] != first.headers["etag"]


def test_two_cells_that_nothing_calls_one_have_no_picture(client: httpx.Client, groups):
    one, other = groups[0].cells[0], groups[1].cells[0]
    pairs = [(one, other), (one, one), (one, "c0"), ("c0", one)]
    for answer in (client.get(route(*pair)) for pair in pairs):
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, problem["status"], problem["code"]) == (404, 404, "not-found")
        assert problem["detail"]
        assert "etag" not in answer.headers, "a browser keeps no error"


def test_an_id_that_is_none_is_refused(client: httpx.Client, groups):
    answer = client.get(route(groups[0].cells[0], "x" * 500))
    assert answer.status_code in {404, 422}
    assert answer.json()["code"] in {"not-found", "input"}
