"""What every event of a device has, wherever it goes: an id that the device made, and the moment by its clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from buffycoat.errors import InputError

__all__ = ["AHEAD", "BEHIND", "Moments", "event_id", "whole"]

AHEAD = timedelta(minutes=1)
"""How far a device's clock may run ahead; what it says beyond that is taken for this."""
BEHIND = timedelta(days=366)
"""How old an event may be: a device that waits longer has lost its clock, and what it sends is taken for now."""
_ONE = timedelta(microseconds=1)
_SHOWN = 80


def event_id(text: str, *, what: str = "the id of an event") -> str:
    """Return an id that a device made, as it is kept.

    Parameters
    ----------
    text : str
        A UUID, however it is written.
    what : str
        What it is the id of, for the error.

    Raises
    ------
    InputError
        It is no UUID.

    Examples
    --------
    >>> event_id("0191D8F0-0000-4000-8000-00000000000A")
    '0191d8f0-0000-4000-8000-00000000000a'
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise InputError(f"{what} is no UUID", found=_shown(text)) from error


def whole(text: str) -> str:
    r"""Return text that can be kept and sent: of a character that was cut in two, half is no character.

    Examples
    --------
    >>> whole("a smudge \ud83d")
    'a smudge �'
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Moments:
    """When the events of one call were given, by the clock of the device as far as it can be believed.

    What lies more than :data:`AHEAD` after now is cut to that, what lies before ``earliest`` is taken for now. A wrong
    clock may thus put several events at one moment: of equal moments on one subject, what comes later is later.

    Parameters
    ----------
    now : datetime
        When the call came, in UTC.
    earliest : datetime, optional
        Before this nothing can have been given; :data:`BEHIND` before now, unless told.

    Examples
    --------
    >>> moments = Moments(datetime(2026, 1, 2, tzinfo=UTC))
    >>> moments.of("cell", "2026-01-01T12:00:00+03:30").isoformat()
    '2026-01-01T08:30:00+00:00'
    >>> moments.of("cell", "2031-01-01T00:00:00Z").isoformat()
    '2026-01-02T00:01:00+00:00'
    >>> moments.of("cell", "2032-01-01T00:00:00Z").isoformat()
    '2026-01-02T00:01:00.000001+00:00'
    """

    def __init__(self, now: datetime, *, earliest: datetime | None = None) -> None:
        self._now, self._earliest = now, now - BEHIND if earliest is None else earliest
        self._latest: dict[str, tuple[datetime, datetime]] = {}

    def of(self, subject: str, said: str | datetime) -> datetime:
        """Return when an event on a subject was given, in UTC.

        Parameters
        ----------
        subject : str
            What the event is about: a later event on the same one, at the same moment, is later.
        said : str or datetime
            By the device, with a zone.

        Raises
        ------
        InputError
            It is no moment, or one without a zone.
        """
        moment = _moment(said)
        if moment < self._earliest:
            moment = self._now
        moment = min(moment, self._now + AHEAD)
        told, last = self._latest.get(subject, (None, moment))
        kept = last + _ONE if told == moment else moment
        self._latest[subject] = moment, kept
        return kept


def _moment(said: str | datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else said
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except OverflowError as error:
        raise InputError("not a moment", expected="a year from 1 to 9999", found=_shown(said)) from error
    except ValueError as error:
        raise InputError("not a moment", expected="ISO 8601 with a zone", found=_shown(said)) from error
    raise InputError("a moment without a zone", expected="ISO 8601 with a zone", found=_shown(said))


def _shown(found: str | datetime) -> str:
    return repr(whole(str(found)[:_SHOWN]))
