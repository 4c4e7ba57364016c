"""Accounts: what lets a person sign in, and what ends it. Only added to, never changed."""

from __future__ import annotations

import unicodedata
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from buffycoat.domain.label import Role
from buffycoat.domain.value import Digest, value
from buffycoat.errors import InputError

__all__ = [
    "Appointment",
    "Ended",
    "Identity",
    "Invitation",
    "InvitationFacts",
    "OwnAccount",
    "Password",
    "Person",
    "PersonFacts",
    "Revocation",
    "Scope",
    "SignIn",
    "Token",
    "TokenFacts",
    "TokenUse",
    "fold_handle",
    "handle_of",
    "look_of",
]

LONGEST_HANDLE = 32
_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Letters and marks by their category, of which nothing is seen."""
_ONE_LETTER = str.maketrans("\u0643\u0649\u064a", "\u06a9\u06cc\u06cc")
"""Kaf and yeh as an Arabic keyboard writes them, to those of a Persian one."""
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
"""Scripts that stand beside each other in one word."""
_LOOKS = {
    "CYRILLIC": (
        "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d",
        "abekmhopctyxsijhdqw",
    ),
    "GREEK": ("\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7\u03f3", "aikvopuxj"),
    "ARMENIAN": ("\u0570\u0578\u057d\u0585", "hnuo"),
    "LATIN": ("\u0131\u026101", "igol"),
}
"""Small letters, and digits, that are taken for others: what looks alike in the usual fonts, after UTS #39."""
_LATIN = str.maketrans("".join(pair[0] for pair in _LOOKS.values()), "".join(pair[1] for pair in _LOOKS.values()))


class Scope(StrEnum):
    """What a token is good for: to look, to answer in rounds too, all that its person may do, or ``/metrics`` alone."""

    READ = "read"
    LABEL = "label"
    ALL = "all"
    METRICS = "metrics"


class Ended(StrEnum):
    """Why a sign-in, token or invitation ended before its time."""

    SIGNED_OUT = "signed-out"
    PASSWORD = "password"  # noqa: S105 (a reason: the password was changed)
    OFF = "off"
    USED = "used"
    WITHDRAWN = "withdrawn"


@value
class Person:
    """An expert with the role that holds now. ``simulated``: a person of the demo, who needs no password."""

    id: str
    handle: str
    role: Role
    simulated: bool = False


@value
class PersonFacts:
    """A person as curators and admins see it; ``since`` is empty for those who read in a round but have no account."""

    person: Person
    active: bool
    has_password: bool
    since: datetime | None


@value
class Appointment:
    """The role of a person from ``made_at`` on, and whether the account is on. The newest holds.

    ``by`` is the id of the person who said so, or empty where it was said on the command line.
    """

    id: str
    expert_id: str
    role: Role
    active: bool
    by: str | None
    made_at: datetime


@value
class Password:
    """A password as argon2id keeps it, in the usual ``$argon2id$…`` form. The newest holds."""

    id: str
    expert_id: str
    hash: str = field(repr=False)
    made_at: datetime


@value
class SignIn:
    """One browser in which a person is signed in. ``digest``: SHA-256 of the secret that the browser holds."""

    id: str
    expert_id: str
    digest: Digest = field(repr=False)
    made_at: datetime
    expires_at: datetime


@value
class Token:
    """What a program of a person signs in with. ``digest``: SHA-256 of the secret that the program holds."""

    id: str
    expert_id: str
    name: str
    scope: Scope
    digest: Digest = field(repr=False)
    made_at: datetime
    expires_at: datetime


@value
class TokenFacts:
    """A token as its owner sees it; ``token`` is what to write into the program, told once, when it is made.

    ``used_at``: when it was first shown on the last day on which it was.
    """

    id: str
    name: str
    scope: Scope
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    token: str | None = field(default=None, repr=False)


@value
class TokenUse:
    """A day on which a program showed a token: ``made_at`` is the first time on it. Its ``id`` is of token and day."""

    id: str
    token_id: str
    made_at: datetime


