"""The page of the dialects: what to set in each device, and what becomes of a message."""

import json
from pathlib import Path

from hub.dialects import DIALECTS, Dialect
from hub.dialects.dialect import READINGS
from hub.messages import Rejection, Translated
from hub.pipeline.decode import Decoder
from hub.pipeline.dialect_routes import Dialects
from hub.settings.table import SETTINGS
from schemas import kinds
from tools.text import MOMENT, code, fence, page, table

_ROOT = SETTINGS["root"].default or ""
_DOCS = Path(__file__).parent.parent / "docs"
_HOW_TO = (
    ("docs/how-to/connect-a-device.md", ("what you have", "where to set it", "what to set"), False),
    ("docs/how-to/connect-a-device.ko.md", ("가지고 있는 기기", "설정 위치", "넣을 값"), True),
)
_START = "<!-- dialects: this table is written by `make gen` -->"
_END = "<!-- /dialects -->"
_FILLED = {"{root}": _ROOT, "{booth}": "BOOTH", "{account}": "ACCOUNT"}
_WHEN = MOMENT, Dialects().timezone
_LEARNING = ", ".join(item.label.en for item in DIALECTS.values() if item.learns)
_HARDWARE = "messages of the documented shape; no client is to be had without the hardware"
_PLAYED = "an MQTT 3.1.1 client that plays the device, with its retained messages and its will"
_DEMO = "the simulator of `hub demo`"
_TRIED = {
    "chirpstack": "messages of the documented shape; its server needs a LoRaWAN gateway",
    "dji": _HARDWARE,
    "evcc": "messages of the documented shape; no registry of packages has the program",
    "everest": _HARDWARE,
    "goe": _HARDWARE,
    "homeassistant": f"`ha-mqtt-discoverable`, `ha-mqtt-device` (all of a device); {_DEMO}",
    "homie": "`homie-spec` (version 4), `ebus-sdk` (version 5)",
    "onem2m": "messages of the documented shape; no library of devices speaks its MQTT",
    "openmqttgateway": "`TheengsDecoder`, the gateway's own decoder",
    "openwb": _HARDWARE,
    "owntracks": _PLAYED,
    "ros": "messages of the documented shape; a bridge needs a ROS installation",
    "ruuvi": _HARDWARE,
    "senml": "`kpn-senml`",
    "shelly": _PLAYED,
    "sparkplug": "`tahutils`, Eclipse Tahu's library of edge nodes",
    "tasmota": f"{_PLAYED}; {_DEMO}",
    "thingsboard": f"{_PLAYED}; by hand, `tb-mqtt-client` 1.13, a device and a gateway "
    "(it is in no test: it puts itself in the place of `paho-mqtt`)",
    "ttn": "messages of the documented shape; its server is a service of its own",
    "tuya": _HARDWARE,
    "vda5050": f"`vda-5050-lib`; {_DEMO}",
    "zigbee2mqtt": f"{_DEMO}; the bridge itself needs a Zigbee adapter",
}
_TRIED_TEXT = """\
Beside cases of messages, right ones and wrong ones, each dialect is tried over a broker with
accounts: its sample, and where a library or a program of others speaks it, that."""
_INTRO = f"""\
For exhibitors: connect devices as they are, and what the hub makes of their messages.

Many devices speak MQTT by themselves, each maker's in its own way: a *dialect*. The hub reads
those below. Such a device publishes under the topic

```text
{_ROOT}/BOOTH/DIALECT/its own topic
```

with its own topics and messages unchanged behind the prefix. What it says becomes readings of the
hub's [kinds](kinds.md), and is stored, shown and counted like all others. The booth's page shows
each message that was heard and what became of its parts; `hub dialects try` shows it for a sample.
Messages that you copy from there, or from `hub dialects show`, have the time of that moment; those
below are of one moment, and the hub warns of a clock that is so far off.

- **A device that cannot have a prefix** keeps its own topics, and the zone file says whose they
  are: `native = [{{ dialect = "vda5050", topics = ["uagv/v2/ACME/#"] }}]` in its `[[booth]]`.
  `hub booth add BOOTH --native vda5050 --topics 'uagv/v2/ACME/#'` gives the booth's accounts the
  right to use them, and the hub's to read them.
- **Kind.** It follows from what is in the message. If the zone file expects a device of that id as
  another kind that has such fields, it is one of that kind.
- **Name.** A name that is a [device id](topics.md) is taken as it is, and a MAC address with dashes
  for colons. Of any other the characters that fit are kept and eight hexadecimal digits of its
  SHA-256 put behind, so two names never become one; the device's own name is shown beside it.
- **A part of a reading is one.** A kind's required fields bind native readings alone. A number out
  of the range of an optional field is left out and told; out of that of a required one, or of the
  wrong type, it costs its reading. Other readings of the message are kept.
- **Time.** A time without an offset is the event's (`timezone` in the zone file). A time that is
  not believed, as one of 1970, is reported, and the time of arrival counts.
- **Messages that were retained** are what was: they tell what a device has, and who is there, and
  are never readings. After a lost connection the hub reads them again, for a state that came in
  between with QoS 0 was not queued; nothing is counted as a reading for it.
- **In a group of hubs** (`HUB_GROUP`) each message goes to one of them, and what was retained to
  none. {_LEARNING} need what a device said of itself earlier, which another hub may have got: run
  one hub without a group for booths that speak these, `/api/health` says so too. The others hold
  in a group; what is online is then known to the hub that got the last message.
- **Accounts.** A message counts once: `received = accepted + rejected + duplicate + ignored`. It
  may hold up to {READINGS} readings: `readings = stored + merged + waiting + refused`.
- **Liveness** follows the dialect: its own will and birth messages, and its own rhythm. The zone
  file's `interval` and `silence` of a device count before that.

한국어: 아래 표의 값을 기기 설정에 넣으면 기기가 보내는 그대로 읽습니다. 부스 페이지에서 받은
메시지와 저장한 필드를 볼 수 있습니다."""


