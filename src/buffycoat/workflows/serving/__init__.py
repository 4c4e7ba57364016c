"""How the studio is reached beyond its machine: with a certificate that phones can be told to trust."""

from buffycoat.workflows.serving.certificates import (
    FOLDER,
    StudioCertificate,
    addresses_of_machine,
    given_certificate,
    own_certificate,
)
from buffycoat.workflows.serving.terminal import qr_lines

__all__ = [
    "FOLDER",
    "StudioCertificate",
    "addresses_of_machine",
    "given_certificate",
    "own_certificate",
    "qr_lines",
]
