"""The disk: the outbox's budget used up, the file system full, a folder that cannot be written."""

import subprocess
from pathlib import Path

from faults.stage import FaultyHub, NotPlayed, Outcome, Stage
from harness.wait import until

_MIB = 1024**2
_PAGE = 4096


def budget(stage: Stage) -> Outcome:
    """The outbox at its limit while the database is away."""
    influx = stage.database()
    _, hub, load = stage.flowing(4_000, outbox_limit="2MiB")
    for _ in stage.rounds(3, 1):
        stage.flow(hub, 1_000)
        influx.influxd.stop()
        until(lambda: _state(hub) == "full", "the outbox is full")
        stage.notes[:] = [f"{hub.accounts()['waiting']:,} readings waited in 2 MiB"]
        influx.influxd.start()
        with stage.recovery(hub):
            until(hub.well, "the hub goes on by itself")
    return stage.conclude(hub, load)


def _state(hub: FaultyHub) -> str:
    return str(hub.health()[1]["parts"]["outbox"]["state"])


def mounted(options: str) -> list[str]:
    """Return the words that start a command with a mount of its own, as root or as a user."""
    for flags in (["-m"], ["-rm"]):
        words = ["unshare", *flags, "sh", "-c", f'{options} && exec "$@"', "sh"]
        if not subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
            return words
    raise NotPlayed(
        "no right to mount in a namespace (unshare --mount, as root or as a user who may make one)"
    )


def full(stage: Stage) -> Outcome:
    """A file system of 16 MiB, filled by the outbox itself."""
    return _full(stage, 0)


def filled(stage: Stage) -> Outcome:
    """A file system of 48 MiB that something else fills, and frees again."""
    return _full(stage, 40)


def _full(stage: Stage, ballast: int) -> Outcome:
    influx = stage.database()
    broker = stage.mosquitto()
    hub = stage.hub(broker.url)
    hub.data.mkdir(parents=True)
    own = stage.size(16, 9)
    hub.within = mounted(f"mount -t tmpfs -o size={own + ballast * 32 // 40}m none {hub.data}")
    hub.start()
    load = stage.load(broker.port, 4_000)
    stage.flow(hub, 1_000)
    inside = Path(f"/proc/{hub.pid}/root{hub.data}")
    if ballast:
        (inside / "ballast").write_bytes(bytes(ballast * _MIB))
    influx.influxd.stop()
    until(lambda: _state(hub) != "ok", "the hub says that its disk is full")
    stage.notes.append(hub.part("outbox").replace(str(hub.data), "DATA"))
    if ballast:
        (inside / "ballast").unlink()
    influx.influxd.start()
    with stage.recovery(hub):
        until(hub.well, "the hub goes on by itself")
    return stage.conclude(hub, load)


def read_only(stage: Stage) -> Outcome:
    """The data folder can only be read when the hub starts."""
    _, hub, load = stage.flowing()
    for _ in stage.rounds(2, 1):
        stage.flow(hub, 2_000)
        hub.kill()
        hub.within = mounted(
            f"mount --bind {hub.data} {hub.data} && mount -o remount,bind,ro {hub.data}"
        )
        hub.launch_hub()
        assert hub.wait() == 2, hub.said[-2_000:]
        said = hub.said.strip().splitlines()[-1]
        assert str(hub.data) in said, said
        stage.notes[:] = [said.replace(str(hub.data), "DATA")]
        hub.within = []
        stage.restart(hub)
    return stage.conclude(hub, load)


def corrupt(stage: Stage) -> Outcome:
    """Pages of the outbox's file overwritten, or its end cut off, while readings wait in it."""
    influx = stage.database()
    _, hub, load = stage.flowing(4_000)
    for number in stage.rounds(4, 1):
        stage.flow(hub, 2_000)
        influx.influxd.stop()
        until(lambda: hub.accounts()["waiting"] > 20_000, "readings wait")
        hub.kill()
        (_overwrite, _cut_short)[number % 2](hub.data / "outbox.db")
        hub.launch_hub()
        with stage.recovery(hub):
            until(hub.serves, "the hub starts")
        influx.influxd.start()
    outcome = stage.conclude(hub, load)
    named = outcome.accounts["refused"]
    outcome.notes.append(f"the hub names {named:,} as lost or damaged, and keeps the damaged file")
    assert "the outbox was damaged" in hub.said, hub.said[-2_000:]
    if outcome.verdict.lost <= named and not outcome.verdict.twice + outcome.verdict.wrong:
        outcome.failures = []
    return outcome


def _overwrite(path: Path) -> None:
    """Overwrite three pages in the middle of a file."""
    with path.open("r+b") as file:
        for part in (0.3, 0.5, 0.7):
            file.seek(int(path.stat().st_size * part) // _PAGE * _PAGE)
            file.write(b"\xa5" * _PAGE)


def _cut_short(path: Path) -> None:
    """Cut off the last third of a file."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)
