"""What the users of a release must be told, from a file that a curator writes once."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import fields
from typing import Any, Final

from buffycoat.domain.release import ReleaseAbout
from buffycoat.errors import InvalidMetadata, ReleaseIncomplete

__all__ = ["check_about", "missing_facts", "read_about"]

_NAMES: Final = tuple(field.name for field in fields(ReleaseAbout))
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHY: Final = {
    "license or terms_of_use": "what others may do with it",
    "ethics": "the approval or consent under which it was collected, or why none was needed",
    "contributors": "who made it",
    "citation": "how to cite it",
}


def read_about(content: bytes, /, *, name: str) -> ReleaseAbout:
    r"""Read what is said of a release from TOML: one key a fact, ``contributors`` a list of names.

    Raises
    ------
    InvalidMetadata
        It is no TOML, or a key is unknown or of another kind.

    Examples
    --------
    >>> read_about(b'license = "CC-BY-4.0"\ncontributors = ["A. Expert"]\n', name="release.toml").contributors
    ('A. Expert',)
    """
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidMetadata(f"{name} cannot be read", expected="TOML in UTF-8", found=str(error)) from error
    told: dict[str, Any] = {}
    for key, word in table.items():
        if key not in _NAMES:
            near = difflib.get_close_matches(key, _NAMES, n=1)
            hint = f"did you mean {near[0]}?" if near else ""
            raise InvalidMetadata(f"{name}: no such key", expected=", ".join(_NAMES), found=key, hint=hint)
        if key == "contributors":
            if not isinstance(word, list) or not all(isinstance(each, str) for each in word):
                raise InvalidMetadata(f"{name}, {key}", expected="a list of names", found=repr(word))
            told[key] = tuple(each.strip() for each in word)
        elif isinstance(word, str):
            told[key] = word.strip()
        else:
            raise InvalidMetadata(f"{name}, {key}", expected="text", found=repr(word))
    if told.get("published") and not _DATE.fullmatch(told["published"]):
        raise InvalidMetadata(f"{name}, published", expected="a date such as 2026-05-01", found=told["published"])
    return ReleaseAbout(**told)


def check_about(about: ReleaseAbout, /) -> None:
    """Refuse a release that does not say what its users must know.

    Raises
    ------
    ReleaseIncomplete
        With everything that is missing, and why it is asked for.

    Examples
    --------
    >>> check_about(ReleaseAbout(terms_of_use="free", ethics="none needed: drawn", contributors=("a",), citation="b"))
    """
    if missing := missing_facts(about):
        raise ReleaseIncomplete(
            f"the release does not say {', '.join(missing)}",
            expected="; ".join(f"{name}: {_WHY[name]}" for name in missing),
            found="nothing",
        )


def missing_facts(about: ReleaseAbout, /) -> tuple[str, ...]:
    """Return what the users of a release must know and are not told.

    Examples
    --------
    >>> missing_facts(ReleaseAbout(license="CC-BY-4.0", ethics="none needed: drawn", contributors=("a",)))
    ('citation',)
    """
    here = {
        "license or terms_of_use": bool(about.license.strip() or about.terms_of_use.strip()),
        "ethics": bool(about.ethics.strip()),
        "contributors": any(name.strip() for name in about.contributors),
        "citation": bool(about.citation.strip()),
    }
    return tuple(name for name, told in here.items() if not told)
