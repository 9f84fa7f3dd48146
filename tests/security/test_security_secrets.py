"""No secret gets into a log, the process list, an answer or a file; none is compared by ==."""

import ast
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from harness import ROOT
from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.process import program
from harness.wait import DEADLINE, until

OPS, PASSWORD, INFLUX = "ops-s3cret-of-the-tests", "broker-s3cret", "influx-s3cret"
GRAFANA = "grafana-s3cret"
SECRETS = (OPS, PASSWORD, INFLUX, GRAFANA)
BEARER = {"authorization": f"Bearer {OPS}"}


@pytest.fixture
def broker(tmp_path):
    """A broker with an account for the hub."""
    passwords = tmp_path / "passwords"
    passwords.write_text(f"hub:{PASSWORD}\n", encoding="utf-8")
    subprocess.run([program("mosquitto_passwd"), "-U", passwords], check=True)
    broker = Mosquitto(
        tmp_path / "mosquitto", "allow_anonymous false", f"password_file {passwords}"
    )
    try:
        yield broker.start()
    finally:
        broker.kill()


@pytest.fixture
def make_hub(tmp_path):
    """Hubs with every secret set, that say all they can."""
    hubs: list[Hub] = []

    def make(port, user="hub", **settings):
        folder = tmp_path / f"hub{len(hubs)}"
        given = {"ops_token": OPS, "influx_token": INFLUX, "grafana_token": GRAFANA, "log": "debug"}
        given |= {"broker": f"mqtt://{user}:{PASSWORD}@127.0.0.1:{port}", **settings}
        hubs.append(Hub(folder, **given))
        hubs[-1]._client.headers.update(BEARER)
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.close()


def told(hub):
    """Everything that it has said or written."""
    files = [path.read_bytes() for path in hub.data.rglob("*") if path.is_file()]
    return b"\n".join([hub.said.encode(), *files, *(str(path).encode() for path in files)])


def shown_by_ps(hub):
    """What everyone on the machine can read of its process."""
    tasks = Path(f"/proc/{hub.pid}/task")
    return b"\n".join(
        path.read_bytes() for name in ("cmdline", "comm") for path in tasks.glob(f"*/{name}")
    )


def assert_silent(seen):
    for secret in SECRETS:
        assert secret.encode() not in seen, f"{secret} is shown"


PATHS = ["/", "/api/health", "/api/zone", "/api/devices", "/api/rejections", "/metrics", "/docs",
         "/openapi.json", "/api/readings", "/booths/b12", "/api/kinds", "/nothing"]  # fmt: skip


def test_a_hub_that_works_tells_no_secret(broker, make_hub):
    hub = make_hub(broker.port)
    hub.forks = False
    hub.start()
    link = hub._client.get("/", params={"token": OPS}, follow_redirects=False)
    wrong = httpx.get(f"{hub.url}/api/accounts", headers={"authorization": "Bearer wrong-token-1"})
    answers = [hub._client.get(path).content for path in PATHS]
    listed = shown_by_ps(hub)
    hub.stop()
    assert (link.status_code, link.headers["location"]) == (303, "/")
    assert wrong.status_code == 401
    assert b"hub" in listed
    assert "DEBUG" in hub.said
    assert_silent(b"\n".join([told(hub), listed, *answers, wrong.content]))
    assert b"wrong-token-1" not in told(hub)


FAILURES = {
    "the broker refuses it": {"user": "stranger"},
    "InfluxDB is away": {"store": "influx://127.0.0.1:1/expo?org=x"},
    "InfluxDB's address is none": {"store": f"influx://me:{INFLUX}@127.0.0.1:99999/b?org=x"},
    "the address to listen at is none": {"http": "nowhere.invalid:80"},
    "the broker's port is too large": {"broker": f"mqtt://hub:{PASSWORD}@127.0.0.1:99999"},
    "a password with signs in it": {"broker": f"mqtt://hub:{PASSWORD}#/@127.0.0.1:1883"},
    "the data folder is a file": {"data": "/dev/null"},
    "a setting is unknown": {"influx_tokn": INFLUX},
}


@pytest.mark.parametrize("settings", FAILURES.values(), ids=list(FAILURES))
def test_a_hub_that_fails_tells_no_secret(broker, make_hub, settings):
    hub = make_hub(broker.port, **settings)
    hub.launch_hub()
    until(lambda: not hub.running or complains(hub), f"it says what is wrong: {hub.said}")
    hub.kill()
    assert_silent(told(hub))
    assert hub.said.strip()


def complains(hub):
    return any(word in hub.said for word in ("WARNING", "ERROR"))


@pytest.mark.parametrize("words", [["doctor"], ["booth", "list"]])
def test_a_command_that_fails_tells_no_secret(tmp_path, words):
    given = {"broker": f"mqtt://hub:{PASSWORD}@127.0.0.1:1", "ops_token": OPS, "data": tmp_path}
    given |= {"influx_token": INFLUX, "grafana_token": GRAFANA, "http": "no such place"}
    command = [sys.executable, "-m", "hub", *words]
    done = subprocess.run(
        command,
        env=environment(given),
        cwd=tmp_path,
        capture_output=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode != 0
    assert_silent(done.stdout + done.stderr)


# --- tokens are compared in constant time

WORDS = ("token", "password", "secret", "signature", "digest", "bearer")
SOURCES = sorted(path for part in ("web", "booths") for path in (ROOT / "hub" / part).rglob("*.py"))


def names(node):
    """The names and attributes that an expression is made of."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def compared(source):
    """Where something called like a secret is compared by == or !=, or looked up with `in`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        constant = any(isinstance(side, ast.Constant) for side in sides)
        plain = any(isinstance(sign, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for sign in node.ops)
        secret = any(word in name.lower() for name in names(node) for word in WORDS)
        if plain and secret and not constant:
            yield f"{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_token_is_compared_by_its_characters(path):
    assert list(compared(path.read_text(encoding="utf-8"))) == []


def test_such_a_comparison_would_be_found():
    assert list(compared("if self._token == other: pass")) != []
    assert list(compared("x = cookie.token in known")) != []
    assert list(compared("ok = hmac.compare_digest(a, b)")) == []
    assert any("compare_digest" in path.read_text(encoding="utf-8") for path in SOURCES)
