"""How a release is cited, for programs: a file in the Citation File Format."""

from __future__ import annotations

import json
import re
from typing import Final

from buffycoat.errors import ReleaseIncomplete
from buffycoat.publish.sealed import Contents

__all__ = ["citation_cff"]

# Licenses of data that the format's schema knows by their SPDX names; any other is told in the message.
_SPDX: Final = frozenset(
    {
        "Apache-2.0",
        "BSD-3-Clause",
        "CC-BY-3.0",
        "CC-BY-4.0",
        "CC-BY-NC-4.0",
        "CC-BY-NC-ND-4.0",
        "CC-BY-NC-SA-4.0",
        "CC-BY-ND-4.0",
        "CC-BY-SA-4.0",
        "CC0-1.0",
        "CDLA-Permissive-1.0",
        "MIT",
        "ODC-By-1.0",
        "ODbL-1.0",
        "PDDL-1.0",
    }
)
_UNSEEN: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")


def citation_cff(contents: Contents, /) -> str:
    """Return ``CITATION.cff`` of a release, in version 1.2.0 of the Citation File Format.

    A contributor written ``"Family, Given"`` is a person; any other name is set as it stands, as an entity.

    Parameters
    ----------
    contents : Contents
        The sealed list.

    Returns
    -------
    str
        YAML, each text in double quotes.

    Raises
    ------
    ReleaseIncomplete
        It has no contributors: the format demands one.
    """
    about = contents.about
    authors = [entry for name in about.contributors if (entry := _author(name))]
    if not authors:
        raise ReleaseIncomplete(
            f"release {contents.version} has no contributors", expected="at least one name", found="none"
        )
    message = "If you use this data set, please cite it"
    message += f" as: {about.citation}" if about.citation.strip() else "."
    terms = [f"License: {about.license}."] if about.license.strip() and about.license not in _SPDX else []
    terms += [f"Terms of use: {about.terms_of_use}"] if about.terms_of_use.strip() else []
    message += f" ({' '.join(terms)})" if terms else ""
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        f"message: {_quoted(message)}",
        f"title: {_quoted(about.title or 'Release of blood cells')}",
        f"version: {_quoted(contents.version)}",
        "authors:",
        *authors,
    ]
    if about.license in _SPDX:
        lines.append(f"license: {about.license}")
    if about.description:
        lines.append(f"abstract: {_quoted(about.description)}")
    if about.contact.strip():
        lines += ["contact:", f"  - name: {_quoted(about.contact)}"]
        if found := _EMAIL.search(about.contact):
            lines.append(f"    email: {_quoted(found[0].strip('<>()[],;'))}")
    return "\n".join(lines) + "\n"


def _author(name: str) -> str:
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given:
        return f"  - family-names: {_quoted(family)}\n    given-names: {_quoted(given)}"
    return f"  - name: {_quoted(name)}" if name.strip() else ""


def _quoted(text: str) -> str:
    """Return text as a double-quoted scalar, which YAML reads as JSON does, but for what it cannot print."""
    plain = json.dumps(" ".join(text.split()), ensure_ascii=False)
    return _UNSEEN.sub(lambda seen: f"\\u{ord(seen[0]):04x}", plain)
