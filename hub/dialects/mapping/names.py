"""Device ids: makes one of a name as makers and owners write them. Pure."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from hub.topics import DEVICE

_MADE = re.compile(r".*-[0-9a-f]{8}")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}", re.ASCII)
_KEPT = 50
LONGEST = 256
"""Characters of a name that is kept: one that a payload gives may be as long as all of it."""


@lru_cache(20_000)
def device_id(name: str) -> str:
    """Return the device id for a name; different names have different ids.

    A name that is a device id already is taken as it is, and a MAC address with its colons as
    dashes. Of any other the characters that fit are kept, and eight hexadecimal digits of its
    SHA-256 are put behind: `living room/lamp` becomes `living-room-lamp-1f0c…`. So is a name that
    looks like one made in this way.
    """
    if DEVICE.fullmatch(name) and not _MADE.fullmatch(name):
        return name
    if _MAC.fullmatch(name):
        return name.replace(":", "-")
    digits = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    plain = unicodedata.normalize("NFKC", name[: 4 * _KEPT])
    fits = re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-_.")[:_KEPT]
    return f"{fits or 'device'}-{digits}"


def bounded(name: str) -> str:
    """Return a name that is kept, in at most `LONGEST` characters; different names stay so."""
    if len(name) <= LONGEST:
        return name
    digits = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:32]
    return f"{name[: LONGEST - 33]}-{digits}"
