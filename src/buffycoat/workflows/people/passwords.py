"""Secrets: passwords as argon2id keeps them, and random ones of which only the digest is kept."""

from __future__ import annotations

import hmac
import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from buffycoat.domain.account import fold_handle
from buffycoat.domain.value import Digest, digest_of
from buffycoat.errors import InputError

__all__ = ["SHORTEST", "check_password", "fits", "hash_password", "is_outdated", "key_of", "make_secret", "same_secret"]

SHORTEST = 10
LONGEST = 1000
_COMMON = """
0123456789 1111111111 1122334455 1234567890 1234567891 12345678910 1234512345 123456789a 123123123123 0987654321
9876543210 a123456789 abcdefghij abcd123456 adminadmin administrator baseball123 changeme123 dragon12345
football123 hematology iloveyou12 iloveyou123 laboratory leukocyte1 letmein123 letmeinplease microscope
password00 password01 password10 password11 password12 password123 password1234 passw0rd123 passwordpassword
princess123 qwerty1234 qwerty12345 qwerty123456 qwertyqwerty qwertyuiop qwertyuiop123 q1w2e3r4t5 q1w2e3r4t5y6
sunshine123 superman123 trustno1trustno1 welcome123 welcome1234 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc zxcvbnm123
zaq12wsxcde3 asdfghjkl1 asdfghjkl123 asdfghjkl; monkey12345 buffycoat1 buffycoat123 buffy-coat
"""
COMMON = frozenset(_COMMON.split())
"""Of ten characters and more: the ones that lists of leaked passwords begin with, and what this subject suggests."""

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Each takes 64 MiB and all cores for a moment: a crowd of them must not stop those who label.
_AT_ONCE = threading.BoundedSemaphore(2)


def check_password(password: str, *, handle: str) -> None:
    """Refuse a password that is guessed early. There is no rule of what it must be made of.

    Raises
    ------
    InputError
        Shorter than 10 characters, longer than 1,000, the handle, or one of the common ones. The message never holds
        the password.

    Examples
    --------
    >>> check_password("a long sentence will do", handle="edna")
    >>> check_password("Password123", handle="edna")
    Traceback (most recent call last):
    buffycoat.errors.InputError: the password is one that everybody tries first: expected another one
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            "the password is too short" if len(password) < SHORTEST else "the password is too long",
            expected=f"{SHORTEST} to {LONGEST} characters",
            found=str(len(password)),
            hint="three or four words that nobody would put together are easy to remember",
        )
    folded = fold_handle(password)
    if folded == fold_handle(handle):
        raise InputError("the password is the handle", expected="another one")
    if folded in COMMON or len(set(folded)) <= 1:
        raise InputError("the password is one that everybody tries first", expected="another one")


def _plain(password: str) -> str:
    """Return what is hashed: keyboards of two systems may spell one character in two ways."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """Return a password as it is kept: argon2id with the second recommended parameters of RFC 9106, or better."""
    with _AT_ONCE:
        return _HASHER.hash(_plain(password))


@cache
def _of_nobody() -> str:
    return hash_password(secrets.token_urlsafe(32))


def fits(kept: str | None, password: str) -> bool:
    """Say whether a password is the one that is kept; where none is, the answer takes as long.

    Parameters
    ----------
    kept : str or None
        What ``hash_password`` returned; ``None`` for a handle that nobody has.
    password : str
        What was given.
    """
    nobody = _of_nobody()  # made before it is known whether it is needed: the first to ask would see it
    with _AT_ONCE:
        try:
            _HASHER.verify(nobody if kept is None else kept, _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Say whether a password was hashed with lower parameters than those of now."""
    return _HASHER.check_needs_rehash(kept)


def make_secret(kind: str) -> tuple[str, str, Digest]:
    """Return an id, what its holder shows, and the digest that is kept.

    Parameters
    ----------
    kind : str
        One letter that the id begins with.

    Returns
    -------
    tuple of (str, str, str)
        The id says which row is meant; behind it stand 256 random bits, of which only the SHA-256 is kept.
    """
    key = f"{kind}{secrets.token_hex(12)}"
    secret = secrets.token_urlsafe(32)
    return key, f"{key}.{secret}", digest_of(secret.encode())


def key_of(shown: str, kind: str) -> str | None:
    """Return the id in what somebody shows; ``None`` where it cannot be of that kind.

    Examples
    --------
    >>> key, shown, digest = make_secret("t")
    >>> key_of(shown, "t") == key, key_of(shown, "s"), same_secret(shown, digest)
    (True, None, True)
    """
    key, dot, secret = shown.partition(".")
    return key if dot and key[:1] == kind and len(key) == 25 and key.isascii() and 0 < len(secret) <= 64 else None


def same_secret(shown: str, digest: Digest) -> bool:
    """Say whether the secret in what somebody shows has that digest, in a time that tells nothing."""
    return hmac.compare_digest(digest_of(shown.partition(".")[2].encode()), digest)
