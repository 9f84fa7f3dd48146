"""`hub certs make`, and everyone who must know the broker by its certificate."""

import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from harness import ROOT
from harness.hub import Hub, environment
from harness.process import program
from harness.wait import DEADLINE, until
from hub.booths import certificates
from hub.booths.certificates import HostNames, make
from hub.errors import BoothError
from tests.booths.secured import HUB, Client, Secured, added, hub_command

NOW = datetime(2026, 10, 1, tzinfo=UTC)
HERE = HostNames(["localhost", "broker.local"], ["127.0.0.1", "::1"])
TOPIC = "smartlife/v1/b12/thermostat/{}"


@pytest.fixture(scope="module")
def certs(tmp_path_factory):
    """The event's certificates, and those of another authority."""
    folder = tmp_path_factory.mktemp("certs")
    now = datetime.now(UTC)
    make(folder / "ours", HERE, now)
    make(folder / "others", HERE, now)
    make(folder / "elsewhere", HostNames(["elsewhere.local"], ["192.0.2.1"]), now)
    return folder


@pytest.fixture(scope="module")
def broker(certs, tmp_path_factory):
    server = Secured(tmp_path_factory.mktemp("tls"), certs / "ours")
    try:
        yield server.begin()
    finally:
        server.kill()


@pytest.fixture(scope="module")
def password(broker):
    return added(broker, "b12")["b12-1"]


@pytest.fixture(scope="module")
def hub(broker, certs, tmp_path_factory):
    """A hub that comes to the broker with TLS, and knows the authority."""
    address = f"mqtts://hub:{HUB}@127.0.0.1:{broker.tls}"
    server = Hub(tmp_path_factory.mktemp("hub"), address, broker_ca=certs / "ours/ca.crt")
    try:
        yield server.start()
    finally:
        server.close()


def arrives(hub, device):
    until(lambda: hub.device("b12", "thermostat", device), "the reading arrives")


