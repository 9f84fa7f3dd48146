"""Certificates of an event: its own authority, and the broker's certificate signed by it.

For tests and small events. The keys are P-256, which small devices compute with quickest, and which
Mosquitto, paho, MQTT.js and mbed TLS all know.
"""

import contextlib
import grp
import ipaddress
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.errors import BoothError
from hub.files import write_atomically

CA, CA_KEY, CERTIFICATE, KEY = "ca.crt", "ca.key", "server.crt", "server.key"
CA_DAYS, SERVER_DAYS = 730, 365
"""Devices keep the authority for the event and its rehearsals; the broker's is renewed at will."""
_EARLIER = timedelta(days=1)
"""Valid from the day before: the clock of a small device may be behind."""
_BROKER_GROUP = "mosquitto"
_ASKED_FOR = {
    "basicConstraints": x509.BasicConstraints,
    "keyUsage": x509.KeyUsage,
    "subjectKeyIdentifier": x509.SubjectKeyIdentifier,
}
"""Extensions without which an authority is refused where verification is strict."""


class HostNames(NamedTuple):
    """The names and addresses of the broker, for subjectAltName."""

    dns: Sequence[str]
    addresses: Sequence[str]


class _Authority(NamedTuple):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class MadeCertificates(NamedTuple):
    """The files written, and whether the authority is new, so that devices do not trust it yet."""

    folder: Path
    new_authority: bool
    until: datetime
    authority_until: datetime
    fingerprint: str


def make(folder: Path, names: HostNames, now: datetime) -> MadeCertificates:
    """Write the broker's certificate and key, and the authority's if there is none yet.

    The authority's key is readable by its owner alone, the broker's by its group too: by the group
    mosquitto if root runs this.

    Raises:
        BoothError: a name or an address is none, a file cannot be written, or the authority that is
            there cannot be used.
    """
    check(names)
    with _mapped_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        there = (folder / CA).exists()
        authority = _read(folder, now) if there else _new_authority(folder, now)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _server(authority, key, names, now)
        write_atomically(folder / KEY, _pem(key), 0o640, _broker_group())
        write_atomically(folder / CERTIFICATE, certificate.public_bytes(_PEM), 0o644)
    return MadeCertificates(
        folder,
        not there,
        certificate.not_valid_after_utc,
        authority.certificate.not_valid_after_utc,
        authority.certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


_PEM = serialization.Encoding.PEM


def check(names: HostNames) -> None:
    """Check the names and addresses of a broker.

    Raises:
        BoothError: there are none, or one of them is none.
    """
    if not names.dns and not names.addresses:
        raise BoothError("give at least one --name or --ip under which devices reach the broker")
    for name in names.dns:
        try:
            x509.DNSName(name)
        except ValueError as exc:
            raise BoothError(
                f"--name {name!r}: is no host name; write it like broker.local"
            ) from exc
        if not name or any(letter.isspace() or letter in "/:@" for letter in name):
            raise BoothError(f"--name {name!r}: is no host name; write it like broker.local")
    for address in names.addresses:
        try:
            ipaddress.ip_address(address)
        except ValueError as exc:
            raise BoothError(f"--ip {address!r}: is no IP address; write it like 10.0.0.5") from exc


def _new_authority(folder: Path, now: datetime) -> _Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"Smart Life event authority {now:%Y-%m-%d}")
    certificate = (
        _begun(name, name, key, now, now + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    # The key first: an authority without its key would block the next try.
    write_atomically(folder / CA_KEY, _pem(key))
    write_atomically(folder / CA, certificate.public_bytes(_PEM), 0o644)
    return _Authority(certificate, key)


def _read(folder: Path, now: datetime) -> _Authority:
    way_out = "put it back, or remove ca.crt and ca.key for a new authority, which all devices need"
    try:
        certificate = x509.load_pem_x509_certificate((folder / CA).read_bytes())
        key = serialization.load_pem_private_key((folder / CA_KEY).read_bytes(), None)
    except FileNotFoundError as exc:
        raise BoothError(f"{exc.filename}: is missing; {way_out}") from exc
    except (ValueError, TypeError) as exc:
        raise BoothError(f"{folder / CA}, {CA_KEY}: are no certificate and key; {way_out}") from exc
    there = {type(extension.value) for extension in certificate.extensions}
    lacking = [name for name, extension in _ASKED_FOR.items() if extension not in there]
    if lacking:
        raise BoothError(
            f"{folder / CA}: lacks {' and '.join(lacking)}, so that Python 3.13 and newer refuse "
            f"it (RFC 5280); remove {CA} and {CA_KEY} for a new one, which all devices need"
        )
    if certificate.not_valid_after_utc <= now:
        raise BoothError(f"{folder / CA}: has run out; remove {CA} and {CA_KEY} for a new one")
    if (
        not isinstance(key, ec.EllipticCurvePrivateKey)
        or certificate.public_key() != key.public_key()
    ):
        raise BoothError(f"{folder / CA_KEY}: is not the key of {CA}; {way_out}")
    return _Authority(certificate, key)


def _server(
    authority: _Authority, key: ec.EllipticCurvePrivateKey, names: HostNames, now: datetime
) -> x509.Certificate:
    signer = authority.certificate
    dns = [x509.DNSName(name) for name in dict.fromkeys(names.dns)]
    addresses = [
        x509.IPAddress(ipaddress.ip_address(text)) for text in dict.fromkeys(names.addresses)
    ]
    subject = _named([*names.dns, *names.addresses][0])
    end = min(now + timedelta(days=SERVER_DAYS), signer.not_valid_after_utc)
    return (
        _begun(subject, signer.subject, key, now, end)
        .add_extension(x509.SubjectAlternativeName([*dns, *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
        .sign(authority.key, hashes.SHA256())
    )


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])  # 64: X.520


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _broker_group() -> tuple[int, int] | None:
    """The owner of a key written by root: Debian's Mosquitto reads it without root's rights."""
    if os.geteuid() == 0:
        with contextlib.suppress(KeyError):
            return -1, grp.getgrnam(_BROKER_GROUP).gr_gid
    return None


@contextlib.contextmanager
def _mapped_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        said = f"{exc.filename or folder}: {exc.strerror}; name another --out"
        raise BoothError(said) from exc
