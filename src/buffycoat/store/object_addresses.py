"""Addresses at which objects may lie: a folder, a bucket, or whatever else fsspec opens."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import fsspec

from buffycoat.domain.value import value
from buffycoat.errors import InvalidSetting, MissingExtra

__all__ = ["Address", "address_of"]

_EXPECTED = "s3://BUCKET/PREFIX, a whole path, or another address of fsspec"
_ASKED = {"endpoint": "endpoint_url", "region": "region"}
_BUCKETS = {"s3": "s3", "s3a": "s3"}
_ON_DISK = frozenset({"", "file", "local"})


@value
class Address:
    """An address, read.

    ``text``: as it is written down; there is no secret in it. ``kind``: ``disk``, ``s3`` or ``fsspec``. ``options``:
    what an S3 server is asked with, ``endpoint_url`` and ``region``.
    """

    text: str
    kind: str
    options: dict[str, str]

    @property
    def path(self) -> str:
        """The address without its options."""
        return self.text.partition("?")[0] if self.kind == "s3" else self.text


def address_of(text: str) -> Address:
    """Read an address.

    Keys and passwords do not belong into it: S3 takes them from ``AWS_ACCESS_KEY_ID`` and its kin, from the file that
    ``AWS_SHARED_CREDENTIALS_FILE`` names, or from the machine's role; others from fsspec's own configuration.

    Raises
    ------
    InvalidSetting
        It is no address, holds a secret, or asks for what is not known. What was given is then not repeated.
    MissingExtra
        What speaks with such a place is not installed.

    Examples
    --------
    >>> address_of("memory://cells").kind
    'fsspec'
    >>> address_of("/srv/cells").kind
    'disk'
    """
    if Path(text).is_absolute():
        return Address(text=text, kind="disk", options={})
    if ":" not in text:
        raise InvalidSetting("the place of objects is no whole path", expected=_EXPECTED, found=text)
    parts = urlsplit(text)
    if "::" in text or not parts.scheme or "://" not in text:
        raise InvalidSetting("the place of objects cannot be read", expected=_EXPECTED)
    if parts.username is not None or parts.password is not None:
        raise InvalidSetting(
            "an address of objects holds no account and no key",
            expected=_EXPECTED,
            hint="give keys by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by a file: AWS_SHARED_CREDENTIALS_FILE",
        )
    if parts.scheme in _ON_DISK:
        return address_of(parts.path)
    if parts.scheme in _BUCKETS:
        return _bucket(text)
    try:
        fsspec.get_filesystem_class(parts.scheme)
    except ValueError as error:
        raise InvalidSetting("no such kind of place for objects", expected=_EXPECTED, found=parts.scheme) from error
    except ImportError as error:
        raise MissingExtra(f"{parts.scheme}:// is not spoken by this installation", hint=str(error)) from error
    return Address(text=text.rstrip("/"), kind="fsspec", options={})


def _bucket(text: str) -> Address:
    parts = urlsplit(text)
    asked = parse_qsl(parts.query)
    unknown = sorted({name for name, _ in asked} - _ASKED.keys())
    if unknown:
        raise InvalidSetting(
            "an address in S3 is asked for more than is known",
            expected=f"at most {' and '.join(_ASKED)}",
            found=", ".join(unknown),
            hint="keys come by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by AWS_SHARED_CREDENTIALS_FILE",
        )
    if not parts.netloc:
        raise InvalidSetting("the address names no bucket", expected=_EXPECTED)
    # Imported late, by those alone who have their objects there.
    try:
        import s3fs  # noqa: F401, PLC0415 (asked for, and an extra)
    except ImportError as error:
        raise MissingExtra("S3 is not spoken by this installation", hint="pip install 'buffycoat[s3]'") from error
    options = dict(asked)
    if any("@" in urlsplit(given).netloc for given in options.values()):
        raise InvalidSetting("an address of objects holds no account and no key", expected=_EXPECTED)
    written = urlunsplit(("s3", parts.netloc, parts.path.rstrip("/"), urlencode(options, safe=":/"), ""))
    return Address(text=written, kind="s3", options={_ASKED[name]: given for name, given in options.items()})
