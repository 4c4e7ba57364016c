"""The description of the service: what the front end's types are made from, and what the service keeps to."""

from __future__ import annotations

import json
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import allow_header_conformance

from buffycoat.service.describe import describe

ROOT = Path(__file__).parents[2]


def test_front_end_knows_this_description():
    written = (ROOT / "frontend" / "openapi.json").read_text()
    assert written == describe(), "run `make api` and commit both files"


def test_every_route_describes_its_problems():
    page = json.loads(describe())
    assert "HTTPValidationError" not in page["components"]["schemas"]
    for path, methods in page["paths"].items():
        for method, route in methods.items():
            told = {status: answer for status, answer in route["responses"].items() if status >= "400"}
            assert set(told) >= {"401", "403", "404", "409", "422", "429", "503"}, (method, path)
            kinds = [list(answer["content"]) for answer in told.values()]
            assert kinds == [["application/problem+json"]] * len(told), (method, path)


def test_origin_is_the_only_name_of_a_file():
    """A new field of a value is served as it is: this list makes a person look at it first."""
    field = json.loads(describe())["components"]["schemas"]["FieldOfView"]["properties"]
    assert sorted(field) == [
        "capture_id",
        "crop_only",
        "digest",
        "exif",
        "height_px",
        "icc_profile",
        "id",
        "ingested_at",
        "media_type",
        "origin",
        "pixels",
        "quality",
        "quarter_turns",
        "received",
        "red_cell_diameter_px",
        "run_id",
        "smear_id",
        "stripped",
        "width_px",
    ]


schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schema = schemathesis.openapi.from_dict(json.loads(describe()))


@schema.parametrize()
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_service_keeps_to_its_description(case: schemathesis.Case, address: str):
    # Of /masks/selections it is true that GET is allowed: it asks for a selection that is called so.
    case.call_and_validate(base_url=address, excluded_checks=[allow_header_conformance])
