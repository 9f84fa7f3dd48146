"""VDA 5050 by `vda-5050-lib`, the library that vehicles of many makers are built with."""

import subprocess
from pathlib import Path

from harness import ROOT
from harness.process import program
from hub.dialects.mapping.names import device_id
from tests.dialects.stand import Stand

ROBOT = ROOT / "tests/js/robot.mjs"
FORMAT = "%interfaceName%/%majorVersion%/%manufacturer%/%serialNumber%/%topic%"
DEVICE = device_id("Hall Robots/AMR:7")


def robot(stand: Stand) -> subprocess.Popen[str]:
    """Start a vehicle, and wait until it has published."""
    words = [program("node"), str(ROBOT), f"mqtt://127.0.0.1:{stand.port}"]
    words += [stand.account, stand.password, f"{stand.prefix('vda5050')}/{FORMAT}"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "sent\n"
    return process


def test_a_vehicle_is_stored_seen_and_missed(tmp_path: Path):
    with Stand(tmp_path) as stand, robot(stand) as process:
        assert stand.wait_for("mobile_robot", "x", 2) == [12.5, 13.0]
        live = stand.wait_until("mobile_robot", DEVICE, "live")
        assert live["name"] == "Hall Robots/AMR:7"
        assert live["last"]["heading"] == 90.0
        assert live["last"]["battery"] == 71.5
        process.kill()  # the broker publishes its Will: CONNECTIONBROKEN
        stand.wait_until("mobile_robot", DEVICE, "offline")


def test_a_vehicle_that_leaves_in_good_order_is_offline(tmp_path: Path):
    with Stand(tmp_path) as stand, robot(stand) as process:
        stand.wait_until("mobile_robot", DEVICE, "live")
        assert process.stdin is not None
        process.stdin.close()
        stand.wait_until("mobile_robot", DEVICE, "offline")
        assert process.wait() == 0
