"""The studio's own certificate: it holds for this machine alone, is renewed, and others are looked at before use."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from buffycoat.errors import InvalidCertificate
from buffycoat.workflows.runs import now
from buffycoat.workflows.serving import certificates, given_certificate, own_certificate, qr_lines


@pytest.fixture(autouse=True)
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[ipaddress.IPv4Address]:
    found = [ipaddress.ip_address("192.168.7.5"), ipaddress.ip_address("198.51.100.9")]
    monkeypatch.setattr(certificates, "addresses_of_machine", lambda: tuple(found))
    return found


def names_of(path: Path) -> x509.SubjectAlternativeName:
    found = x509.load_pem_x509_certificate(path.read_bytes())
    return found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def test_a_client_that_trusts_the_authority_speaks_with_the_studio(tmp_path: Path):
    made = own_certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.certificate, made.key)
    client = ssl.create_default_context(cadata=made.authority)
    said = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            for _ in range(2):
                plain, _ = listener.accept()
                with plain:
                    try:
                        with server.wrap_socket(plain, server_side=True) as opened:
                            said.append(opened.recv(5))
                    except (ssl.SSLError, ConnectionError):
                        said.append(b"")

        thread = threading.Thread(target=answer)
        thread.start()
        address = listener.getsockname()
        with socket.create_connection(address) as plain, client.wrap_socket(plain, server_hostname="localhost") as page:
            page.send(b"hello")
        with (
            socket.create_connection(address) as plain,
            pytest.raises(ssl.SSLCertVerificationError),
            client.wrap_socket(plain, server_hostname="bank.example"),
        ):
            pass
        thread.join(timeout=20)
    assert said[0] == b"hello"


def test_keys_are_for_this_account_and_the_authority_for_this_network(tmp_path: Path):
    made = own_certificate(tmp_path)
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "tls").glob("*.key")} == {
        "ca.key": "0o600",
        "studio.key": "0o600",
    }
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700
    authority = x509.load_der_x509_certificate(made.authority or b"")
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert allowed.critical
    assert x509.IPAddress(ipaddress.ip_network("198.51.100.9")) in (allowed.value.permitted_subtrees or [])
    assert x509.IPAddress(ipaddress.ip_address("192.168.7.5")) in set(names_of(made.certificate))
    assert made.left_out == ()
    assert len(made.fingerprint.split(":")) == 32


def test_certificate_is_kept_until_it_is_renewed(tmp_path: Path, addresses: list):
    first = own_certificate(tmp_path)
    content = first.certificate.read_bytes()
    assert own_certificate(tmp_path).certificate.read_bytes() == content
    later = own_certificate(tmp_path, moment=now() + timedelta(days=300))
    assert later.certificate.read_bytes() != content
    assert later.holds_until > first.holds_until
    assert later.fingerprint == first.fingerprint, "phones trust it already"
    addresses[:] = [ipaddress.ip_address("10.1.2.3"), ipaddress.ip_address("203.0.113.7")]
    moved = own_certificate(tmp_path, moment=now() + timedelta(days=300))
    assert x509.IPAddress(ipaddress.ip_address("10.1.2.3")) in set(names_of(moved.certificate))
    assert moved.left_out == ("203.0.113.7",)
    assert (moved.fingerprint, moved.authority) == (first.fingerprint, first.authority)
    with pytest.raises(InvalidCertificate, match="expired"):
        own_certificate(tmp_path, moment=now() + timedelta(days=3660))


@pytest.mark.parametrize("broken", ["studio.key", "studio.crt"])
@pytest.mark.parametrize("how", ["gone", "of another", "half"])
def test_studio_starts_after_making_its_certificate_was_broken_off(tmp_path: Path, broken: str, how: str):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, other = own_certificate(tmp_path / "a"), own_certificate(tmp_path / "b")
    file = tmp_path / "a" / "tls" / broken
    content = file.read_bytes()
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes((tmp_path / "b" / "tls" / broken).read_bytes() if how == "of another" else content[:60])
    again = own_certificate(tmp_path / "a")
    assert (again.fingerprint, again.authority) == (first.fingerprint, first.authority), "phones trust it already"
    assert first.fingerprint != other.fingerprint
    given_certificate(again.certificate, again.key)
    assert file.read_bytes() != content


@pytest.mark.parametrize("missing", ["ca.key", "ca.crt"])
def test_authority_is_made_anew_where_half_of_it_is_missing(tmp_path: Path, monkeypatch, missing: str):
    first = own_certificate(tmp_path)
    (tmp_path / "tls" / missing).unlink()
    write = certificates._write

    def killed(path: Path, content: bytes, mode: int) -> None:
        if path.name == "ca.crt":
            raise KeyboardInterrupt
        write(path, content, mode)

    with monkeypatch.context() as patched:
        patched.setattr(certificates, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            own_certificate(tmp_path)
    again = own_certificate(tmp_path)
    assert again.fingerprint != first.fingerprint
    assert own_certificate(tmp_path).fingerprint == again.fingerprint
    given_certificate(again.certificate, again.key)


def test_given_ones_are_looked_at(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = own_certificate(tmp_path / "a"), own_certificate(tmp_path / "b")
    assert given_certificate(one.certificate, one.key).authority is None
    with pytest.raises(InvalidCertificate, match="do not belong"):
        given_certificate(one.certificate, other.key)
    for days in (-30, 400):
        with pytest.raises(InvalidCertificate, match=r"expired|does not hold"):
            given_certificate(one.certificate, one.key, moment=now() + timedelta(days=days))
    with pytest.raises(InvalidCertificate, match="cannot be read"):
        given_certificate(tmp_path / "none.crt", one.key)
    with pytest.raises(InvalidCertificate, match="no certificate"):
        given_certificate(one.key, one.key)
    with pytest.raises(InvalidCertificate, match="no key"):
        given_certificate(one.certificate, one.certificate)


def test_address_stands_in_the_terminal_as_a_symbol():
    lines = qr_lines("https://192.168.7.5:8000").splitlines()
    assert len({len(line) for line in lines}) == 1
    assert set("".join(lines)) <= set(" █▀▄")
