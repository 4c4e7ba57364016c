"""A certificate for the studio on this machine, from an authority of its own, or one that somebody gives.

A browser opens camera and offline work only over TLS. No public authority signs names of a laboratory's network, so the
studio has an authority of its own, which phones are told to trust once. It may sign for this machine and for addresses
of private networks alone (RFC 5280, name constraints): whoever steals its key can play no bank.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from buffycoat.domain.value import value
from buffycoat.errors import InvalidCertificate, UnwritableFile
from buffycoat.workflows.runs import now

__all__ = ["FOLDER", "StudioCertificate", "addresses_of_machine", "given_certificate", "own_certificate"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FOLDER: Final = "tls"
"""Below a workspace; a backup leaves it out, as keys are those of one machine."""
_OF_AUTHORITY: Final = timedelta(days=3650)
_OF_STUDIO: Final = timedelta(days=397)
_RENEWED: Final = timedelta(days=120)
"""So long before its end: a studio is started anew more often than that."""
_SKEW: Final = timedelta(days=1)
_PRIVATE: Final = (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)
_ELSEWHERE: Final = (("192.0.2.1", socket.AF_INET), ("2001:db8::1", socket.AF_INET6))
"""Addresses of nobody: to which of ours a packet to them would belong is asked, and none is sent."""


@value
class StudioCertificate:
    """What a service needs to speak TLS, and what people compare.

    ``fingerprint`` is the SHA-256 of the authority, or of a given certificate, in pairs. ``authority`` is what phones
    are told to trust, as DER; ``None`` of a given certificate. ``left_out`` are addresses that it does not hold for.
    """

    certificate: Path
    key: Path
    fingerprint: str
    holds_until: datetime
    authority: bytes | None = None
    left_out: tuple[str, ...] = ()


def addresses_of_machine() -> tuple[Address, ...]:
    """Return the addresses under which others may reach this machine, the usual one first; without those of itself."""
    found: list[str] = []
    for nobody, family in _ELSEWHERE:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((nobody, 9))
            found.append(asked.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None)]
    addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in found]
    return tuple(dict.fromkeys(each for each in addresses if not (each.is_loopback or each.is_unspecified)))


def own_certificate(folder: Path, *, names: Sequence[str] = (), moment: datetime | None = None) -> StudioCertificate:
    """Return the certificate of a studio on this machine; it is made where there is none, or where it soon ends.

    Parameters
    ----------
    folder : Path
        The workspace.
    names : sequence of str
        Names or addresses that it shall hold for, beside those that the machine says of itself.
    moment : datetime, optional
        Now.

    Raises
    ------
    InvalidCertificate
        What is kept there of the authority cannot be read, or it is over.
    UnwritableFile
        Nothing can be kept there.
    """
    place, at = folder / FOLDER, moment or now()
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        authority, signer = _authority(place, at)
        wanted, left_out = _names(names, authority)
        studio = place / "studio.crt"
        if not _still_good(studio, place / "studio.key", authority, wanted, at):
            _make_studio(place, authority, signer, wanted, at)
        made = _certificate(studio)
        _key(place / "studio.key", made)
    except OSError as error:
        raise UnwritableFile(f"{place.name} cannot be written or read", found=error.strerror or "") from error
    return StudioCertificate(
        certificate=studio,
        key=place / "studio.key",
        fingerprint=_fingerprint(authority),
        holds_until=made.not_valid_after_utc,
        authority=authority.public_bytes(serialization.Encoding.DER),
        left_out=left_out,
    )


def given_certificate(certificate: Path, key: Path, *, moment: datetime | None = None) -> StudioCertificate:
    """Return a certificate that somebody gives, once it was looked at.

    Raises
    ------
    InvalidCertificate
        A file cannot be read, the key is of another one or has a password, or it does not hold now.
    """
    at = moment or now()
    found = _certificate(certificate)
    _key(key, found)
    _check_days(found, certificate.name, at)
    return StudioCertificate(
        certificate=certificate, key=key, fingerprint=_fingerprint(found), holds_until=found.not_valid_after_utc
    )


# -------------------------------------------------------------- the authority


def _authority(place: Path, at: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    files = place / "ca.crt", place / "ca.key"
    if not all(path.exists() for path in files):  # also where making it was broken off between the two
        _make_authority(*files, at)
    certificate = _certificate(files[0])
    key = _key(files[1], certificate)
    _check_days(certificate, files[0].name, at)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise InvalidCertificate(
            "the authority is none that was made here", found=files[0].name, hint=f"remove the folder {place.name}"
        )
    return certificate, key


def _make_authority(certificate: Path, key: Path, at: datetime) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"buffycoat on {socket.gethostname()}"[:64])])
    networks: list[Network] = [ipaddress.ip_network(each) for each in _PRIVATE]
    networks += [ipaddress.ip_network(each) for each in addresses_of_machine() if not _within(each, networks)]
    hosts = [x509.DNSName(each) for each in (*_hosts(), "local")]
    made = (
        _begun(name, name, private.public_key(), at, _OF_AUTHORITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(
            x509.NameConstraints([*hosts, *(x509.IPAddress(each) for each in networks)], None), critical=True
        )
        .sign(private, hashes.SHA256())
    )
    certificate.unlink(missing_ok=True)  # broken off now, there is none rather than one of another key
    _write(key, _private(private), 0o600)
    _write(certificate, made.public_bytes(serialization.Encoding.PEM), 0o644)


def _make_studio(
    place: Path,
    authority: x509.Certificate,
    signer: ec.EllipticCurvePrivateKey,
    names: Sequence[x509.GeneralName],
    at: datetime,
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, socket.gethostname()[:64])])
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    made = (
        _begun(name, authority.subject, private.public_key(), at, _OF_STUDIO)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(signed_by, critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(place / "studio.key", _private(private), 0o600)
    _write(place / "studio.crt", made.public_bytes(serialization.Encoding.PEM), 0o644)


def _begun(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, at: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _SKEW)
        .not_valid_after(at + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


# ------------------------------------------------------------------ the names


def _hosts() -> tuple[str, ...]:
    own = socket.gethostname().casefold()
    known = ("localhost", own, f"{own.partition('.')[0]}.local")
    return tuple(dict.fromkeys(each for each in known if each.isascii() and each))


def _names(more: Iterable[str], authority: x509.Certificate) -> tuple[list[x509.GeneralName], tuple[str, ...]]:
    """Return what the certificate holds for, and what its authority may not sign."""
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [each.value for each in allowed if isinstance(each, x509.IPAddress)]
    domains = [each.value for each in allowed if isinstance(each, x509.DNSName)]
    wanted = dict.fromkeys([*_hosts(), "127.0.0.1", "::1", *map(str, addresses_of_machine()), *more])
    names: list[x509.GeneralName] = []
    left_out = []
    for word in wanted:
        try:
            address = ipaddress.ip_address(word)
        except ValueError:
            if any(word == domain or word.endswith(f".{domain}") for domain in domains):
                names.append(x509.DNSName(word))
            else:
                left_out.append(word)
            continue
        if address.is_unspecified:
            continue
        if _within(address, networks):
            names.append(x509.IPAddress(address))
        else:
            left_out.append(word)
    return names, tuple(left_out)


def _within(address: Address, networks: Iterable[object]) -> bool:
    return any(
        isinstance(each, (ipaddress.IPv4Network, ipaddress.IPv6Network)) and address in each for each in networks
    )


def _still_good(
    path: Path, key: Path, authority: x509.Certificate, wanted: Sequence[x509.GeneralName], at: datetime
) -> bool:
    try:
        made = _certificate(path)
        _key(key, made)
    except InvalidCertificate:  # not there, half of it, or of two that were made one after the other
        return False
    said = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        made.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):  # of another authority, in whichever way it shows
        return False
    return at + _RENEWED < made.not_valid_after_utc and set(wanted) <= set(said)


# ------------------------------------------------------------------ the files


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except OSError as error:
        raise InvalidCertificate("the certificate cannot be read", found=f"{path.name}: {error.strerror}") from error
    except ValueError as error:
        raise InvalidCertificate("this is no certificate", expected="PEM", found=path.name) from error


def _key(path: Path, certificate: x509.Certificate) -> PrivateKeyTypes:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise InvalidCertificate("the key cannot be read", found=f"{path.name}: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise InvalidCertificate("this is no key without a password", expected="PEM", found=path.name) from error
    if key.public_key() != certificate.public_key():
        raise InvalidCertificate("key and certificate do not belong to each other", found=path.name)
    return key


def _check_days(certificate: x509.Certificate, name: str, at: datetime) -> None:
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not since <= at <= until:
        raise InvalidCertificate(
            "the certificate does not hold now" if at < since else "the certificate has expired",
            expected=f"a day from {since:%Y-%m-%d} to {until:%Y-%m-%d}",
            found=f"{at:%Y-%m-%d}, {name}",
        )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file that nobody else can have opened before its mode is set, and that is never half there."""
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    opened = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
    aside.replace(path)


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
