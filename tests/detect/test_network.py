"""A detector file runs without torch: scale, squares, doubles; a foreign file is told apart."""

from __future__ import annotations

import cv2
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from buffycoat.detect.combine import combine, is_double
from buffycoat.detect.network import NetworkDetector
from buffycoat.detect.placing import known_red_cell_px, squared
from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, UnreadableFormat, WrongArray
from buffycoat.formats.detector_file import LARGEST_BYTES, DetectorFacts, facts_of, metadata_of
from buffycoat.imaging.network_input import at_factor, network_input

FACTS = DetectorFacts(
    red_cell_px=10.0,
    score_threshold=0.5,
    architecture="one-stage",
    backbone="shufflenet-v2",
    trained_on="nothing: it is drawn by hand",
    weights_license="none",
)


def network(boxes, scores, *, metadata=None, outputs=("boxes", "scores"), element=TensorProto.FLOAT) -> bytes:
    """A network that always gives these boxes, in pixels of what it is shown."""
    values = (np.array(boxes, np.float32).reshape(-1, 4), np.array(scores, np.float32))
    nodes = [
        helper.make_node("Constant", [], [name], value=onnx.numpy_helper.from_array(value))
        for name, value in zip(outputs, values, strict=True)
    ]
    graph = helper.make_graph(
        nodes,
        "hand made",
        [helper.make_tensor_value_info("image", element, [1, 3, None, None])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    helper.set_model_props(model, dict(metadata_of(FACTS) if metadata is None else metadata))
    return model.SerializeToString()


def field(height=80, width=120) -> np.ndarray:
    return np.full((height, width, 3), 220, np.uint8)


def test_boxes_come_back_in_pixels_of_the_field_squared_and_in_order():
    # red cells of 20 pixels are shown 10 wide: the network sees half of the size
    detector = NetworkDetector.from_bytes(network([[40, 20, 50, 32], [10, 5, 20, 15], [0, 0, 9, 9]], [0.6, 0.9, 0.4]))
    found = detector.find(field(), micrometres_per_pixel=7.5 / 20)
    assert [one.extent for one in found] == [
        Box(left=20, top=10, right=40, bottom=30),
        Box(left=80, top=40, right=100, bottom=64),
    ]
    assert [one.box for one in found] == [Box.around(30, 20, 92), Box.around(90, 52, 92)]
    assert [one.score for one in found] == pytest.approx([0.9, 0.6])
    assert {one.found_by for one in found} == {FoundBy.NETWORK}


def test_the_side_the_border_and_the_least_score_may_be_asked_for():
    detector = NetworkDetector.from_bytes(network([[40, 20, 50, 32], [0, 0, 9, 9]], [0.6, 0.4]))
    found = detector.find(field(), 60, micrometres_per_pixel=7.5 / 20, border="shift", least_score=0.3)
    assert [one.box for one in found] == [
        Box(left=0, top=0, right=60, bottom=60),
        Box(left=60, top=20, right=120, bottom=80),
    ]


def test_boxes_are_cut_to_the_field_and_those_outside_dropped():
    detector = NetworkDetector.from_bytes(network([[50, 30, 90, 90], [61, 2, 70, 9], [-5, 3, 4, 9]], [0.9, 0.8, 0.7]))
    found = detector.look(field(), red_cell_px=20)
    assert [box for box, _ in found] == [
        Box(left=100, top=60, right=120, bottom=80),
        Box(left=0, top=6, right=8, bottom=18),
    ]


def test_a_field_without_scale_is_looked_at_in_several_sizes():
    detector = NetworkDetector.from_bytes(network([[1, 1, 23, 23]], [0.9]))
    [cell] = detector.find(field(300, 300))
    # 22 pixels of what the network sees, whatever the size: the side follows from the cell
    assert cell.box.width == pytest.approx(575 / 125 * cell.extent.width / 2.2, abs=1)
    assert NetworkDetector.from_bytes(network([], [])).find(field()) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no detector file"),
        (b"\x89PNG something", "no detector file"),
        (network([], [])[:-40], "no detector file"),
        (network([], [], metadata={}), "no detector of buffycoat: expected the key buffycoat.detector in its metadata"),
        (network([], [], metadata={"buffycoat.detector": "9"}), "expected buffycoat.detector 1, found 9"),
        (network([], [], metadata={"buffycoat.detector": "1"}), "expected the key classes, found none"),
        (network([], [], metadata={**metadata_of(FACTS), "red_cell_px": "wide"}), "holds no such number"),
        (network([], [], metadata={**metadata_of(FACTS), "red_cell_px": "nan"}), "holds no such number"),
        (network([], [], outputs=("scores", "boxes")), "expected image in, boxes and scores out"),
        (bytes(LARGEST_BYTES + 1), "too large for a detector"),
    ],
)  # fmt: skip
def test_a_foreign_or_broken_file_is_told_apart(content, said):
    with pytest.raises(UnreadableFormat) as caught:
        NetworkDetector.from_bytes(content)
    assert said in str(caught.value)


def test_bad_questions_are_refused():
    detector = NetworkDetector.from_bytes(network([], []))
    with pytest.raises(WrongArray):
        detector.find(np.zeros((10, 10), np.uint8))
    for wrong in ({"side": 0}, {"border": "wrap"}, {"micrometres_per_pixel": 0.0}, {"least_score": 1.5}):
        with pytest.raises(InputError):
            detector.find(field(), **wrong)
    with pytest.raises(InputError, match="too small to be seen"):
        detector.look(field(), red_cell_px=1.0)
    with pytest.raises(InputError, match="too large at the scale"):
        NetworkDetector.from_bytes(network([], [], metadata={**metadata_of(FACTS), "red_cell_px": "90000"})).look(
            field(), red_cell_px=4
        )


