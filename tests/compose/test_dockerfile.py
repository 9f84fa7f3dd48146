"""The Dockerfile: what can be known of the image without building it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness import ROOT
from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE, until
from tests.compose.conftest import Mount

TOKEN = "an-ops-token-of-the-tests"


def test_the_base_images_are_pinned(dockerfile):
    images = [words.partition(" AS ")[0] for words in dockerfile.of("FROM")]
    assert len(set(images)) == 1
    assert re.fullmatch(r"python:3\.13\.\d+-slim", images[0])


def test_it_runs_as_a_user_without_rights(dockerfile):
    user = dockerfile.of("USER")[-1]
    assert user == "10001:10001"
    assert dockerfile.steps.index(("USER", user)) > max(
        at for at, (name, _) in enumerate(dockerfile.steps) if name in {"COPY", "RUN"}
    )


def test_the_packages_are_those_of_the_lock_file(dockerfile):
    installs = [words for words in dockerfile.of("RUN") if "pip install" in words]
    assert installs[:2] == [
        "pip install --require-hashes -r requirements/run.txt",
        "/opt/build/bin/pip install --require-hashes -r requirements/build.txt",
    ]
    (hub,) = installs[2:]
    assert hub.count("--no-deps") == 2


def test_what_builds_the_hub_is_not_in_the_image(dockerfile):
    copied = [words for words in dockerfile.of("COPY") if words.startswith("--from")]
    assert copied == ["--from=build /opt/smartlife-hub /opt/smartlife-hub"]
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert "hatchling" not in locked


def test_the_data_folder_is_the_volume_that_compose_mounts(composed, dockerfile):
    (folder,) = dockerfile.of("VOLUME")
    assert composed.environment("hub")["HUB_DATA"] == folder
    assert Mount(Path("hub-data"), folder, read_only=False) in composed.volumes("hub")
    assert f"HUB_DATA={folder}" in dockerfile.of("ENV")[-1]


def test_the_folder_of_the_broker_s_certificate_is_the_hub_s(composed, dockerfile):
    """A new volume has the owner of the folder in the image; any other could not write there."""
    places = {item.target for item in composed.volumes("broker-setup") if not item.read_only}
    made = " ".join(dockerfile.of("RUN"))
    found = dict(re.findall(r"install -d -o hub -g hub -m (\d+) (\S+)", made))
    assert found == {"0750": "/var/lib/smartlife-hub", "0755": "/etc/smartlife-hub/broker"}
    assert places == {*found.values()}


def sources(dockerfile):
    """What is copied from the project."""
    copied = [words.split() for words in dockerfile.of("COPY") if not words.startswith("--from")]
    return [name for words in copied for name in words[:-1]]


def test_docker_sees_what_is_copied_and_nothing_else(dockerfile):
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert {line[1:] for line in lines if line.startswith("!")} == set(sources(dockerfile))


def test_what_is_copied_is_enough_to_install_and_run(dockerfile, tmp_path):
    context, installed = tmp_path / "src", tmp_path / "installed"
    for name in sources(dockerfile):
        source, target = ROOT / name, context / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    pip += ["--no-deps", "--no-build-isolation", "--target", str(installed), "."]
    subprocess.run(pip, check=True, timeout=DEADLINE, cwd=context)
    code = (
        "import devices.zone, hub.web.server, schemas\n"
        f"assert hub.__file__.startswith({str(installed)!r}), hub.__file__\n"
        "assert (hub.web.server.STATIC / 'index.html').is_file()\n"
        "assert devices.zone.DEMO_ZONE.is_file()\n"
        "assert len(schemas.kinds()) >= 18\n"
    )
    alone = environment({}) | {"PYTHONPATH": str(installed)}
    subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=DEADLINE, env=alone, cwd=tmp_path
    )


@pytest.fixture
def parts(tmp_path):
    """A broker, and a hub that asks for an ops token as it does in a container."""
    broker = Mosquitto(tmp_path / "broker")
    hub = Hub(tmp_path / "hub", broker.url, ops_token=TOKEN)
    try:
        broker.start()
        yield broker, hub.start(well=False)
    finally:
        hub.close()
        broker.kill()


def health(dockerfile, hub, token=TOKEN):
    """Run the image's health check against a hub; returns its exit code."""
    python, *words = dockerfile.health
    assert python == "python"
    given = {"HUB_HTTP": hub.settings["http"], "HUB_OPS_TOKEN": token}
    # A proxy that does not exist: the check must not ask one.
    given["http_proxy"] = "http://127.0.0.1:9"
    return subprocess.run(
        [sys.executable, *words], check=False, timeout=DEADLINE, capture_output=True,
        env={"PATH": os.environ["PATH"], **given},
    ).returncode  # fmt: skip


def test_the_health_check_says_how_the_hub_is(dockerfile, parts):
    broker, hub = parts
    until(lambda: health(dockerfile, hub) == 0, "the hub is well")
    assert health(dockerfile, hub, token="a-wrong-token-of-the-tests") == 1
    broker.kill()
    until(lambda: health(dockerfile, hub) == 1, "without its broker it is not well")
    hub.kill()
    assert health(dockerfile, hub) == 1