def mosquitto_pub(broker, password, ca, device="pub"):
    command = [program("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(broker.tls), "-u", "b12-1"]
    command += ["-P", password, "--cafile", str(ca), "-q", "1", "-t", TOPIC.format(device)]
    command += ["-m", '{"temperature": 21.5}']
    return subprocess.run(command, check=False, timeout=DEADLINE, capture_output=True, text=True)


def test_mosquitto_pub_knows_the_broker(broker, hub, password, certs):
    assert mosquitto_pub(broker, password, certs / "ours/ca.crt").returncode == 0
    arrives(hub, "pub")


def test_mosquitto_pub_refuses_another_authority(broker, password, certs):
    refused = mosquitto_pub(broker, password, certs / "others/ca.crt")
    assert refused.returncode != 0  # its words change from version to version
    assert mosquitto_pub(broker, password, certs / "ours/ca.crt").returncode == 0


def test_paho_knows_the_broker(broker, hub, password, certs, version):
    ca = certs / "ours/ca.crt"
    with Client(broker.tls, "b12-1", password, version, ca=ca) as device:
        device.publish(TOPIC.format(f"paho-{version}"), '{"temperature": 21.5}')
    arrives(hub, f"paho-{version}")


def paho_says(port, ca):
    """What paho, in a process of its own, says of a broker that it does not know."""
    code = (
        "import sys, paho.mqtt.client as mqtt\n"
        "client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)\n"
        "client.tls_set(sys.argv[2])\n"
        "client.connect('127.0.0.1', int(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", code, str(port), str(ca)]
    done = subprocess.run(command, check=False, timeout=DEADLINE, capture_output=True, text=True)
    assert done.returncode != 0
    return done.stderr


def test_paho_refuses_another_authority(broker, certs):
    assert "certificate verify failed" in paho_says(broker.tls, certs / "others/ca.crt")


@pytest.mark.parametrize("scheme", ["mqtts", "wss"])
def test_mqtt_js_knows_the_broker(broker, hub, password, certs, scheme):
    port = broker.tls if scheme == "mqtts" else broker.websockets
    device = f"js-{scheme}"
    done = mqtt_js(f"{scheme}://b12-1:{password}@127.0.0.1:{port}", certs / "ours/ca.crt", device)
    assert done.returncode == 0, done.stderr
    arrives(hub, device)


@pytest.mark.parametrize("scheme", ["mqtts", "wss"])
def test_mqtt_js_refuses_another_authority(broker, password, certs, scheme):
    port = broker.tls if scheme == "mqtts" else broker.websockets
    url = f"{scheme}://b12-1:{password}@127.0.0.1:{port}"
    done = mqtt_js(url, certs / "others/ca.crt", "never")
    assert done.returncode != 0
    assert "certificate" in done.stderr


def mqtt_js(url, ca, device):
    """Publish with an unmodified MQTT.js, to which Node.js gives the authority."""
    command = [program("node"), ROOT / "tests/js/publish.mjs", url, "4", "1", TOPIC.format(device)]
    return subprocess.run(
        [*map(str, command), '{"temperature": 21.5}'],
        check=False, timeout=DEADLINE, capture_output=True, text=True,
        env={"NODE_EXTRA_CA_CERTS": str(ca)},
    )  # fmt: skip


@pytest.mark.parametrize("ca", ["others", None])
def test_the_hub_refuses_a_broker_that_it_does_not_know(broker, certs, tmp_path, ca):
    address = f"mqtts://hub:{HUB}@127.0.0.1:{broker.tls}"
    known = {"broker_ca": certs / ca / "ca.crt"} if ca else {}
    server = Hub(tmp_path / "hub", address, **known)
    try:
        server.start(well=False)
        until(lambda: "certificate" in server.part("broker"), "the hub says why")
    finally:
        server.close()


def test_a_certificate_for_another_name_is_refused(certs, tmp_path):
    server = Secured(tmp_path / "elsewhere", certs / "elsewhere")
    try:
        server.begin()
        assert "IP address mismatch" in paho_says(server.tls, certs / "elsewhere/ca.crt")
    finally:
        server.kill()


def test_the_admin_s_account_does_not_get_in_where_exhibitors_connect_with_tls(broker, certs):
    admin = broker.admin.replace("mqtt://", "mqtts://").replace(str(broker.port), str(broker.tls))
    done = hub_command(broker, "booth", "list", broker_admin=admin, broker_ca=certs / "ours/ca.crt")
    assert done.returncode == 1
    assert "a listener for exhibitors" in done.stderr


def test_the_admin_s_commands_refuse_a_broker_that_they_do_not_know(broker, certs):
    admin = broker.admin.replace("mqtt://", "mqtts://").replace(str(broker.port), str(broker.tls))
    settings = broker.settings(broker_admin=admin, broker_ca=certs / "others/ca.crt")
    done = subprocess.run(
        [sys.executable, "-m", "hub", "booth", "list"],
        check=False, timeout=DEADLINE, capture_output=True, text=True, env=environment(settings),
    )  # fmt: skip
    assert done.returncode == 1
    assert "certificate" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_renewed_certificate_is_known_to_those_who_know_the_authority(
    broker, hub, password, certs
):
    before = (certs / "ours/server.crt").read_bytes()
    done = hub_command(
        broker, "certs", "make", "--out", certs / "ours", "--name", "localhost", "--ip", "127.0.0.1"
    )
    assert done.returncode == 0, done.stderr
    assert "as before" in done.stdout
    assert (certs / "ours/server.crt").read_bytes() != before
    assert broker.stop() == 0
    broker.start()
    assert mosquitto_pub(broker, password, certs / "ours/ca.crt", "renewed").returncode == 0
    arrives(hub, "renewed")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_keys_are_for_their_owner_and_for_the_broker(tmp_path):
    made = make(tmp_path, HERE, NOW)
    assert made.new_authority
    assert mode(tmp_path / "ca.key") == 0o600
    assert mode(tmp_path / "server.key") == 0o640
    assert not list(tmp_path.glob("*.part"))


def test_openssl_finds_nothing_wrong(tmp_path):
    make(tmp_path, HERE, datetime.now(UTC))
    command = [program("openssl"), "verify", "-x509_strict", "-purpose", "sslserver"]
    command += ["-verify_ip", "127.0.0.1", "-verify_hostname", "broker.local"]
    command += ["-CAfile", str(tmp_path / "ca.crt"), str(tmp_path / "server.crt")]
    subprocess.run(command, check=True, timeout=DEADLINE, capture_output=True)


USES = ("digital_signature", "key_cert_sign", "crl_sign", "content_commitment", "key_agreement")


def said_by(path):
    """The extensions of a certificate, with whether they are critical, and what its key is for."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    critical = {item.oid._name: item.critical for item in certificate.extensions}
    return critical, [name for name in USES if getattr(usage, name)]


def test_the_certificates_say_what_their_keys_are_for(tmp_path):
    make(tmp_path, HERE, NOW)
    both = {"subjectKeyIdentifier": False, "basicConstraints": True, "keyUsage": True}
    assert said_by(tmp_path / "ca.crt") == (both, ["key_cert_sign", "crl_sign"])
    own = {"subjectAltName": False, "extendedKeyUsage": False, "authorityKeyIdentifier": False}
    assert said_by(tmp_path / "server.crt") == (both | own, ["digital_signature"])


@pytest.mark.parametrize(("name", "days"), [("ca.crt", 730), ("server.crt", 365)])
def test_a_certificate_is_valid_from_the_day_before_for_so_many_days(tmp_path, name, days):
    make(tmp_path, HERE, NOW)
    made = x509.load_pem_x509_certificate((tmp_path / name).read_bytes())
    assert made.not_valid_before_utc == NOW - timedelta(days=1)
    assert made.not_valid_after_utc == NOW + timedelta(days=days)


def test_the_authority_stays_and_the_broker_s_is_never_longer_valid(tmp_path):
    first = make(tmp_path, HERE, NOW)
    authority = (tmp_path / "ca.crt").read_bytes()
    late = make(tmp_path, HERE, NOW + timedelta(days=600))
    assert (tmp_path / "ca.crt").read_bytes() == authority
    assert not late.new_authority
    assert late.fingerprint == first.fingerprint
    assert late.until == late.authority_until


@pytest.mark.parametrize("name", ["ca.key", "ca.crt"])
def test_an_authority_that_cannot_be_used_is_named_and_left(tmp_path, name):
    make(tmp_path, HERE, NOW)
    (tmp_path / name).write_text("broken", encoding="ascii")
    with pytest.raises(BoothError, match=r"are no certificate and key; put it back, or remove"):
        make(tmp_path, HERE, NOW)
    assert (tmp_path / name).read_text(encoding="ascii") == "broken"


def test_an_authority_that_strict_verification_refuses_signs_nothing(tmp_path):
    command = [program("openssl"), "req", "-x509", "-newkey", "ec", "-nodes", "-batch"]
    command += ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=ca"]
    command += ["-keyout", str(tmp_path / "ca.key"), "-out", str(tmp_path / "ca.crt")]
    subprocess.run(command, check=True, timeout=DEADLINE, capture_output=True)
    with pytest.raises(BoothError, match=r"ca\.crt: lacks keyUsage, .*remove ca\.crt and ca\.key"):
        make(tmp_path, HERE, datetime.now(UTC))
    assert not (tmp_path / "server.crt").exists()


def test_a_missing_key_of_another_authority_and_one_that_has_run_out_are_told(tmp_path):
    make(tmp_path / "a", HERE, NOW)
    make(tmp_path / "b", HERE, NOW)
    with pytest.raises(BoothError, match="has run out"):
        make(tmp_path / "a", HERE, NOW + timedelta(days=certificates.CA_DAYS + 1))
    (tmp_path / "a/ca.key").write_bytes((tmp_path / "b/ca.key").read_bytes())
    with pytest.raises(BoothError, match=r"is not the key of ca\.crt"):
        make(tmp_path / "a", HERE, NOW)
    (tmp_path / "a/ca.key").unlink()
    with pytest.raises(BoothError, match=r"ca\.key: is missing"):
        make(tmp_path / "a", HERE, NOW)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (HostNames([], []), "give at least one"),
        (HostNames(["a b"], []), "is no host name"),
        (HostNames(["서울"], []), "is no host name"),
        (HostNames([""], []), "is no host name"),
        (HostNames(["mqtt://x"], []), "is no host name"),
        (HostNames([], ["10.0.0"]), "is no IP address"),
    ],
)
def test_a_name_that_is_none_is_told(tmp_path, names, said):
    with pytest.raises(BoothError, match=said):
        make(tmp_path / "none", names, NOW)
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BoothError, match="name another --out"):
        make(tmp_path / "file" / "x", HERE, NOW)
