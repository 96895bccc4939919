"""Inputs that nobody gave, made up for the sandbox: the same in every run, so that none differs."""

from __future__ import annotations

import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reconciler.load import Input

CERTIFICATE, KEY = "certificate for ", "its key"
BEGINS, ENDS = datetime.datetime(2026, 1, 1), datetime.datetime(2056, 1, 1)
SEED = 20260101  # a private key that is no secret, for a certificate that nobody trusts


def made_up(asked: Input) -> str:
    """What environment.yaml proposes as `sandbox`, else a text that shows where it comes from.

    `certificate for NAME` gives a self-signed one in PEM, `its key` the key that belongs to it."""
    proposed = asked.sandbox
    if proposed.startswith(CERTIFICATE):
        return _certificate(proposed.removeprefix(CERTIFICATE))
    return _key_text() if proposed == KEY else proposed or f"made-up-{asked.name}"


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(SEED, ec.SECP256R1())


def _key_text() -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return _key().private_bytes(encoding, form, serialization.NoEncryption()).decode()


@cache
def _certificate(name: str) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, _key().public_key(), SEED, BEGINS, ENDS)
        .add_extension(names, critical=False)
        .sign(_key(), hashes.SHA256(), ecdsa_deterministic=True)
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
