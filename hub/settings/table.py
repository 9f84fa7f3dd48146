"""The table of settings: name, default, what it is for. It imports nothing, so help is quick."""

from typing import NamedTuple


class Setting(NamedTuple):
    """One setting: `HUB_<NAME>` in the environment, `<name>` in `hub.toml`, `--<name>` as a flag.

    `default` is as one would write it; a secret has no flag, for everyone on the machine can read
    the flags of a process.
    """

    default: str | None
    help: str
    secret: bool = False


PREFIX = "HUB_"
CONFIG = "HUB_CONFIG"
"""Environment variable with the path of the settings file, if it is not `hub.toml`."""

SETTINGS = {
    "broker": Setting(
        "mqtt://127.0.0.1:1883",
        "The MQTT broker: mqtt://host:port, or mqtts://user:password@host:port for TLS.",
    ),
    "broker_ca": Setting(
        None,
        "PEM file of the authority that signed the broker's certificate; without it, the system's.",
    ),
    "public_broker": Setting(
        None,
        "The broker's addresses as exhibitors' devices reach them, shown on booth pages and "
        "sheets: one, or several with commas, like mqtts://10.0.0.5:8883,wss://10.0.0.5:8084; "
        "without it, HUB_BROKER's.",
    ),
    "broker_admin": Setting(
        None,
        "Secret for hub booth: the broker with its admin account, "
        "mqtt://admin:password@127.0.0.1:1884.",
        secret=True,
    ),
    "client_id": Setting(
        "",
        "The hub's client id at the broker; each hub needs its own. "
        "Empty: smartlife-hub; smartlife-hub-HOSTNAME in a group or with some booths only; "
        "smartlife-wall-HOSTNAME-PORT for hub wall.",
    ),
    "group": Setting("", "Shared-subscription group; empty for a single hub."),
    "booths": Setting(
        "",
        "Only these booths, or those of these zones of the zone file, with commas: for one of "
        "several hubs that divide the booths, or for a wall of a hall. Empty: all.",
    ),
    "domains": Setting(
        "", "Only these domains, with commas: for one of several walls. Empty: all."
    ),
    "root": Setting("smartlife/v1", "What every topic starts with."),
    "store": Setting(
        "sqlite:",
        "Where readings are kept: sqlite: (a file in the data folder), sqlite:PATH, or "
        "influx://host:8086/BUCKET?org=ORG (influxs:// for TLS) with HUB_INFLUX_TOKEN.",
    ),
    "influx_token": Setting(
        None,
        "Secret with which the hub writes to and reads from InfluxDB; USER:PASSWORD for 1.8.",
        secret=True,
    ),
    "influx_token_file": Setting(
        None,
        "File with that token, in place of it; it is read again when InfluxDB refuses the token.",
    ),
    "data": Setting("hub-data", "The data folder: outbox, embedded store, lock."),
    "outbox_limit": Setting(
        "2GiB",
        "Disk budget of the outbox, like 2GiB or 500MB; when it is used up, the hub stops reading "
        "from the broker.",
    ),
    "quota_readings": Setting(
        "2000",
        "Readings a second that a booth may send; of what is above it QoS 0 is dropped and QoS 1 "
        "and 2 wait until the others' are stored. 0: any number.",
    ),
    "quota_bytes": Setting(
        "2MiB", "Bytes a second that a booth may send, like 2MiB or 500KB. 0: any number."
    ),
    "quota_devices": Setting(
        "2000",
        "Names of devices under which a booth may send, besides those in the zone file; a device "
        "with one more is rejected. 0: any number.",
    ),
    "past": Setting(
        "32MiB",
        "Memory for the latest messages, out of which hub record --last saves what has happened; "
        "0 turns it off.",
    ),
    "http": Setting(
        "127.0.0.1:8080",
        "Where the wall and the API listen; beyond this machine only with an ops token.",
    ),
    "public_http": Setting(
        None,
        "The hub's web address as exhibitors' phones reach it, like http://10.0.0.5:8080, for the "
        "links to booth pages; without it, HUB_HTTP's. The hub answers to its name too.",
    ),
    "ops_token": Setting(
        None,
        "Secret that opens the wall and the API beyond this machine; 16 characters or more.",
        secret=True,
    ),
    "grafana": Setting(
        "http://127.0.0.1:3000",
        "Grafana's address for hub boards push and diff, with its path if it has one.",
    ),
    "grafana_token": Setting(
        None,
        "Secret of a Grafana service account with the role Admin, for hub boards push and diff.",
        secret=True,
    ),
    "zone": Setting(None, "The zone file: event, zones, booths, places, devices expected."),
    "kinds": Setting(
        None,
        "Folder of kinds declared for this event, as JSON Schema in files NAME.json or NAME.yaml; "
        "without it, kinds/ beside the zone file.",
    ),
    "log": Setting("info", "How much is logged: debug, info, warning or error."),
}
