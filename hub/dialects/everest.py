"""EVerest: the open firmware of charging points, by its API module.

``everest_api/{connector}/var/session_info`` and ``…/powermeter`` each second as JSON, in Wh, W, V,
A and s, with the time in UTC. There is no Will: silence is. See modules/API/README.md of
everest-core. The topics of the newer API (``everest_api/1/…``) are not read.
"""

from hub.dialects.dialect import Dialect, Heard, SetupStep, Told, ignore
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import number, parsed_object, scaled, word
from schemas import Label

_EVERY, _SILENCE = 1.0, 60.0
_KILO = scaled(0.001)
_STATE = word(
    {
        "unplugged": "available",
        "disabled": "unavailable",
        "preparing": "connected",
        "reserved": "reserved",
        "authrequired": "connected",
        "waitingforenergy": "suspended",
        "charging": "charging",
        "chargingpausedev": "suspended",
        "chargingpausedevse": "suspended",
        "finished": "connected",
    }
)
_NOT_USED = ("discharged_energy_wh", "state_info", "active_errors", "uk_random_delay")


def _session(heard: Heard, _: Memory) -> Told:
    payload, told = parsed_object(heard.payload), Told()
    draft = told.draft(
        "ev_charger",
        heard.parts["connector"],
        time=payload.get("datetime"),
        interval=_EVERY,
        silence=_SILENCE,
    )
    if payload.get("active_permanent_faults"):
        draft.take("status", "faulted", "active_permanent_faults")
    elif "state" in payload:
        draft.take("status", payload["state"], "state", _STATE)
    for place, field, convert in (
        ("charged_energy_wh", "energy", _KILO),
        ("latest_total_w", "power", _KILO),
        ("charging_duration_s", "session_time", scaled(1 / 60, 2)),
    ):
        if place in payload:
            draft.take(field, payload[place], place, convert)
    for place in _NOT_USED:
        if payload.get(place):
            told.leave(place, payload[place])
    return told


def _meter(heard: Heard, _: Memory) -> Told:
    payload, told = parsed_object(heard.payload), Told()
    draft = told.draft(
        "ev_charger",
        heard.parts["connector"],
        time=payload.get("timestamp"),
        interval=_EVERY,
        silence=_SILENCE,
    )
    for name, field, parts, convert in (
        ("power_W", "power", ("total",), _KILO),
        ("voltage_V", "voltage", ("DC", "L1"), number),
        ("current_A", "current", ("DC", "L1"), number),
    ):
        said = payload.get(name)
        part = next((part for part in parts if isinstance(said, dict) and part in said), None)
        if isinstance(said, dict) and part is not None:
            draft.take(field, said[part], f"{name}.{part}", convert)
    if "energy_Wh_import" in payload:
        told.leave("energy_Wh_import", payload["energy_Wh_import"], _TOTAL)
    return told


_TOTAL = Label(
    "the meter's total; the session's energy is in session_info",
    "누적값입니다. 세션 충전량은 session_info에 있습니다",
)


_TOPICS = {
    "{connector}/var/session_info": _session,
    "{connector}/var/powermeter": _meter,
    "{connector}/var/{other}": ignore,
    "{connector}/cmd/{other}": ignore,
    "connectors": ignore,
}

DIALECT = Dialect(
    "everest",
    Label("EVerest (charging point)", "EVerest(충전기)"),
    topics={
        **{f"everest_api/{topic}": what for topic, what in _TOPICS.items()},
        **_TOPICS,
        "everest_api/1/{more+}": ignore,
    },
    setup=(
        SetupStep(
            Label(
                "Start of EVerest: --mqtt_external_prefix, with a slash at its end",
                "EVerest 실행 옵션 --mqtt_external_prefix(끝에 슬래시)",
            ),
            "{root}/{booth}/everest/",
        ),
    ),
    sample=(
        "everest_api/evse_manager/var/session_info",
        (
            '{"state":"Charging","charged_energy_wh":1840,"latest_total_w":7150.5,'
            '"charging_duration_s":930,"datetime":"{utc}"}'
        ),
    ),
)
