"""`hub booth` against a real broker: accounts are made, changed and taken away while it runs."""

import json
import re
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from harness import ROOT
from harness.hub import environment
from harness.mosquitto import Mosquitto
from harness.ports import free_port
from harness.wait import DEADLINE, until
from hub.booths.account_requests import (
    AccountRequest,
    BadRow,
    DeviceName,
    completed,
    from_table,
    native,
)
from hub.booths.account_requests import device as read_device
from hub.booths.accounts import AtBroker, BoothAccounts
from hub.booths.dynsec import DynsecAnswer
from hub.booths.registry import DeviceAccount
from hub.errors import BoothError, BrokerError
from hub.event.zone import Zone
from hub.pipeline.rejections import unknown_kind
from hub.topics import Address
from tests.booths.secured import (
    ADMIN,
    HUB,
    Client,
    Secured,
    added,
    dynsec_command,
    hub_command,
    passwords,
    refused,
)

TOPIC = "smartlife/v1/{}/thermostat/t1"


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    server = Secured(tmp_path_factory.mktemp("accounts"))
    try:
        yield server.begin()
    finally:
        server.kill()


def run(broker, *words, **settings):
    done = hub_command(broker, "booth", *words, **settings)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def well(broker, *words, **settings):
    done = run(broker, *words, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_booth_gets_an_account_for_each_device_and_a_link(broker):
    said = well(
        broker, "add", "b20", "--name", "Example", "--name-ko", "예시", "--devices", 3,
        "--device", "thermostat/t1", public_http="http://10.0.0.5:8080",
    )  # fmt: skip
    found = passwords(said)
    assert sorted(found) == ["b20-1", "b20-2", "b20-3"]
    assert len(set(found.values())) == 3
    assert "smartlife/v1/b20/thermostat/t1" in said
    assert re.search(r"http://10\.0\.0\.5:8080/booths/b20\?token=[\w-]{32}\n", said)
    for account, password in found.items():
        with Client(broker.plain, account, password, mqtt.MQTTv311):
            pass


def test_to_add_a_booth_again_keeps_its_passwords_and_adds_what_is_new(broker):
    (password,) = added(broker, "b21").values()
    again = run(broker, "add", "b21", "--devices", 2)
    assert again.returncode == 0
    assert "b21-1     there already" in again.stdout
    assert sorted(passwords(again.stdout)) == ["b21-2"]
    with Client(broker.plain, "b21-1", password, mqtt.MQTTv311):
        pass


def test_a_device_that_comes_later_leaves_the_others_their_accounts(broker):
    added(broker, "b29", "--device", "thermostat/t1", "--devices", 2)
    second = well(broker, "add", "b29", "--device", "light/l1")
    assert not passwords(second), "there was an account without a device"
    third = well(broker, "add", "b29", "--device", "drone/d1", "--device", "light/l1")
    assert sorted(passwords(third)) == ["b29-3"]
    for account, device in ("b29-1", "thermostat/t1"), ("b29-2", "light/l1"), ("b29-3", "drone/d1"):
        assert re.search(rf"^{account} .*smartlife/v1/b29/{device}$", third, re.MULTILINE), third


KNOWN = (
    DeviceAccount(account="b1-1", kind="thermostat", device="t1"),
    DeviceAccount(account="b1-2"),
)
T1, L1, D1 = DeviceName("thermostat", "t1"), DeviceName("light", "l1"), DeviceName("drone", "d1")


@pytest.mark.parametrize(
    ("known", "count", "named", "devices"),
    [
        ((), 0, (), [None]),
        ((), 3, (T1,), ["t1", None, None]),
        ((), 1, (T1, L1), ["t1", "l1"]),
        ((), 0, (T1, T1), ["t1"]),
        (KNOWN, 0, (), ["t1", None]),
        (KNOWN, 1, (L1,), ["t1", "l1"]),
        (KNOWN, 0, (L1, T1), ["t1", "l1"]),
        (KNOWN, 0, (L1, D1), ["t1", "l1", "d1"]),
        (KNOWN[:1], 0, (L1,), ["t1", "l1"]),
        (KNOWN, 4, (L1,), ["t1", "l1", None, None]),
    ],
)
def test_a_new_device_takes_an_account_without_one_or_an_account_more(known, count, named, devices):
    found = AccountRequest("b1", count=count, named=named).devices(known)
    assert [item.device for item in found] == devices
    assert [item.account for item in found] == [f"b1-{at + 1}" for at in range(len(devices))]


def test_kinds_are_suggested_as_the_rejections_suggest_them(kinds):
    with pytest.raises(BoothError) as told:
        read_device("thermometer/t1", kinds)
    near = unknown_kind(Address("b1", "thermometer", "t1"), kinds, "x", b"", 0).message.en
    assert "thermostat" in str(told.value)
    assert near.partition("did you mean ")[2] in str(told.value)
    assert str(told.value).endswith("hub kinds list shows all")


def test_a_role_with_other_rights_is_mended(broker):
    (password,) = added(broker, "b22", "--device", "thermostat/t1").values()
    well(broker, "add", "b22", root="event/v1")
    with Client(broker.plain, "b22-1", password, mqtt.MQTTv5) as device:
        assert device.publish("event/v1/b22/thermostat/t1") < 128
        assert device.publish(TOPIC.format("b22")) == 135


def test_new_passwords_disconnect_and_the_old_ones_are_worth_nothing(broker, version):
    booth = f"b23-{version}"
    old = added(broker, booth)[f"{booth}-1"]
    with Client(broker.plain, f"{booth}-1", old, version) as device:
        new = passwords(well(broker, "rotate", booth))[f"{booth}-1"]
        device.wait_until_gone()
    assert refused(broker.plain, f"{booth}-1", old, version)
    with Client(broker.plain, f"{booth}-1", new, version):
        pass


def test_a_booth_that_is_shut_off_is_kicked_and_stays_out_until_it_is_let_in(broker, version):
    booth = f"b24-{version}"
    password = added(broker, booth)[f"{booth}-1"]
    with Client(broker.plain, f"{booth}-1", password, version) as device:
        assert device.publish(TOPIC.format(booth)) < 128
        assert well(broker, "disable", booth) == f"{booth}: shut off {booth}-1\n"
        device.wait_until_gone()
        if version == mqtt.MQTTv5:
            assert device.reason.value == 152  # administrative action
    assert refused(broker.plain, f"{booth}-1", password, version)
    assert "(shut off)" in well(broker, "list")
    more = run(broker, "add", booth, "--devices", 2)
    assert more.returncode == 1
    assert f"{booth}: is disabled, but new accounts would get in" in more.stderr + more.stdout
    well(broker, "enable", booth)
    with Client(broker.plain, f"{booth}-1", password, version):
        pass


def test_a_booth_that_is_removed_is_kicked_and_gone(broker, version):
    booth = f"b25-{version}"
    password = added(broker, booth)[f"{booth}-1"]
    with Client(broker.plain, f"{booth}-1", password, version) as device:
        well(broker, "remove", booth)
        device.wait_until_gone()
    assert refused(broker.plain, f"{booth}-1", password, version)
    assert booth not in well(broker, "list")
    assert booth not in broker.accounts.read_text(encoding="utf-8")
    assert "has no accounts" in well(broker, "remove", booth)


def test_a_session_whose_rights_were_taken_receives_nothing_more(broker, version):
    booth = f"b26-{version}"
    topic = f"{TOPIC.format(booth)}/errors"
    old = added(broker, booth)[f"{booth}-1"]
    with Client(broker.plain, f"{booth}-1", old, version, persistent=True) as device:
        assert device.subscribe(topic) < 128
    well(broker, "remove", booth)
    with Client(broker.port, "hub", HUB, mqtt.MQTTv5) as hub:
        hub.publish(topic, "not for you")
    new = added(broker, booth)[f"{booth}-1"]
    with Client(broker.plain, f"{booth}-1", new, version, persistent=True) as device:
        assert device.subscribe(topic) < 128
        with Client(broker.port, "hub", HUB, mqtt.MQTTv5) as hub:
            hub.publish(topic, "for you")
        assert device.next().payload == b"for you"


def test_accounts_outlive_the_broker(broker):
    (password,) = added(broker, "b27").values()
    assert broker.stop() == 0
    broker.start()
    with Client(broker.plain, "b27-1", password, mqtt.MQTTv311):
        pass


def test_the_link_of_a_page_is_changed_alone(broker):
    (first,) = re.findall(r"token=(\S+)", well(broker, "add", "b28", "--devices", 1))
    (second,) = re.findall(r"token=(\S+)", well(broker, "rotate", "b28", "--link"))
    assert first != second
    assert second in well(broker, "add", "b28")


def test_a_table_of_booths_is_added_and_what_failed_is_told(broker, tmp_path):
    table = tmp_path / "booths.csv"
    table.write_text(
        "booth,name,name_ko,devices,device\n"
        'b30,"One, Ltd.",하나,2,\n'
        "b31,Two,둘,,thermostat/t1 light/l1\n"
        "B32,Three,,1,\n"
        "b33,Four,,many,\n"
        "b34,Five,,,thermostaat/t1\n"
        "b30,Again,,1,\n"
        "b35,Six,,101,\n"
        "b36,Seven,,1,\n",
        encoding="utf-8-sig",
    )
    done = run(broker, "add", "--from", table)
    assert done.returncode == 1
    assert sorted(passwords(done.stdout)) == ["b30-1", "b30-2", "b31-1", "b31-2", "b36-1"]
    assert "smartlife/v1/b31/light/l1" in done.stdout
    told = [line for line in done.stderr.splitlines() if line.startswith("hub: ")]
    assert [line.split(":")[1].strip() for line in told] == [
        "line 4", "line 5", "line 6", "line 7", "b35",
    ]  # fmt: skip
    assert "did you mean thermostat? " in done.stderr
    table.write_text("booth\nb30\nb31\nb36\n", encoding="utf-8")
    again = run(broker, "add", "--from", table)
    assert again.returncode == 0
    assert not passwords(again.stdout)
    known = json.loads((broker.data / "booths.json").read_text(encoding="utf-8"))
    assert known["b30"]["name"] == "One, Ltd."
    assert [item["kind"] for item in known["b31"]["devices"]] == ["thermostat", "light"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "the column booth is missing"), ("stand\nb1\n", "'stand' is none of them")],
)
def test_a_table_without_its_head_is_refused(broker, tmp_path, text, said):
    (tmp_path / "booths.csv").write_text(text, encoding="utf-8")
    done = run(broker, "add", "--from", tmp_path / "booths.csv")
    assert done.returncode == 1
    assert said in done.stderr


