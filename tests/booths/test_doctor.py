"""The doctor at an event: it looks from outside in, as a device would."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.hub import Hub
from harness.mosquitto import keeps_to_receive_maximum
from harness.ports import free_port
from hub.booths.accounts import BoothAccounts
from hub.booths.certificates import HostNames, make
from hub.errors import BrokerError
from tests.booths.secured import Secured, dynsec_command, hub_command


class Doctored:
    """A broker as shipped, with TLS, and a hub at it."""

    def __init__(self, folder):
        self.certs = folder / "certs"
        self.renew(datetime.now(UTC))
        self.broker = Secured(folder / "broker", self.certs)
        self.hub = Hub(folder / "hub", self.broker.hub, data=self.broker.data)
        self.address = f"mqtts://127.0.0.1:{self.broker.tls}"

    def renew(self, at):
        make(self.certs, HostNames([], ["127.0.0.1"]), at)

    def said(self, *, code=1, **settings):
        given = {
            "broker_ca": self.certs / "ca.crt",
            "public_broker": self.address,
            "http": self.hub.settings["http"],
            "outbox_limit": "1MiB",
            **settings,
        }
        done = hub_command(self.broker, "doctor", **given)
        assert done.returncode == code, done.stdout + done.stderr
        return {line[4:13].strip(): (line[:2], line[13:]) for line in done.stdout.splitlines()}


@pytest.fixture(scope="module")
def doctored(tmp_path_factory):
    event = Doctored(tmp_path_factory.mktemp("doctor"))
    event.broker.begin()
    event.hub.start()
    try:
        yield event
    finally:
        event.hub.close()
        event.broker.kill()


def test_a_reading_goes_the_way_of_a_device_s_and_its_account_is_gone_afterwards(doctored):
    mark, said = doctored.said(code=0)["reading"]
    assert mark == "ok"
    assert said.startswith(
        f"sent to {doctored.address}, kept as hub-doctor's, and its receipt came after "
    )
    assert "hub-doctor" not in doctored.broker.accounts.read_text(encoding="utf-8")
    assert "not authorised" not in doctored.broker.said, "a booth's page would tell of it"
    assert doctored.hub.get("/api/devices") == []
    assert len(doctored.hub.get("/api/devices", booth="hub-doctor")) == 1


def test_an_old_mosquitto_is_named_with_what_it_breaks(doctored):
    mark, said = doctored.said(code=0)["broker"]
    old = not keeps_to_receive_maximum(doctored.broker.version)
    assert (mark, "Use Mosquitto 2.0.13 or newer" in said) == ("! " if old else "ok", old)
    assert "Label" not in said


def test_an_account_that_may_not_read_is_told(doctored):
    dynsec_command(doctored.broker, command="createClient", username="nobody", password="x")
    mark, said = doctored.said(broker=f"mqtt://nobody:x@127.0.0.1:{doctored.broker.port}")["broker"]
    assert mark == "!!"
    assert "refuses to subscribe smartlife/v1/+/+/+/status" in said


def test_an_account_that_could_not_be_removed_is_named(doctored, monkeypatch):
    remove, calls = BoothAccounts.remove, []

    async def removed(accounts, booth):
        calls.append(booth)
        if len(calls) == 2:
            raise BrokerError("the broker went away")
        return await remove(accounts, booth)

    monkeypatch.setattr(BoothAccounts, "remove", removed)
    mark, said = doctored.said()["reading"]
    assert mark == "!!"
    assert said.startswith(f"sent to {doctored.address}, kept as hub-doctor's, ")
    way_out = "its account is left (the broker went away): hub booth remove hub-doctor"
    assert said.endswith(f"; {way_out}")
    monkeypatch.undo()
    assert doctored.said(code=0)["reading"][0] == "ok"


def test_every_public_address_is_tried(doctored):
    web = f"wss://127.0.0.1:{doctored.broker.websockets}"
    plain = f"mqtt://127.0.0.1:{doctored.broker.plain}"
    mark, said = doctored.said(code=0, public_broker=f"{doctored.address}, {plain} {web}")["public"]
    assert mark == "ok"
    for address in (doctored.address, plain, web):
        assert f"{address} answers" in said


def test_an_address_where_nobody_listens(doctored):
    address = f"mqtts://127.0.0.1:{free_port()}"
    mark, said = doctored.said(public_broker=address)["public"]
    assert mark == "!!"
    assert "is it in HUB_PUBLIC_BROKER as devices reach it?" in said


def test_an_address_that_the_certificate_does_not_name(doctored):
    address = f"mqtts://localhost:{doctored.broker.tls}"
    mark, said = doctored.said(public_broker=address)["public"]
    assert mark == "!!"
    assert "with --name for every name that devices use" in said


def test_a_port_without_tls_and_one_with(doctored):
    broker = doctored.broker
    said = doctored.said(public_broker=f"mqtts://127.0.0.1:{broker.plain}")["public"][1]
    assert "no TLS" in said
    said = doctored.said(public_broker=f"mqtt://127.0.0.1:{broker.tls}")["public"][1]
    assert "does it speak TLS only?" in said or "speaks no MQTT" in said


def test_a_certificate_that_ends_before_the_event(doctored, tmp_path):
    zone, end = tmp_path / "zone.toml", datetime.now(UTC) + timedelta(days=900)
    zone.write_text(f'[event]\nname = "x"\nends = {end:%Y-%m-%d}\n', encoding="utf-8")
    mark, said = doctored.said(zone=zone)["public"]
    assert mark == "!!"
    assert "before the event does; renew it with hub certs make" in said


def test_an_address_of_pages_where_no_hub_is(doctored):
    mark, said = doctored.said(public_http=f"http://127.0.0.1:{free_port()}")["web"]
    assert mark == "!!"
    assert said.startswith("HUB_PUBLIC_HTTP: no hub answers at ")
    assert doctored.said(code=0, public_http=doctored.hub.url)["web"][0] == "ok"


def test_the_documentation_s_secrets(doctored):
    mark, said = doctored.said(ops_token="change-this-token-too")["secrets"]
    assert mark == "!!"
    assert said.startswith("HUB_OPS_TOKEN: a sample from the documentation")


def test_a_token_that_can_be_guessed(doctored):
    mark, said = doctored.said(code=0, ops_token="short")["secrets"]
    assert mark == "! "
    assert said.startswith("HUB_OPS_TOKEN has 5 characters: it can be guessed")


def test_booths_on_the_same_ground(doctored, tmp_path):
    zone = tmp_path / "zone.toml"
    place = "place = { x = %s, y = 0, width = 4, depth = 4 }"
    booths = {"b01": 0, "b02": 3.5, "b03": 7.5}
    zone.write_text(
        "".join(
            f'[[booth]]\nid = "{name}"\nname = "x"\n{place % x}\n' for name, x in booths.items()
        )
    )
    mark, said = doctored.said(zone=zone)["zone"]
    assert mark == "!!"
    assert said == "b01 and b02 overlap on the floor plan; correct a place of theirs"


def test_the_documentation_s_secrets_make_no_accounts(make_secured, tmp_path):
    secured = make_secured()
    done = hub_command(
        secured, "booth", "init", "--out", tmp_path / "accounts.json",
        broker="mqtt://hub:change-this-password@127.0.0.1:1884",
    )  # fmt: skip
    assert done.returncode == 2
    assert "HUB_BROKER: its secret is the documentation's sample" in done.stderr
    assert not (tmp_path / "accounts.json").exists()


def test_a_wrong_password_is_called_so(doctored):
    wrong = doctored.broker.hub.replace("hub-secret-of-the-tests", "another")
    mark, said = doctored.said(broker=wrong)["broker"]
    assert mark == "!!"
    assert said.endswith("the name or the password in HUB_BROKER is wrong")
    assert "another" not in said
    nobody = f"mqtt://127.0.0.1:{doctored.broker.port}"
    assert (
        "it asks for an account, and HUB_BROKER has none"
        in doctored.said(broker=nobody)["broker"][1]
    )
