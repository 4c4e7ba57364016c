"""Run lengths as JSON Lines: they come back, and a line that is wrong does not take the others with it."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays

from buffycoat.formats.annotated import Refused
from buffycoat.formats.mask_lines import MaskLine, read_mask_lines, write_mask_lines
from buffycoat.imaging.regions import decode_run_lengths, encode_run_lengths


@settings(max_examples=60, deadline=None)
@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_masks_come_back_bit_for_bit(mask):
    height, width = mask.shape
    line = MaskLine(
        cell="c1", part="nucleus", height_px=height, width_px=width, run_lengths=encode_run_lengths(mask), method="best"
    )
    (found,) = read_mask_lines(write_mask_lines([line]), name="m.jsonl")
    assert found == line
    assert (decode_run_lengths(found.run_lengths, found.height_px, found.width_px) == mask).all()


def test_a_failure_comes_back_with_its_reason():
    line = MaskLine(cell="c1", part="cell", height_px=2, width_px=2, run_lengths=(), failure="nothing-found")
    assert list(read_mask_lines(write_mask_lines([line]), name="m.jsonl")) == [line]


def test_wrong_lines_are_refused_with_their_number_and_the_others_read():
    right = {"cell": "c1", "part": "cell", "height_px": 2, "width_px": 2, "run_lengths": [1, 3]}
    wrong = [
        "{",
        "[]",
        json.dumps(right | {"cell": 1}),
        json.dumps(right | {"height_px": "2"}),
        json.dumps(right | {"height_px": True}),
        json.dumps(right | {"run_lengths": [1, 2]}),
        json.dumps(right | {"run_lengths": [5, -1]}),
        json.dumps(right | {"run_lengths": "13"}),
        json.dumps(right | {"height_px": 99999, "width_px": 99999}),
    ]
    content = "\n".join([json.dumps(right), *wrong, json.dumps(right)]).encode()
    found = list(read_mask_lines(content, name="m.jsonl"))
    refused = [it for it in found if isinstance(it, Refused)]
    assert [it.name for it in refused] == [f"m.jsonl, line {n}" for n in range(2, 2 + len(wrong))]
    assert len(found) - len(refused) == 2
