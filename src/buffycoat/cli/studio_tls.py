"""What ``buffycoat serve --tls`` needs and says: a certificate, its fingerprint, and a symbol for phones."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from buffycoat.errors import InvalidSetting
from buffycoat.workflows.serving import (
    StudioCertificate,
    addresses_of_machine,
    given_certificate,
    own_certificate,
    qr_lines,
)

__all__ = ["certificate_for", "lines_of"]

_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 (what is asked for, never chosen here)


def certificate_for(
    folder: Path, *, tls: bool, certificate: Path | None, key: Path | None, host: str
) -> StudioCertificate | None:
    """Return what to speak TLS with; ``None`` where nobody asks for it.

    Raises
    ------
    InvalidSetting
        Of certificate and key only one is named.
    InvalidCertificate
        They cannot be used.
    """
    if (certificate is None) != (key is None):
        raise InvalidSetting(
            "a certificate needs its key", expected="--tls-cert with --tls-key, or neither", found="one of them"
        )
    if certificate is not None and key is not None:
        return given_certificate(certificate, key)
    if not tls:
        return None
    return own_certificate(folder, names=() if host in _EVERYWHERE else (host,))


def lines_of(made: StudioCertificate, *, host: str, port: int) -> Iterator[str]:
    """Give the lines that tell people where the studio is, and how a phone comes to trust it."""
    addresses = [str(each) for each in addresses_of_machine()] if host in _EVERYWHERE else [host]
    reached = [each for each in addresses if each not in made.left_out] or ["localhost"]
    shown = [f"https://{f'[{each}]' if ':' in each else each}:{port}" for each in reached]
    yield f"open {shown[0]}  (Ctrl-C ends it)"
    for each in shown[1:]:
        yield f"  or {each}"
    for each in made.left_out:
        yield f"  not for {each}: its authority may not sign that; remove the folder tls to make another one"
    if made.authority is None:
        yield f"certificate SHA-256 {made.fingerprint}, until {made.holds_until:%Y-%m-%d}"
        return
    yield f"phones trust it once: open {shown[0]}/ca.crt there, and compare the authority's SHA-256"
    yield f"  {made.fingerprint}"
    if "utf" in (sys.stdout.encoding or "").lower():
        yield qr_lines(shown[0])
