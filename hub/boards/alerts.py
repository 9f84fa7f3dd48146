"""The alert rules, derived from the kinds. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hub.boards import influxql
from hub.boards.policy import CLOSED
from hub.boards.shared import BATTERY, E_STOP, declaring
from schemas import KindSpec, Label

_CHARGED = 5
"""How far above its limit a battery must be to be well again, in per cent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it fires when the newest value of `query` over `span` seconds is beyond `limit`.

    `beyond` is gt or lt, `pending` how long that must last. It ends when the value is back behind
    `recovery` (`limit` without one), and at least `keep` later. `silence` is what having no rows at
    all means, `error` what it means that the database does not answer.
    """

    name: str
    title: Label
    summary: Label
    query: str
    span: int
    beyond: str
    limit: float
    pending: str
    severity: str
    silence: str = "OK"
    error: str = "KeepLast"
    recovery: float | None = None
    keep: str = "0s"
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def uid(self) -> str:
        """The rule's uid, which never changes."""
        return f"sl-{self.name}".replace("_", "-")[:40]


def rules(kinds: Mapping[str, KindSpec]) -> list[Rule]:
    """Return every rule: those about the hub, then those that each kind brings."""
    return [*_hub(), *_booths(), *_batteries(kinds), *_e_stops(kinds)]


BOOTH_ID = "{{ $labels.booth }}"
"""Where a summary names the booth."""
_WHO = f"{BOOTH_ID} {{{{ $labels.device }}}}"


def _hub() -> Iterator[Rule]:
    yield Rule(
        "hub-down",
        Label("Hub down", "허브 중단"),
        Label(
            "InfluxDB answers, but the hub wrote nothing for a minute: look at the hub's "
            "/api/health.",
            "InfluxDB는 응답하지만 1분 동안 허브의 기록이 없습니다. 허브의 /api/health를 "
            "확인하세요.",
        ),
        influxql.signs_of_life(),
        60,
        "lt",
        1,
        "30s",
        "critical",
        silence="Alerting",
        keep="1m",
    )
    yield Rule(
        "hub-deaf",
        Label("Hub receives nothing", "허브 수신 불가"),
        Label(
            "No message reaches the hub: its broker or its outbox is out; /api/health says which. "
            "No device is at fault.",
            "허브가 메시지를 받지 못합니다. 브로커나 아웃박스의 문제이며 기기 문제가 아닙니다. "
            "허브의 /api/health를 확인하세요.",
        ),
        influxql.counter("hears"),
        60,
        "lt",
        1,
        "30s",
        "critical",
        keep="1m",
    )
    yield Rule(
        "store-down",
        Label("InfluxDB does not answer", "InfluxDB 응답 없음"),
        Label(
            "Grafana gets no answer from InfluxDB; the hub keeps readings in its outbox meanwhile.",
            "InfluxDB가 Grafana에 응답하지 않습니다. 그동안 허브는 측정값을 아웃박스에 보관합니다.",
        ),
        # Its answer does not matter, only that there is one.
        influxql.signs_of_life(),
        60,
        "lt",
        0,
        "30s",
        "critical",
        error="Alerting",
        keep="1m",
    )
    yield Rule(
        "store-behind",
        Label("Store falls behind", "저장 지연"),
        Label(
            "Readings wait more than 10 s for InfluxDB.",
            "측정값이 InfluxDB에 저장되기까지 10초 넘게 대기합니다.",
        ),
        influxql.counter("lag_ms"),
        600,
        "gt",
        10_000,
        "1m",
        "warning",
        recovery=5_000,
        keep="2m",
    )


def _booths() -> Iterator[Rule]:
    yield Rule(
        "device-silent",
        Label("Device silent", "기기 응답 없음"),
        Label(f"{_WHO} sends nothing.", f"{_WHO}: 측정값이 오지 않습니다."),
        influxql.devices(influxql.ALL),
        900,
        "lt",
        2,
        "2m",
        "warning",
        keep="2m",
        labels=(CLOSED,),
    )
    yield Rule(
        "rejections",
        Label("Many rejections", "거부 급증"),
        Label(
            f"{BOOTH_ID}: more than 60 messages were rejected within a minute; its page says why.",
            f"{BOOTH_ID}: 1분 동안 60건 넘게 거부되었습니다. 이유는 부스 페이지에 있습니다.",
        ),
        influxql.rejected("booth"),
        60,
        "gt",
        60,
        "0s",
        "warning",
        recovery=30,
        keep="5m",
        labels=(CLOSED,),
    )


def _batteries(kinds: Mapping[str, KindSpec]) -> Iterator[Rule]:
    for kind, field in declaring(kinds.values(), BATTERY):
        low = (field.normal or (None, None))[0]
        if low is None:
            continue
        yield Rule(
            f"battery-{kind.name}",
            Label(f"Battery low: {kind.label.en}", f"배터리 부족: {kind.label.ko}"),
            Label(f"{_WHO} has less than {low:g}% left.", f"{_WHO}: 잔량이 {low:g}% 미만입니다."),
            influxql.last(kind, field, influxql.ALL),
            600,
            "lt",
            low,
            "1m",
            "warning",
            recovery=low + _CHARGED,
            keep="2m",
            labels=(("kind", kind.name), CLOSED),
        )


def _e_stops(kinds: Mapping[str, KindSpec]) -> Iterator[Rule]:
    for kind, field in declaring(kinds.values(), E_STOP):
        yield Rule(
            f"e-stop-{kind.name}",
            Label(f"E-stop pressed: {kind.label.en}", f"비상 정지: {kind.label.ko}"),
            Label(f"{_WHO}: the e-stop is pressed.", f"{_WHO}: 비상 정지가 눌렸습니다."),
            influxql.count_pressed(kind, field),
            60,
            "gt",
            0,
            "0s",
            "critical",
            # Many press it before they go home: what is an exhibit's has no alarm at night.
            labels=(("kind", kind.name), CLOSED),
        )
