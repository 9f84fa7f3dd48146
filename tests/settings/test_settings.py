"""Settings: flag, then environment, then file, then default; what is wrong with one, in words."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.errors import SettingError
from hub.settings import Settings, load
from hub.settings.table import SETTINGS
from hub.settings.values import BrokerAddress, HttpAddress, byte_size

Write = Callable[[str], Path]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a hub.toml."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def toml(tmp_path: Path) -> Write:
    """Write hub.toml."""

    def write(text: str) -> Path:
        path = tmp_path / "hub.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def wrong(**flags: str) -> str:
    """What is said about settings that are wrong."""
    with pytest.raises(SettingError) as caught:
        load(flags)
    return str(caught.value)


# --- where a setting comes from


def test_without_anything_the_defaults_count():
    settings = load()
    assert str(settings.broker) == "mqtt://127.0.0.1:1883"
    assert str(settings.http) == "127.0.0.1:8080"
    assert settings.root == "smartlife/v1"
    assert settings.outbox_limit == 2 * 1024**3
    assert settings.store == "sqlite:"
    assert settings.ops_token is None


def test_the_file_counts_before_the_default(toml: Write):
    toml('broker = "mqtt://from-file"\noutbox_limit = "1GB"\nhttp = "127.0.0.1:9000"\n')
    settings = load()
    assert (settings.broker.host, settings.outbox_limit, settings.http.port) == (
        "from-file",
        10**9,
        9000,
    )


def test_the_environment_counts_before_the_file(toml: Write, monkeypatch: pytest.MonkeyPatch):
    toml('broker = "mqtt://from-file"\nroot = "file/v1"\n')
    monkeypatch.setenv("HUB_BROKER", "mqtt://from-env")
    settings = load()
    assert (settings.broker.host, settings.root) == ("from-env", "file/v1")


def test_a_flag_counts_before_everything(toml: Write, monkeypatch: pytest.MonkeyPatch):
    toml('broker = "mqtt://from-file"\n')
    monkeypatch.setenv("HUB_BROKER", "mqtt://from-env")
    assert load({"broker": "mqtt://from-flag"}).broker.host == "from-flag"
    assert load({"broker": None}).broker.host == "from-env"


def test_an_empty_variable_is_the_same_as_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUB_BROKER", "")
    assert load().broker.host == "127.0.0.1"


def test_the_file_may_stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "event.toml"
    path.write_text('root = "event/v1"\n')
    monkeypatch.setenv("HUB_CONFIG", str(path))
    assert load().root == "event/v1"


def test_every_setting_of_the_table_can_be_set_and_no_other():
    assert set(Settings.model_fields) == set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_default_of_the_table_is_the_one_that_counts(name: str):
    default = SETTINGS[name].default
    explicit = load({name: default}) if default is not None else load()
    assert getattr(load(), name) == getattr(explicit, name)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_explained(name: str):
    assert SETTINGS[name].help.endswith(".")
    assert name.isidentifier()
    assert name == name.lower()


# --- names


def test_an_unknown_variable_stops_the_start_with_the_nearest_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUB_BROKR", "mqtt://x")
    assert wrong() == "HUB_BROKR: there is no such setting; did you mean HUB_BROKER?"


def test_an_unknown_variable_like_no_other_stops_with_all_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUB_XYZZY", "1")
    said = wrong()
    assert said.startswith("HUB_XYZZY: there is no such setting; there are HUB_BOOTHS, ")
    assert all(f"HUB_{name.upper()}" in said for name in SETTINGS)


def test_an_unknown_line_of_the_file_stops_the_start_with_the_nearest_name(toml: Write):
    toml('brokr = "mqtt://x"\n')
    assert wrong() == "brokr: there is no such setting; did you mean broker?"


def test_a_table_in_the_file_is_no_setting(toml: Write):
    toml('[hub]\nbroker = "mqtt://x"\n')
    assert wrong().startswith("hub: there is no such setting; ")


def test_a_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUB_CONFIG", "nowhere.toml")
    assert wrong() == "HUB_CONFIG: nowhere.toml is no file; write the path of one that is there"


def test_an_empty_name_of_the_file_counts_as_none(toml: Write, monkeypatch: pytest.MonkeyPatch):
    toml('root = "hall/a"\n')
    monkeypatch.setenv("HUB_CONFIG", "")
    assert load().root == "hall/a"


def test_a_broken_file_is_told_with_its_name_and_the_line(toml: Write):
    toml("broker = \n")
    said = wrong()
    assert said.startswith("HUB_CONFIG: hub.toml: ")
    assert "line 1" in said
    assert said.endswith("; correct the file")


def test_a_file_that_is_nested_too_deeply_is_told(toml: Write):
    toml("root = " + "[" * 5_000 + "]" * 5_000)
    assert wrong().endswith("; correct the file")


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path):
    (tmp_path / "hub.toml").write_bytes(b'root = "\xff"\n')
    assert wrong().startswith("HUB_CONFIG: hub.toml: ")


# --- values

BROKER = "is no address of a broker; write it like mqtt://127.0.0.1:1883"
HTTP = "is no address to listen on; write it like 127.0.0.1:8080"
SIZE = "is no size; write it like 2GiB or 500MB"
ROOT = "is no topic root; write it like smartlife/v1"
WEB = "begins with WebSockets; name an address with mqtt:// or mqtts:// first"
HOST = "has a host that there cannot be; check its dots"
IMPOSSIBLE = {
    "broker": {
        "localhost": BROKER,
        "localhost:1883": BROKER,
        "http://localhost": BROKER,
        "mqtt://": BROKER,
        "mqtt://:1883": BROKER,
        "mqtt://host:port": BROKER,
        "mqtt://host:0": BROKER,
        "mqtt://host:65536": BROKER,
        "mqtt://host/path": BROKER,
        "mqtt://host?tls=1": BROKER,
        "mqtt://[::1": BROKER,
        "ws://host": BROKER,
        "mqtt://a..b": HOST,
        "mqtt://.a:1883": HOST,
        f"mqtts://{'a' * 64}:8883": HOST,
        "mqtt://a\0b": HOST,
    },
    "public_broker": {"host": BROKER, "mqtt://a..b": HOST, "ws://a:80": WEB, ",": BROKER},
    "http": {
        "8080": HTTP,
        "localhost": HTTP,
        ":8080": HTTP,
        "127.0.0.1:": HTTP,
        "127.0.0.1:http": HTTP,
        "127.0.0.1:65536": HTTP,
        "127.0.0.1:8080/x": HTTP,
        "a..b:8080": HOST,
        "http://127.0.0.1:8080": HTTP,
    },
    "outbox_limit": {
        "much": SIZE,
        "2 GiB please": SIZE,
        "-1GiB": SIZE,
        "1e9": SIZE,
        "9" * 400: SIZE,
        "100": "is less than 1MiB, which is too little to work with; give it more",
        "0.5MiB": "is less than 1MiB, which is too little to work with; give it more",
    },
    "root": {
        "/smartlife": ROOT,
        "smartlife/": ROOT,
        "smart life": ROOT,
        "smartlife/+": ROOT,
        "smartlife/#": ROOT,
        "$SYS": ROOT,
        "a\0b": ROOT,
        "a/" * 100 + "b": "is longer than 128 characters",
    },
    "group": {"a/b": "is no group name; use letters", "+": "is no group name"},
    "client_id": {"a b": "is no client id; use up to 64", "x" * 65: "is no client id"},
    "booths": {"b12,B 13": "is no id of a booth or a zone"},
    "domains": {"ai,cooking": "is no domain; use smart_home"},
    "log": {"loud": "is no level; use one of debug, info, warning, error", "INFO": "is no level"},
    "zone": {"nowhere.toml": "is no file; write the path"},
    "broker_ca": {"nowhere.pem": "is no file; write the path"},
}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        (name, value, reason)
        for name, cases in IMPOSSIBLE.items()
        for value, reason in cases.items()
    ],
)
def test_an_impossible_value_is_told_with_setting_value_and_way_out(
    name: str, value: str, reason: str
):
    said = wrong(**{name: value})
    assert said.startswith(f"HUB_{name.upper()}: {value} ")
    assert reason in said


@pytest.mark.parametrize("name", ["broker", "public_broker"])
@pytest.mark.parametrize(
    "secret",
    ["S3cretPass", "secret", "hunter2", "12345678", "1a2b3c4d", "ab/cD9", "a,b c"],
)
def test_a_password_whose_host_was_forgotten_is_not_shown(name: str, secret: str):
    said = wrong(**{name: f"mqtt://hub:{secret}"})
    assert said.startswith(f"HUB_{name.upper()}: mqtt://hub:… ")
    assert secret not in said


SIZES = {
    "2GiB": 2 * 1024**3,
    "500MB": 500 * 10**6,
    "500 MB": 500 * 10**6,
    "1.5gib": 3 * 512 * 1024**2,
    "1048576": 1024**2,
    "1TiB": 1024**4,
}


@pytest.mark.parametrize(("text", "size"), SIZES.items())
def test_size(text: str, size: int):
    assert byte_size(text) == size


BROKERS = {
    "mqtt://10.0.0.5": BrokerAddress("10.0.0.5", 1883, tls=False),
    "mqtts://broker.example": BrokerAddress("broker.example", 8883, tls=True),
    "mqtt://h:1": BrokerAddress("h", 1, tls=False),
    "mqtts://hub:s%40c%2Fr%3At@h:8884/": BrokerAddress("h", 8884, True, "hub", "s@c/r:t"),
    "mqtt://hub@h": BrokerAddress("h", 1883, False, "hub", None),
    "mqtt://hub:@h": BrokerAddress("h", 1883, False, "hub", ""),
    "mqtt://[::1]:1884": BrokerAddress("::1", 1884, tls=False),
}


@pytest.mark.parametrize(("text", "address"), BROKERS.items())
def test_broker_address(text: str, address: BrokerAddress):
    assert BrokerAddress.parse(text) == address


@pytest.mark.parametrize("root", ["a", "smartlife", "a/b/c", "공간/v1", "a//b", "$a"[1:]])
def test_any_good_root(root: str):
    assert load({"root": root}).root == root


def test_the_client_id_is_ones_own_in_a_group():
    assert load().mqtt_client_id == "smartlife-hub"
    grouped = load({"group": "seoul"}).mqtt_client_id
    assert grouped.startswith("smartlife-hub-")
    assert len(grouped) <= 64
    assert load({"group": "seoul", "client_id": "hub-1"}).mqtt_client_id == "hub-1"
    assert load({"booths": "b12"}).mqtt_client_id == grouped


def test_walls_on_one_machine_have_client_ids_of_their_own():
    one, other = (load({"http": f"127.0.0.1:{port}"}).wall_client_id for port in (8081, 8082))
    assert one != other
    assert load({"client_id": "wall-1"}).wall_client_id == "wall-1"


def test_booths_and_domains_are_lists():
    found = load({"booths": "hall-a, b12", "domains": "ai,robotics"})
    assert (found.booths, found.domains) == (("hall-a", "b12"), ("ai", "robotics"))


# --- secrets

SECRET = "hunter2"
LEAKY = [
    f"mqtt://hub:{SECRET}@host:port",
    f"mqtt://hub:{SECRET}@host/path",
    f"mqtt://hub:{SECRET}/x@host",
    f"mqtt://hub:{SECRET}?x@host",
    f"mqtt://hub:{SECRET}#x@host",
    f"mqtt://hub:{SECRET}@x@host:no",
    f"mqtt://hub:x@{SECRET}@host:no",
    f"mqtt://hub:[{SECRET}@host",
    f"mqtt:hub:{SECRET}@host",
    f"hub:{SECRET}@host:1883",
    f"http://hub:{SECRET}@host",
    f"mqtt://hub:a\n{SECRET}@host:no",
]


@pytest.mark.parametrize("value", LEAKY)
@pytest.mark.parametrize("name", ["broker", "public_broker"])
def test_no_message_holds_a_password(name: str, value: str):
    said = wrong(**{name: value})
    assert SECRET not in said
    assert "host" in said


@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if setting.secret])
def test_no_message_holds_a_secret(name: str, toml: Write):
    toml(f"{name} = [{SECRET!r}]\n")
    said = wrong()
    assert said.startswith(f"HUB_{name.upper()}: ")
    assert SECRET not in said


@pytest.mark.parametrize("name", ["influx_token", "ops_token", "grafana_token"])
def test_a_token_is_one_line_without_what_a_file_has_around_it(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(f"HUB_{name.upper()}", f" {SECRET}비밀\r\n")
    assert getattr(load(), name).get_secret_value() == f"{SECRET}비밀"
    monkeypatch.setenv(f"HUB_{name.upper()}", "\r\n")
    assert getattr(load(), name) is None, "as if it were empty"
    monkeypatch.setenv(f"HUB_{name.upper()}", f"{SECRET}\nx")
    said = wrong()
    assert said == (
        f"HUB_{name.upper()}: holds a line break or another control character; write it without"
    )


def test_no_secret_is_in_the_representation_of_the_settings(monkeypatch: pytest.MonkeyPatch):
    for name, setting in SETTINGS.items():
        if setting.secret:
            account = f"mqtt://admin:{SECRET}@host" if name == "broker_admin" else SECRET * 3
            monkeypatch.setenv(f"HUB_{name.upper()}", account)
    settings = load({"broker": f"mqtt://hub:{SECRET}@host"})
    shown: list[Any] = [settings, settings.broker, settings.ops_token]
    shown += [settings.broker_admin]
    assert SECRET not in "".join(f"{item!r}{item!s}" for item in shown)
    assert settings.broker.password == SECRET


# --- who can reach it


@pytest.mark.parametrize("http", ["127.0.0.1:8080", "127.0.0.2:1", "localhost:80", "[::1]:8080"])
def test_on_this_machine_no_token_is_needed(http: str):
    assert load({"http": http}).http.loopback


@pytest.mark.parametrize("http", ["0.0.0.0:8080", "[::]:8080", "192.168.0.2:80", "hub.example:80"])
def test_beyond_this_machine_a_token_is_needed(http: str, monkeypatch: pytest.MonkeyPatch):
    said = wrong(http=http)
    assert said.startswith(f"HUB_HTTP: {http} can be reached from other machines")
    assert "set one, or listen on 127.0.0.1:8080" in said
    monkeypatch.setenv("HUB_OPS_TOKEN", "too short")
    assert wrong(http=http) == said
    monkeypatch.setenv("HUB_OPS_TOKEN", "x" * 16)
    assert not load({"http": http}).http.loopback


def test_the_addresss_url_is_for_browsers():
    assert HttpAddress.parse("[::1]:8080").url == "http://[::1]:8080"
    assert HttpAddress.parse("localhost:80").url == "http://localhost:80"


def test_no_setting_of_the_environment_got_into_these_tests():
    assert not [name for name in os.environ if name.startswith("HUB_")]


def test_an_account_in_a_public_address_stops_the_start():
    said = wrong(public_broker=f"mqtt://hub:{SECRET}@host:1")
    assert said.startswith("HUB_PUBLIC_BROKER: mqtt://…@host:1 holds an account; leave it out")


def test_several_public_addresses():
    found = load({"public_broker": "mqtts://10.0.0.5, mqtt://10.0.0.5:1883 wss://10.0.0.5:8084"})
    assert [str(item) for item in found.reached_brokers] == [
        "mqtts://10.0.0.5:8883",
        "mqtt://10.0.0.5:1883",
        "wss://10.0.0.5:8084",
    ]
    assert found.reached_broker == found.reached_brokers[0]