def test_a_zone_file_gives_names_and_devices(broker, tmp_path):
    zone = tmp_path / "zone.toml"
    zone.write_text(
        '[[booth]]\nid = "b40"\nname = "Example"\n'
        'devices = [{ kind = "thermostat", id = "hall" }, { kind = "light", id = "l1" }]\n',
        encoding="utf-8",
    )
    said = well(broker, "add", "--from", zone)
    assert sorted(passwords(said)) == ["b40-1", "b40-2"]
    assert "smartlife/v1/b40/thermostat/hall" in said
    well(broker, "remove", "b40")
    assert sorted(passwords(well(broker, "add", "b40", zone=zone))) == ["b40-1", "b40-2"]


def test_the_list_without_a_hub_shows_the_accounts(broker):
    added(broker, "b41", "--name", "Example")
    done = run(broker, "list", http=f"127.0.0.1:{free_port()}")
    assert done.returncode == 0
    assert re.search(r"^b41 +Example +b41-1 +\?", done.stdout, re.MULTILINE)
    assert "no hub answers" in done.stderr


def test_the_list_shows_the_zone_file_s_name_and_that_of_the_accounts(broker, tmp_path):
    zone = tmp_path / "zone.toml"
    zone.write_text('[[booth]]\nid = "b77"\nname = "Renamed"\n', encoding="utf-8")
    added(broker, "b77", "--name", "Before")
    said = well(broker, "list", zone=zone, http=f"127.0.0.1:{free_port()}")
    assert re.search(r"^b77 +Renamed +b77-1", said, re.MULTILINE)
    assert "(accounts: Before)" in said


