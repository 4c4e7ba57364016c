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
    "Invitation",
    "InvitationFacts",
    "Password",
    "Person",
    "PersonFacts",
    "Revocation",
    "Scope",
    "SignIn",
    "Token",
    "TokenFacts",
    "fold_handle",
    "handle_of",
]

LONGEST_HANDLE = 32


class Scope(StrEnum):
    """What a token is good for: to look, to look and answer in rounds, or all that its person may do."""

    READ = "read"
    LABEL = "label"
    ALL = "all"


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
    """A token as its owner sees it; ``token`` is what to write into the program, told once, when it is made."""

    id: str
    name: str
    scope: Scope
    made_at: datetime
    expires_at: datetime
    token: str | None = field(default=None, repr=False)


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
    """Return a handle as handles are compared: case, width and white space around it say nothing.

    Examples
    --------
    >>> fold_handle(" Edna ")
    'edna'
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().casefold())


def handle_of(text: str) -> str:
    """Return the handle of a new person: letters and digits of any script, and ``.``, ``_``, ``-`` within.

    Raises
    ------
    InputError
        It is shorter than 2 or longer than 32 characters, or holds something else.

    Examples
    --------
    >>> handle_of("Edna.B")
    'edna.b'
    """
    handle = fold_handle(text)
    fits = 2 <= len(handle) <= LONGEST_HANDLE and handle[0].isalnum() and handle[-1].isalnum()
    # Joined letters of some scripts carry marks, which are no letters by themselves.
    if not fits or not all(
        letter.isalnum() or letter in "._-" or unicodedata.category(letter) == "Mn" for letter in handle
    ):
        raise InputError(
            "a handle does not fit",
            expected=f"2 to {LONGEST_HANDLE} letters or digits, with . _ - between them",
            found=f"{len(handle)} characters" if len(handle) > LONGEST_HANDLE else repr(text),
            hint="a handle stands in lists and exports: take a short one that names nobody outside the laboratory",
        )
    return handle
