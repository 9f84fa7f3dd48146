"""The certificate of the event's own authority, for devices to check the broker by. It is public.

The file in HUB_BROKER_CA may hold more, a key perhaps: only certificates are returned.
"""

from urllib.parse import quote

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from fastapi import APIRouter, HTTPException, Response

from hub.web.parts import Parts
from hub.web.statuses import errors

MEDIA_TYPE = "application/x-pem-file"


def certificates(pem: bytes) -> bytes:
    """Return the certificates of a PEM file, and nothing else of it."""
    try:
        found = load_pem_x509_certificates(pem)
    except ValueError:  # there is none, or what stands there cannot be read
        return b""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in found)


def add_authority(router: APIRouter, parts: Parts) -> None:
    """Add the download."""

    @router.get("/api/ca.crt", tags=["booth"], response_class=Response, responses=errors(404, 503))
    def authority() -> Response:
        """The certificate of the event's own authority, in PEM; 404 if it has none."""
        file = parts.settings.broker_ca
        try:
            found = certificates(file.read_bytes()) if file is not None else b""
        except OSError as exc:
            raise HTTPException(503, f"HUB_BROKER_CA cannot be read: {exc.strerror}") from exc
        if file is None or not found:
            raise HTTPException(404, "this event has no certificate authority of its own")
        name = quote(file.name, safe="")
        headers = {
            "content-disposition": f"attachment; filename*=utf-8''{name}",
            "cache-control": "no-cache",
        }
        return Response(found, media_type=MEDIA_TYPE, headers=headers)