def files() -> dict[str, str]:
    """Return the page by its path in the project."""
    listed = [
        [f"[{item.label.en}](#{item.name})", code(item.name), _cell(item)]
        for item in DIALECTS.values()
    ]
    overview = table(["device", "dialect", "what to set"], listed)
    sections = [part for item in DIALECTS.values() for part in _section(item)]
    tried = table(["dialect", "tried with"], [[code(name), _TRIED[name]] for name in DIALECTS])
    sections += ["## What each is tried with", _TRIED_TEXT, tried]
    text = page("dialects", "Dialects: devices as they are", _INTRO, overview, *sections)
    return {"docs/reference/dialects.md": text} | {
        name: _with_table((_DOCS.parent / name).read_text(encoding="utf-8"), head, korean=korean)
        for name, head, korean in _HOW_TO
    }


def _with_table(text: str, head: tuple[str, str, str], *, korean: bool) -> str:
    """Return a page with the table of what to set between its two marks."""
    before, start, rest = text.partition(_START)
    _, end, after = rest.partition(_END)
    assert start, "the page lost its first mark"
    assert end, "the page lost its second mark"
    rows = [
        [
            item.label.ko if korean else item.label.en,
            step.setting.ko if korean else step.setting.en,
            code(filled(step.value)),
        ]
        for item in DIALECTS.values()
        for step in item.setup[:1]
    ]
    return f"{before}{start}\n\n{table(head, rows)}\n\n{end}{after}"


def filled(text: str) -> str:
    """Return the value of a step with examples in its place holders."""
    for name, value in _FILLED.items():
        text = text.replace(name, value)
    return text


def _cell(item: Dialect) -> str:
    return code(filled(item.setup[0].value))


def _section(item: Dialect) -> list[str]:
    shown = item.shown_at(*_WHEN)
    steps = table(
        ["setting", "설정", "value"],
        [[step.setting.en, step.setting.ko, code(filled(step.value))] for step in item.setup],
    )
    return [
        f"## {item.name}",
        f"{item.label.en} · {item.label.ko}" if item.label.en != item.label.ko else item.label.en,
        steps,
        f"A message on `{item.name}/{item.sample[0]}`",
        fence(shown, "json" if shown == item.sample_at(*_WHEN) else "text"),
        "becomes",
        fence(_became(item), "text"),
    ]


def _became(item: Dialect) -> str:
    topic, payload = f"{_ROOT}/b12/{item.name}/{item.sample[0]}", item.sample_at(*_WHEN)
    verdict = Decoder(_ROOT, kinds()).decode(topic, payload.encode(), MOMENT)
    assert isinstance(verdict, Translated), verdict
    assert not isinstance(verdict, Rejection)
    readings = [
        f"{reading.address.kind}/{reading.address.device} {json.dumps(reading.fields)}"
        for reading in verdict.readings
    ]
    told = [f"{use.place}: {use.why.en}" for use in verdict.uses if use.why is not None]
    return "\n".join(readings or told)  # a description says how values are to be read
