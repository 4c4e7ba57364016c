"""What every event of a device has: its id, and a moment that is believed as far as a clock can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.errors import InputError
from buffycoat.workflows.device_events import AHEAD, BEHIND, Moments, event_id, whole

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize("text", ["0191D8F0000040008000000000000001", "{0191d8f0-0000-4000-8000-000000000001}"])
def test_an_id_is_kept_in_one_form(text):
    assert event_id(text) == "0191d8f0-0000-4000-8000-000000000001"


@pytest.mark.parametrize("text", ["", "1", "x\ud800", "0191d8f0-0000-4000-8000-00000000000g"])
def test_what_is_no_uuid_is_refused_by_name_and_can_be_told(text):
    with pytest.raises(InputError, match="the id of a drawn box is no UUID") as refused:
        event_id(text, what="the id of a drawn box")
    assert str(refused.value).encode()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-03-01T12:00:30Z", NOW + timedelta(seconds=30)),
        ("2026-03-01T15:30:30+03:30", NOW + timedelta(seconds=30)),
        (datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=4))), NOW - timedelta(hours=1)),
        ("2026-03-01T12:01:00Z", NOW + AHEAD),
        ("2026-03-01T12:01:00.000001Z", NOW + AHEAD),
        ("9999-12-31T23:59:59Z", NOW + AHEAD),
        ((NOW - BEHIND).isoformat(), NOW - BEHIND),
        ((NOW - BEHIND - A_MICROSECOND).isoformat(), NOW),
        ("1970-01-01T00:00:00Z", NOW),
    ],
)
def test_a_clock_is_believed_within_a_minute_ahead_and_a_year_behind(said, kept):
    assert Moments(NOW).of("cell", said) == kept
    assert Moments(NOW).of("cell", said).utcoffset() == timedelta(0)


def test_where_something_began_nothing_was_given_before():
    opened = NOW - timedelta(hours=2)
    moments = Moments(NOW, earliest=opened)
    assert moments.of("a", opened.isoformat()) == opened
    assert moments.of("b", (opened - A_MICROSECOND).isoformat()) == NOW


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("never", "not a moment"),
        ("", "not a moment"),
        ("2026-13-01T00:00:00Z", "not a moment"),
        ("2026-03-01T12:00:00", "without a zone"),
        (NOW.replace(tzinfo=None), "without a zone"),
        ("0001-01-01T00:00:00+05:00", "not a moment"),
        ("9999-12-31T23:59:59-05:00", "not a moment"),
        ("x\ud800", "not a moment"),
    ],
)
def test_what_is_no_moment_is_refused_and_can_be_told(said, why):
    with pytest.raises(InputError, match=why) as refused:
        Moments(NOW).of("cell", said)
    assert str(refused.value).encode()


@given(st.lists(st.sampled_from(["2031-01-01T00:00:00Z", "1999-01-01T00:00:00Z", "2026-03-01T11:00:00Z"]), min_size=1))
def test_of_events_cut_to_one_moment_the_later_is_the_newer(said):
    moments = Moments(NOW)
    kept = [moments.of("cell", each) for each in said]
    for before, after, one, other in zip(kept, kept[1:], said, said[1:], strict=False):
        assert after > before or one != other
    # Another cell's events have nothing to do with it.
    assert moments.of("other", said[0]) == Moments(NOW).of("cell", said[0])


def test_half_a_character_is_none():
    assert whole("smudge \ud83d\ude00 \ud83d") == "smudge \N{GRINNING FACE} \N{REPLACEMENT CHARACTER}"
