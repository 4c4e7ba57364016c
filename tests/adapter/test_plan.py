"""The measures: right for all that is allowed, or refused with the limit."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.adapter import Ocular, Phone, find_ocular, find_phone, plan_adapter
from buffycoat.adapter import plan as p
from buffycoat.adapter.screws import count_screws, screws_of
from buffycoat.errors import InputError


@st.composite
def a_phone(draw):
    width, height = draw(st.floats(55, 95)), draw(st.floats(110, 190))
    left, top = draw(st.floats(5, width - 5)), draw(st.floats(5, 45))
    near = draw(st.floats(3, 20))
    island = (left - near, top - min(near, top), 2 * near, 2 * near)
    return Phone(
        key="a", name="A", width=width, height=height, thickness=draw(st.floats(5, 16)), camera=(left, top),
        island=island, bump=draw(st.floats(0, 4.5)),
    )  # fmt: skip


@given(a_phone(), st.floats(22, 45), st.floats(4, 35))
def test_a_plan_is_sound_or_refused_with_its_limit(phone, diameter, relief):
    ocular = Ocular(key="b", name="B", diameter=diameter, eye_relief=relief)
    try:
        plan = plan_adapter(phone, ocular)
    except InputError as error:
        refused = error
    else:
        refused = None
    if refused:
        assert refused.expected
        assert refused.found
        return
    assert plan.down >= 2 - 1e-2
    assert plan.up >= 4 - 1e-2
    assert plan.engaged >= 10 - 1e-6
    assert plan.height - plan.down - p.CRADLE - plan.top == pytest.approx(0.5)
    assert plan.top >= -1e-6
    # the lens looks through the opening, and the opening leaves the screws of the stage alone
    low_x, high_x, low_y, high_y = plan.opening
    assert low_x <= -9 < 9 <= high_x
    assert max(high_y, -low_y) <= plan.second - p.THREAD - p.LEAST_WALL
    # jaws grip the phone, below the stage
    assert plan.jaws - p.JAW_LENGTH / 2 >= plan.foot - 1e-6
    assert plan.jaws + p.JAW_SPAN + p.KNOB <= -plan.second - 5.5
    assert plan.jaws + p.BAR_HALF < low_y
    # the stop leans on the phone's edge, and its screws are clear of those of the stage and of the opening
    assert plan.left <= plan.stop - p.STOP_HALF + 1
    assert plan.stop + p.STOP_HALF <= plan.right + 1
    for side in (-1, 1):
        x, y = plan.stop + side * p.STOP_SPAN, plan.head + p.STOP_WALL + p.STOP_SCREW
        assert hypot(x, y - plan.second) >= 6
        assert y - p.THREAD - high_y >= p.LEAST_WALL
    # walls between holes
    assert plan.first - p.THREAD - (plan.clamp + 0.7) >= p.LEAST_WALL
    assert plan.first - p.HEAD >= plan.outer
    assert plan.bore - diameter / 2 == pytest.approx(p.FIT)
    for name, low, high in (("x", *plan.cradle_box[:2]), ("y", *plan.cradle_box[2:])):
        assert high - low <= p.BED, name
    # the height screws reach, and hold by at least the height of a lug
    assert plan.height_screw >= plan.height + plan.up - p.STACK + p.REACH
    count_screws(plan)


def test_known_answers_for_the_papers_pair():
    """By hand: 15 mm of eye relief, pupil 2 mm behind the glass, glass 1.2 mm out of the back: the back at 14.2 mm."""
    plan = plan_adapter(find_phone("samsung-galaxy-s5"), find_ocular("olympus-cx18"))
    assert plan.height == pytest.approx(14.2)
    assert (plan.up, plan.down) == (5, 5)
    assert plan.bore == pytest.approx(17.3)
    assert plan.inner == pytest.approx(20.6)
    assert (plan.left, plan.right) == pytest.approx((-36.3, 36.2))
    assert (plan.head, plan.foot) == pytest.approx((17.5, -124.5))


def test_the_clamp_closes_on_half_a_millimeter_more_or_less():
    plan = plan_adapter(find_phone("lg-g3"), find_ocular("olympus-cx18"))
    thinnest, thickest = plan.barrels
    assert thickest == pytest.approx(34.5)
    assert thinnest == pytest.approx(34.6 - 3.5 / 3.14159, abs=1e-4)  # 3.5 of 4 mm of slit, around the barrel


@pytest.mark.parametrize(
    ("phone", "side"), [("lg-g3", ""), ("samsung-galaxy-s5", ""), ("iphone-15-pro", "left"), ("pixel-8", "left")]
)
def test_a_lens_in_the_corner_says_which_ocular(phone, side):
    """The lens left of the middle, seen from the back, is right of it seen on the screen: the phone reaches left."""
    assert plan_adapter(find_phone(phone), find_ocular("olympus-cx23")).outward == side


def test_an_eye_point_too_low_names_the_least():
    low = Ocular(key="low", name="Low", diameter=34, eye_relief=8)
    with pytest.raises(InputError) as caught:
        plan_adapter(find_phone("samsung-galaxy-s5"), low)
    assert caught.value.expected == "an eye relief of 8.3 mm or more"
    assert caught.value.found == "8 mm"
    plan_adapter(find_phone("samsung-galaxy-s5"), Ocular(key="high", name="High", diameter=34, eye_relief=8.3))


def test_a_phone_too_short_for_its_jaws_names_the_least():
    short = Phone(
        key="short", name="Short", width=60, height=110, thickness=8, camera=(30, 40), island=(20, 30, 20, 20)
    )
    with pytest.raises(InputError) as caught:
        plan_adapter(short, find_ocular("zeiss-axio"))
    least = float(caught.value.expected.split()[3])
    assert least > 110
    fits = Phone(
        key="fits", name="Fits", width=60, height=least + 0.1, thickness=8, camera=(30, 40), island=(20, 30, 20, 20)
    )
    plan_adapter(fits, find_ocular("zeiss-axio"))


def test_a_cradle_too_long_for_the_bed_is_refused():
    tall = Phone(
        key="tall", name="Tall", width=90, height=190, thickness=8, camera=(45, 85), island=(5, 5, 80, 140)
    )  # fmt: skip
    with pytest.raises(InputError, match=r"bed|too short") as caught:
        plan_adapter(tall, find_ocular("zeiss-axio"))
    assert caught.value.expected


@pytest.mark.parametrize("phone", ["samsung-galaxy-s5", "lg-g3", "pixel-8"])
def test_no_screw_reaches_the_phone(phone):
    plan = plan_adapter(find_phone(phone), find_ocular("olympus-cx23"))
    level = {"stage": p.STAGE + p.CRADLE, "sleeve": p.STAGE + p.CRADLE, "cradle": p.CRADLE}
    for screw in screws_of(plan):
        if screw.way != (0, 0, 1) or screw.tip_on_sleeve or screw.name.startswith("jaw"):
            continue
        x, y, z = screw.at
        below = level[screw.level] - (z + screw.length)
        under_phone = plan.left - 3 < x < plan.right + 3 and plan.foot < y < plan.head
        assert below >= 1 or not under_phone, screw.name


def test_screws_have_names_of_their_own_and_lengths_that_are_sold():
    screws = screws_of(plan_adapter(find_phone("lg-g3"), find_ocular("zeiss-primo-star")))
    assert len({screw.name for screw in screws}) == len(screws) == 16
    assert {screw.length for screw in screws} <= set(p.LENGTHS)
    assert sum(screw.knob for screw in screws) == 3
