"""The event's own certificate: whoever has a device can have it, and nothing else of its file."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from hub.booths.certificates import CA, HostNames, make
from hub.booths.registry import DeviceAccount, Registry
from hub.clock import HeldClock
from hub.web.routes.authority import certificates
from tests.web.conftest import TOKEN, Site, open_site


def made() -> str:
    """The certificate of a new authority."""
    with TemporaryDirectory() as name:
        make(Path(name), HostNames(["hub.example"], []), datetime.now(UTC))
        return (Path(name) / CA).read_text(encoding="ascii")


CERTIFICATE = made()
# Not in one piece, for no file here may look like one with a key.
_LABEL = "PRIVATE" + " KEY"
KEY = f"-----BEGIN {_LABEL}-----\nbmV2ZXIgc2hvd24=\n-----END {_LABEL}-----\n"


@pytest.fixture
async def encrypted(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Site]:
    """A hub behind TLS, its authority's file with more in it than should be."""
    file = tmp_path / "event ca.crt"
    file.write_text(f"notes of the authority\n{CERTIFICATE}{KEY}{CERTIFICATE}", encoding="ascii")
    Registry(tmp_path / "data").put("b12", "", "", (DeviceAccount(account="b12-1"),))
    given = {"broker": "mqtts://hub.example:8883", "broker_ca": str(file)}
    async with open_site(tmp_path / "data", clock, TOKEN, **given) as site:
        yield site


async def test_the_certificate_and_nothing_else_comes_to_anybody(encrypted: Site):
    answer = await encrypted.get("/api/ca.crt")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-pem-file"
    assert answer.headers["content-disposition"].endswith("event%20ca.crt")
    assert answer.text == CERTIFICATE * 2


async def test_the_page_is_told_the_name_of_the_file(encrypted: Site):
    ops = {"authorization": f"Bearer {TOKEN}"}
    said: Any = (await encrypted.get("/api/zone?booth=b12", headers=ops)).json()
    assert (said["mqtt"]["tls"], said["mqtt"]["ca"]) == (True, "event ca.crt")


async def test_the_page_is_told_every_address_and_what_it_is_for(tmp_path: Path, clock: HeldClock):
    given = {"public_broker": "mqtts://10.0.0.5,mqtt://10.0.0.5,wss://10.0.0.5:8084"}
    async with open_site(tmp_path / "data", clock, **given) as site:
        said: Any = await site.said("/api/zone")
    assert (said["mqtt"]["host"], said["mqtt"]["port"]) == ("10.0.0.5", 8883)
    assert said["mqtt"]["others"] == [
        {"url": "mqtt://10.0.0.5:1883", "purpose": "plain"},
        {"url": "wss://10.0.0.5:8084", "purpose": "web"},
    ]


async def test_a_file_that_went_away_is_said(encrypted: Site, tmp_path: Path):
    (tmp_path / "event ca.crt").unlink()
    ops = {"authorization": f"Bearer {TOKEN}"}
    answer = await encrypted.get("/api/ca.crt", headers=ops)
    assert answer.status_code == 503
    assert "HUB_BROKER_CA" in answer.json()["message"]
    assert str(tmp_path) not in answer.text


async def test_an_event_without_its_own_authority_has_none(site: Site):
    assert (await site.get("/api/ca.crt")).status_code == 404
    said: Any = await site.said("/api/zone")
    assert said["mqtt"]["ca"] is None


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_what_is_kept_is_still_a_certificate(line: str):
    text = (CERTIFICATE + KEY).replace("\n", line)
    kept = certificates(text.encode()).decode("ascii")
    assert ssl.PEM_cert_to_DER_cert(kept) == ssl.PEM_cert_to_DER_cert(CERTIFICATE)
    assert "KEY" not in kept


@pytest.mark.parametrize(
    "pem",
    ["", KEY, CERTIFICATE[:60], KEY.replace("PRIVATE KEY", "X509 CRL")],
    ids=["nothing", "a key", "a beginning", "another sort"],  # it is another one in each process
)
def test_what_is_no_certificate_is_left_out(pem: str):
    assert certificates(pem.encode()) == b""
