"""Telegraf at a steady rate, for comparison: its mqtt_consumer into the same InfluxDB.

It is no dependency; this builds it, in about two minutes::

    go install -tags custom,inputs.mqtt_consumer,outputs.influxdb_v2,parsers.json \\
        github.com/influxdata/telegraf/cmd/telegraf@v1.37.2
"""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from bench import influx, servers
from bench.steady import WARM_UP, Usage, start
from harness.process import Process
from harness.wait import until

_CONFIG = """\
[agent]
interval = "1s"
flush_interval = "1s"
metric_batch_size = 5000
metric_buffer_limit = 1000000
omit_hostname = true
[[inputs.mqtt_consumer]]
servers = ["tcp://127.0.0.1:{port}"]
topics = ["smartlife/v1/+/+/+"]
qos = 1
client_id = "telegraf"
persistent_session = true
max_undelivered_messages = 20000
data_format = "json"
json_string_fields = ["mode"]
json_time_key = "ts"
json_time_format = "unix_ns"
[[outputs.influxdb_v2]]
urls = ["http://127.0.0.1:{store}"]
token = "{token}"
organization = "bench"
bucket = "expo"
"""


def measure(
    program: Path, rate: int, store: str, database: int, seconds: float = 10, devices: int = 280
) -> dict[str, Any]:
    """Return what `bench.steady.measure` does, as far as Telegraf can tell."""
    address = int(store.partition("127.0.0.1:")[2].partition("/")[0])
    with servers.mosquitto() as port, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "telegraf.conf"
        config.write_text(_CONFIG.format(port=port, store=address, token=influx.TOKEN))
        telegraf = Process(Path(folder) / "telegraf.log")
        telegraf.launch([str(program.resolve()), "--config", str(config)])
        try:
            until(lambda: "Connected" in telegraf.said, lambda: f"it connects; {telegraf.said}")
            publisher = start("publish", port, rate, WARM_UP + seconds, devices, 0)
            time.sleep(WARM_UP)
            before = [Usage.of(pid) for pid in (telegraf.pid, database)]
            time.sleep(seconds)
            after = [Usage.of(pid) for pid in (telegraf.pid, database)]
            said = json.loads(publisher.communicate(timeout=120)[0])
            time.sleep(2)  # its flush interval, and some
            counted = _stored(address)
        finally:
            telegraf.kill()
    used, stored = (end.since(start) for end, start in zip(after, before, strict=True))
    # At the end it had stored so many of those sent; it is taken to have kept up evenly.
    count = counted / said["seconds"] * seconds
    return {
        "rate": rate,
        "sent_rate": said["sent"] / said["seconds"],
        "stored_rate": count / seconds,
        "cpu_us": (used.user + used.system) / count * 1e6,
        "user_us": used.user / count * 1e6,
        "system_us": used.system / count * 1e6,
        "writes": used.writes / count,
        "disk_bytes": used.written / count,
        "switches": used.switches / count,
        "database_us": (stored.user + stored.system) / count * 1e6,
    }


def _stored(shim: int) -> int:
    answer = httpx.post(
        f"http://127.0.0.1:{shim}/query",
        params={"db": "expo"},
        data={"q": 'SELECT count("temperature") FROM "mqtt_consumer"'},
        headers={"Authorization": f"Token {influx.TOKEN}"},
        timeout=60,
    ).json()
    return int(answer["results"][0]["series"][0]["values"][0][1])