@value
class Identity:
    """Somebody whom the provider of an institution knows, and who that is here.

    ``id`` is a digest of the provider and of what it calls the person, so neither name nor address is kept.
    """

    id: str
    expert_id: str
    made_at: datetime


@value
class OwnAccount:
    """By what a person may sign in, as that person sees it; ``identities``: links with the institution that hold."""

    has_password: bool
    identities: tuple[Identity, ...]


@value
class Invitation:
    """A link that makes one account, once. ``handle``: the only name that it may be taken under, or any."""

    id: str
    role: Role
    handle: str | None
    digest: Digest = field(repr=False)
    by: str | None
    made_at: datetime
    expires_at: datetime


@value
class InvitationFacts:
    """What the one who was invited is told."""

    role: Role
    handle: str | None
    expires_at: datetime


@value
class Revocation:
    """The end of a sign-in, token or invitation: ``subject`` is its id."""

    id: str
    subject: str
    reason: Ended
    by: str | None
    made_at: datetime


def fold_handle(text: str) -> str:
    """Return a handle as handles are compared: case, width, white space around it and the keyboard say nothing.

    A Persian and an Arabic keyboard write two letters and the digits in ways of their own, which nobody sees.

    Examples
    --------
    >>> fold_handle(" Edna "), fold_handle("edna\u06f1")
    ('edna', 'edna1')
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().casefold())
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in folded.translate(_ONE_LETTER)
    )


def handle_of(text: str) -> str:
    """Return the handle of a new person: letters of one script, digits, and ``.``, ``_``, ``-`` within.

    Raises
    ------
    InputError
        It is shorter than 2 or longer than 32 characters, holds something else or something that is not seen, or
        letters of two scripts, of which one may look like the other.

    Examples
    --------
    >>> handle_of("Edna.B")
    'edna.b'
    """
    handle = fold_handle(text)
    fits = 2 <= len(handle) <= LONGEST_HANDLE and handle[0].isalnum() and handle[-1].isalnum()
    # Joined letters of some scripts carry marks, which are no letters by themselves; more than two are a tower.
    kinds = "".join("m" if unicodedata.category(letter) == "Mn" else "-" for letter in handle)
    if (
        not fits
        or "mmm" in kinds
        or not all(
            (letter.isalnum() or letter in "._-" or kind == "m") and letter not in _UNSEEN
            for letter, kind in zip(handle, kinds, strict=True)
        )
    ):
        raise InputError(
            "a handle does not fit",
            expected=f"2 to {LONGEST_HANDLE} letters or digits, with . _ - between them",
            found=f"{len(handle)} characters" if len(handle) > LONGEST_HANDLE else ascii(text),
            hint="a handle stands in lists and exports: take a short one that names nobody outside the laboratory",
        )
    scripts = {_script(letter) for letter in handle if letter.isalpha()}
    if len(scripts) > 1:
        raise InputError(
            "a handle does not fit",
            expected="letters of one script",
            found=", ".join(sorted(script.capitalize() for script in scripts)),
            hint="letters of two scripts can look alike: write the handle on one keyboard",
        )
    return handle


def _script(letter: str) -> str:
    """Return the script of a letter, the first word of its name; the same for those that are written together."""
    word = unicodedata.name(letter, "UNKNOWN").split()[0].partition("-")[0]
    return "CJK" if word in _EAST_ASIAN else word


def look_of(handle: str) -> str:
    """Return what a handle looks like: two with the same look cannot be told apart by reading them.

    Letters and digits that look alike count as one, and so do letters with and without a mark that stands alone.

    Examples
    --------
    >>> look_of("\u0430\u0441\u0435"), look_of("emi1") == look_of("emil"), look_of("edna")
    ('ace', True, 'edna')
    """
    plain = "".join(letter for letter in fold_handle(handle) if not unicodedata.combining(letter))
    return plain.translate(_LATIN)