def test_facts_come_back_as_they_went_in():
    assert facts_of(metadata_of(FACTS)) == FACTS
    with pytest.raises(InputError, match="score_threshold"):
        DetectorFacts(
            red_cell_px=10, score_threshold=0.0, architecture="a", backbone="b", trained_on="c", weights_license="d"
        )


def test_the_scale_comes_from_the_record_then_the_red_cells_then_the_side():
    assert known_red_cell_px(field(), side=46, micrometres_per_pixel=0.75) == 10
    assert known_red_cell_px(field(), side=46, micrometres_per_pixel=None) == 10
    assert known_red_cell_px(field(), side=None, micrometres_per_pixel=None) is None


def test_pixels_keep_their_place_at_any_size():
    ramp = np.repeat(np.arange(48, dtype=np.uint8)[None, :, None], 40, axis=0).repeat(3, axis=2)
    shown = network_input(ramp)
    assert shown.shape == (1, 3, 64, 64)
    assert (shown[0, :, :40, :48] == ramp.transpose(2, 0, 1)).all()
    assert (shown[0, :, 40:] == shown[0, :, 39:40]).all()  # repeated, not drawn
    assert at_factor(ramp, 1.0) is ramp
    assert at_factor(ramp, 0.01).shape == (1, 1, 3)
    with pytest.raises(InputError, match="the scale is none"):
        at_factor(ramp, 0.0)


def seen(x, y, side, finder, score=0.9) -> Detection:
    return Detection(extent=Box.around(x, y, side), box=Box.around(x, y, 46), score=score, found_by=finder)


def test_a_person_stands_before_the_network_and_that_before_the_filter():
    by_filter = [seen(52, 50, 18, FoundBy.COLOR_FILTER), seen(200, 50, 18, FoundBy.COLOR_FILTER)]
    by_network = [seen(51, 50, 24, FoundBy.NETWORK), seen(120, 50, 24, FoundBy.NETWORK)]
    by_person = [seen(50, 50, 25, FoundBy.EXPERT, None)]
    joined = combine(by_filter, by_network, by_person)
    assert [(one.detection.extent.left, one.agreed) for one in joined] == [
        (38, (FoundBy.EXPERT, FoundBy.NETWORK, FoundBy.COLOR_FILTER)),
        (108, (FoundBy.NETWORK,)),
        (191, (FoundBy.COLOR_FILTER,)),
    ]
    assert joined == combine(by_person, by_network, by_filter)
    assert combine() == combine([], []) == ()


def test_two_touching_cells_stay_two_though_the_filter_saw_one():
    one, other = seen(50, 50, 20, FoundBy.EXPERT, None), seen(70, 50, 20, FoundBy.EXPERT, None)
    both = Detection(
        extent=Box(left=40, top=40, right=80, bottom=60),
        box=Box.around(60, 50, 46),
        score=0.9,
        found_by=FoundBy.COLOR_FILTER,
    )
    joined = combine([both], [one, other])
    assert [each.detection for each in joined] == [one, other]
    assert all(each.agreed == (FoundBy.EXPERT, FoundBy.COLOR_FILTER) for each in joined)


def test_lobes_that_the_filter_saw_as_two_are_one_cell_of_the_network():
    lobes = [seen(44, 50, 8, FoundBy.COLOR_FILTER), seen(56, 50, 8, FoundBy.COLOR_FILTER)]
    [joined] = combine(lobes, [seen(50, 50, 30, FoundBy.NETWORK)])
    assert joined.agreed == (FoundBy.NETWORK, FoundBy.COLOR_FILTER)


places = st.builds(seen, st.integers(0, 100), st.integers(0, 100), st.integers(8, 40), st.sampled_from(list(FoundBy)))


@settings(max_examples=80, deadline=None)
@given(st.lists(places, max_size=12))
def test_no_two_that_stand_are_doubles_and_none_is_lost(everything):
    joined = combine(everything)
    standing = [one.detection for one in joined]
    for number, one in enumerate(standing):
        assert all(not is_double(one.extent, other.extent) for other in standing[number + 1 :])
    for one in everything:
        assert any(is_double(one.extent, other.extent) for other in standing)
    assert all(one.agreed[0] is one.detection.found_by for one in joined)


def test_squares_are_those_of_the_filter():
    from buffycoat.detect import DetectParameters, find_cells

    image = np.full((480, 640, 3), (235, 225, 220), np.uint8)
    for x in range(30, 640, 58):
        for y in range(30, 480, 58):
            cv2.circle(image, (x, y), 20, (215, 160, 160), -1, cv2.LINE_AA)
    for radius, color in ((46, (235, 225, 220)), (35, (200, 170, 215)), (24, (110, 50, 140))):
        cv2.circle(image, (40, 250), radius, color, -1, cv2.LINE_AA)
    image = cv2.GaussianBlur(image, (0, 0), 1)
    for border in ("pad", "shift"):
        [cell] = find_cells(image, 92, micrometres_per_pixel=7.5 / 40, border=border)
        [ours] = squared(
            [(cell.extent, cell.score)],
            size=(640, 480),
            red_cell_px=40,
            parameters=DetectParameters(side=92, border=border),
            found_by=FoundBy.COLOR_FILTER,
        )
        assert ours == cell