@pytest.fixture
def asking(tmp_path):
    """A web server that lets nobody in, as a hub whose token is another."""

    class Closed(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(401)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Closed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("token", "said"), [("wrong", "was not taken"), (None, "is not set")])
def test_a_hub_that_does_not_take_the_token_is_not_called_away(broker, asking, token, said):
    given = {} if token is None else {"ops_token": token}
    done = run(broker, "list", http=asking, **given)
    assert done.returncode == 0
    assert f"HUB_OPS_TOKEN {said}" in done.stderr
    assert "no hub answers" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rotate", "b99"], "b99: has no accounts at the broker"),
        (["disable", "b99"], "b99: has no accounts at the broker"),
        (["sheet", "b99"], "b99: this booth has no account"),
        (["rotate", "b99", "--link"], "b99: this booth has no account"),
        (["add", "B99"], "'B99': is no booth id like b12, which has lower-case letters, digits"),
        (["add", "b99", "--device", "fridge/x"], "there is no kind 'fridge'"),
        (["add", "b99", "--device", "light"], "write a device like light/t1; its name after the"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(broker, words, said):
    done = run(broker, *words)
    assert done.returncode == 1
    assert done.stderr.startswith("hub: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "[a-z" not in done.stderr.lower(), "a regular expression"


def test_what_is_no_table_is_refused_in_a_line():
    with pytest.raises(BoothError, match="is no table: field larger"):
        from_table('booth,name\nb1,"' + "x" * 200_000 + '"\n', [])


def test_a_number_that_nobody_counts_to_costs_its_row_alone():
    bad, good = from_table(f"booth,devices\nb1,{'9' * 5_000}\nb2,3\n", [])
    assert bad == BadRow(2, f"b1: '{'9' * 40}' is no number of devices")
    assert good == AccountRequest("b2", count=3)


def test_a_quote_that_nobody_closes_is_no_table():
    """Else it would take the booths behind it into a name."""
    with pytest.raises(BoothError, match="is no table: unexpected end of data"):
        from_table('booth,name\nb1,"open\nb2,y\n', [])


def test_lines_that_are_empty_are_none():
    assert from_table("booth,name\n,\nb1,x\n,\n", []) == [AccountRequest("b1", "x")]


@pytest.mark.parametrize("name", ["x" * 121, '"two\nlines"', "\x1b[31m"])
def test_a_name_that_no_page_can_show_costs_its_row_alone(name: str):
    bad, good = from_table(f"booth,name\nb1,{name}\nb2,y\n", [])
    assert isinstance(bad, BadRow)
    assert bad.reason == "b1: name: write at most 120 characters, in one line"
    assert good == AccountRequest("b2", "y")


def test_a_number_of_accounts_forgets_no_device_of_the_zone_file():
    expected = ({"kind": "thermostat", "id": "t1"}, {"kind": "light", "id": "l1"})
    zone = Zone.model_validate({"booth": [{"id": "b1", "name": "x", "devices": expected}]})
    wanted = completed(AccountRequest("b1", count=3), zone)
    named = [(item.kind, item.device) for item in wanted.devices()]
    assert named == [("thermostat", "t1"), ("light", "l1"), (None, None)]


@pytest.mark.parametrize(("given", "found"), [("", "planned"), ("own", "own")])
def test_a_name_that_is_given_counts_before_the_zone_file_s(given, found):
    names = {"name": "planned", "name_ko": "planned"}
    zone = Zone.model_validate({"booth": [{"id": "b1", **names}]})
    wanted = completed(AccountRequest("b1", given, given), zone)
    assert (wanted.name, wanted.name_ko) == (found, found)


def test_native_topics_of_the_zone_file_and_those_given_come_once_each():
    acme, beta = (native("tasmota", [f"{name}/#"]) for name in ("acme", "beta"))
    planned = {"dialect": "tasmota", "topics": ["acme/#"]}
    zone = Zone.model_validate({"booth": [{"id": "b1", "name": "x", "native": [planned]}]})
    assert completed(AccountRequest("b1", native=(acme, beta)), zone).native == (acme, beta)


async def test_a_role_that_the_broker_does_not_tell_of_is_an_error():
    class Told:
        async def one(self, command):
            name = command["command"]
            error = "Role already exists" if name == "createRole" else "of the test"
            return DynsecAnswer(name, None, error)

    accounts = BoothAccounts(Told(), "smartlife/v1")  # type: ignore[arg-type]
    with pytest.raises(BoothError, match="b1: the broker refused getRole: of the test"):
        await accounts.add("b1", "", 1)


async def test_a_rotation_that_fails_says_what_may_have_changed(monkeypatch):
    class Gone:
        async def ask(self, commands):
            raise BrokerError("the broker is gone")

    async def there():
        return {"b1": [AtBroker("b1-1", disabled=False, connections=None)]}

    accounts = BoothAccounts(Gone(), "smartlife/v1")  # type: ignore[arg-type]
    monkeypatch.setattr(accounts, "all", there)
    said = "is gone; some of the passwords of b1 may have changed: hub booth rotate b1"
    with pytest.raises(BrokerError, match=said):
        await accounts.rotate("b1")


def test_a_sheet_that_cannot_be_written_hides_no_password(broker, tmp_path):
    table = tmp_path / "booths.csv"
    table.write_text("booth\nb80\nb81\n")
    (tmp_path / "booth-b80.html").mkdir()
    done = run(broker, "add", "--from", table, "--sheets", tmp_path)
    assert done.returncode == 1
    assert {"b80-1", "b81-1"} <= passwords(done.stdout).keys()
    assert done.stderr.count("No sheet was written") == 1
    assert (tmp_path / "booth-b81.html").exists()


@pytest.mark.parametrize("words", [["add"], ["add", "b1", "--from", "x.csv"], ["add", "b1", "-x"]])
def test_wrong_usage_is_told(broker, words):
    assert run(broker, *words).returncode == 2


def test_an_account_of_someone_else_s_is_left_alone(broker):
    done = run(broker, "add", "smartlife-hub", "--devices", 1, client_id="smartlife-hub-1")
    assert done.returncode == 1
    assert "smartlife-hub-1 is the hub's" in done.stderr


def test_many_accounts_with_a_long_name_go_in_several_messages(broker):
    """The broker takes 68 KiB at once, and a letter of Hangul is six characters of JSON."""
    done = run(broker, "add", "b44", "--devices", 100, "--name-ko", "예시", "--name", "홈" * 120)
    assert done.returncode == 0, done.stderr
    assert len(passwords(done.stdout)) == 100


@pytest.mark.parametrize("roles", [[], ["hub"], ["admin", "hub"]])
def test_an_account_with_other_rights_is_not_handed_to_a_booth(broker, roles):
    booth = f"b41-{len(roles)}"
    named = [{"rolename": role} for role in roles]
    dynsec_command(broker, command="createClient", username=f"{booth}-1", password="x", roles=named)
    said = one_line(run(broker, "add", booth))
    assert f"there is an account {booth}-1 with other rights ({roles})" in said.replace('"', "'")
    dynsec_command(broker, command="deleteClient", username=f"{booth}-1")
    added(broker, booth)


def test_an_account_that_was_given_more_rights_is_not_handed_to_its_booth(broker):
    added(broker, "b42")
    dynsec_command(broker, command="addClientRole", username="b42-1", rolename="hub")
    assert "b42-1 with other rights" in one_line(run(broker, "add", "b42"))


def test_a_session_without_a_role_receives_nothing_by_default(broker, version):
    booth = f"b43-{version}"
    topic = f"{TOPIC.format(booth)}/errors"
    (password,) = added(broker, booth).values()
    account = {"username": f"{booth}-1", "rolename": f"booth-{booth}"}
    with Client(broker.plain, f"{booth}-1", password, version, persistent=True) as device:
        assert device.subscribe(topic) < 128
    dynsec_command(broker, command="removeClientRole", **account)
    with Client(broker.port, "hub", HUB, mqtt.MQTTv5) as hub:
        hub.publish(topic, "not for you")
    dynsec_command(broker, command="addClientRole", **account)
    with (
        Client(broker.plain, f"{booth}-1", password, version, persistent=True) as device,
        Client(broker.port, "hub", HUB, mqtt.MQTTv5) as hub,
    ):
        hub.publish(topic, "for you")
        assert device.next().payload == b"for you"


def test_a_broker_begins_with_everything_shut(broker):
    begun = json.loads(broker.accounts.read_text(encoding="utf-8"))["defaultACLAccess"]
    assert begun == {
        "publishClientSend": False,
        "publishClientReceive": False,
        "subscribe": False,
        "unsubscribe": True,
    }


def one_line(done, code=1):
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("hub: ")
    assert done.stderr.count("\n") == 1
    assert ADMIN not in done.stderr + done.stdout
    return done.stderr


def test_a_broker_that_is_not_there_is_named(broker):
    port = free_port()
    done = run(broker, "add", "b50", broker_admin=f"mqtt://admin:{ADMIN}@127.0.0.1:{port}")
    said = one_line(done)
    assert f"mqtt://127.0.0.1:{port}" in said
    assert "is HUB_BROKER_ADMIN right?" in said


def test_a_wrong_password_of_the_admin_is_told(broker):
    address = f"mqtt://admin:wrong-{ADMIN}@127.0.0.1:{broker.port}"
    said = one_line(run(broker, "add", "b50", broker_admin=address))
    assert "Not authorized; the name or the password in HUB_BROKER_ADMIN is wrong, or" in said
    assert "running" not in said


def test_an_account_without_the_right_is_told(broker):
    said = one_line(run(broker, "add", "b50", broker_admin=broker.hub))
    assert "no right to make accounts" in said


def test_no_admin_account_is_told(broker):
    said = one_line(run(broker, "list", broker_admin=""), 2)
    assert "HUB_BROKER_ADMIN: is not set" in said


def test_an_admin_address_that_is_none_is_told_without_its_secret(broker):
    said = one_line(run(broker, "list", broker_admin=f"mqtt//{ADMIN}"), 2)
    assert "HUB_BROKER_ADMIN: is no address of a broker" in said


def test_a_broker_without_the_plugin_is_told(broker, tmp_path):
    plain = Mosquitto(tmp_path / "plain")
    try:
        plain.start()
        said = one_line(run(broker, "add", "b50", broker_admin=plain.url))
        assert "lacks the plugin mosquitto_dynamic_security" in said
    finally:
        plain.kill()


def test_the_first_file_is_made_once_and_for_the_broker_alone(tmp_path):
    server = Secured(tmp_path / "new")
    first = hub_command(server, "booth", "init", "--out", server.accounts, broker="mqtt://h")
    assert first.returncode == 0, first.stderr
    (line,) = [line for line in first.stdout.splitlines() if line.startswith("hub ")]
    assert re.fullmatch(r"hub +\w{4}(-\w{4}){3}", line)
    assert ADMIN not in first.stdout
    assert stat.S_IMODE(server.accounts.stat().st_mode) == 0o640
    text = server.accounts.read_text(encoding="utf-8")
    assert ADMIN not in text
    assert line.split()[1] not in text
    again = hub_command(server, "booth", "init", "--out", server.accounts)
    assert (again.returncode, server.accounts.read_text(encoding="utf-8")) == (0, text)
    assert "nothing was changed" in again.stdout
    server.accounts.write_text("", encoding="utf-8")  # of such a one the broker makes no accounts
    assert "wrote" in hub_command(server, "booth", "init", "--out", server.accounts).stdout
    server.accounts.write_text("{}", encoding="utf-8")
    said = one_line(hub_command(server, "booth", "init", "--out", server.accounts))
    assert "is no file of dynamic security" in said


def test_no_password_is_in_the_broker_s_log_or_in_the_data_folder(broker):
    made = added(broker, "b60", "--devices", 2)
    made |= passwords(well(broker, "rotate", "b60"))
    secrets = [ADMIN, HUB, *made.values()]
    assert "createClient" in broker.said
    kept = [path.read_text(encoding="utf-8") for path in broker.data.glob("booths.json")]
    for text in (broker.said, broker.accounts.read_text(encoding="utf-8"), *kept):
        assert text
        assert not [secret for secret in secrets if secret in text]


def test_a_broker_that_goes_away_half_way_leaves_no_password_unknown(tmp_path):
    server = Secured(tmp_path / "dying")
    table = tmp_path / "booths.csv"
    table.write_text("booth\n" + "\n".join(f"b{at}" for at in range(2_000)), encoding="utf-8")
    try:
        server.begin()
        command = [sys.executable, "-m", "hub", "booth", "add", "--from", str(table)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment(server.settings()), cwd=ROOT,
        ) as adding:  # fmt: skip
            until(lambda: '"b10-1"' in server.accounts.read_text(encoding="utf-8"), "ten booths")
            words = Path(f"/proc/{adding.pid}/cmdline").read_text(encoding="utf-8")
            server.kill()
            out, err = adding.communicate(timeout=DEADLINE)
    finally:
        server.kill()
    assert adding.returncode == 1
    assert err.splitlines()[-1].startswith("hub: mqtt://"), err
    assert "Traceback" not in err
    assert ADMIN not in words + out + err
    made = passwords(out)
    assert {f"b{at}-1" for at in range(10)} <= made.keys()
    assert len(made) < 2_000


def test_topics_of_its_own_are_a_booths_and_the_hub_reads_them(broker):
    native = ("--native", "tasmota", "--topics", "acme/#")
    (password,) = added(broker, "b91", *native).values()
    with (
        Client(broker.plain, "b91-1", password, mqtt.MQTTv5) as device,
        Client(broker.port, "hub", HUB, mqtt.MQTTv5) as hub,
    ):
        assert hub.subscribe("acme/#") < 128
        assert device.publish("acme/tele/plug1/LWT", "Online") < 128
        assert hub.next() == ("acme/tele/plug1/LWT", b"Online")
        assert device.subscribe("acme/cmnd/#") < 128
        assert device.publish("other/tele/plug1/LWT", "Online") == 135
    well(broker, "add", "b91")
    with Client(broker.plain, "b91-1", password, mqtt.MQTTv5) as device:
        assert device.publish("acme/tele/plug1/LWT", "Online") < 128, "it keeps them"


def test_topics_below_the_root_are_given_to_no_booth(broker):
    for topics in ("smartlife/#", "smartlife/v1/b93/#"):
        done = run(broker, "add", "b84", "--native", "tasmota", "--topics", topics)
        assert done.returncode == 1
        assert f"b84: the topics {topics} are below smartlife/v1" in done.stderr
    assert "b84" not in well(broker, "list")


def test_topics_of_one_booth_are_no_other_s(broker):
    added(broker, "b92", "--native", "tasmota", "--topics", "beta/#")
    done = run(broker, "add", "b93", "--native", "tasmota", "--topics", "beta/1/#")
    assert done.returncode == 1
    assert "b93: the topics beta/1/# are those of b92 too (beta/#)" in done.stderr
    assert "b93" not in well(broker, "list")
