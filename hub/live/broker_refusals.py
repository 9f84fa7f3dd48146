"""Explains what the broker refused an account, with the way out. Pure."""

from typing import Any, NamedTuple

from hub.timestamps import rfc3339
from schemas import Label

STRANGERS, NAME, SILENT = "strangers", "name", "silent"
"""Codes besides those of `LogEvent`: refused under names that are no account's or that the broker
does not say; under a name that is nearly this account's; connected, but nothing arrives."""


class BrokerRefusal(NamedTuple):
    """What the broker refused an account: how often in a row, and the last time (ns).

    The account is empty of log-ins that nobody's name stands for.
    """

    code: str
    account: str
    message: Label
    times: int
    at: int

    def as_json(self) -> dict[str, Any]:
        """Return it as the booth's page shows it."""
        return {
            "code": self.code,
            "account": self.account,
            **self.message.named("message"),
            "count": self.times,
            "at": rfc3339(self.at),
        }


class Connected(NamedTuple):
    """An account that is connected: since when (ns), with which version of MQTT."""

    account: str
    since: int
    version: str

    def as_json(self) -> dict[str, Any]:
        """Return it as the booth's page shows it."""
        return {**self._asdict(), "since": rfc3339(self.since)}


class BoothLogIns(NamedTuple):
    """What is known of a booth's accounts at the broker; the newest refusal first."""

    connected: list[Connected]
    refusals: list[BrokerRefusal]

    def as_json(self) -> dict[str, Any]:
        """Return it as the booth's page shows it."""
        return {
            "connected": [item.as_json() for item in self.connected],
            "refusals": [item.as_json() for item in self.refusals],
        }


NOTHING_KNOWN = BoothLogIns([], [])
_WORDS = {
    "refused": Label(
        "{account}: the broker refused the log-in. The password is wrong; type it as it is on the "
        "hand-out, or ask the operations desk for a new one",
        "{account}: 브로커가 로그인을 거부했습니다. 비밀번호가 틀렸습니다. 안내문에 적힌 대로 "
        "입력하거나 운영 데스크에 새 비밀번호를 요청하세요",
    ),
    NAME: Label(
        "The broker refused a log-in: the user name must be exactly {account}",
        "브로커가 로그인을 거부했습니다. 사용자 이름을 정확히 {account}(으)로 입력하세요",
    ),
    STRANGERS: Label(
        "The broker refused log-ins; it does not say whose. Was one of them yours? "
        "Check user name and password",
        "브로커가 어느 부스의 계정인지 알 수 없는 로그인을 거부했습니다. 우리 부스에서 시도했다면 "
        "사용자 이름과 비밀번호를 확인하세요",
    ),
    "taken_over": Label(
        "{account}: several devices use this account and end each other's connection. Give each "
        "device an account of its own",
        "{account}: 여러 기기가 이 계정을 함께 써서 번갈아 연결이 끊깁니다. 기기마다 다른 "
        "계정을 쓰세요",
    ),
    "too_large": Label(
        "{account}: the broker ended the connection because a message was too large. A reading "
        "has 64 KiB at most",
        "{account}: 메시지가 너무 커서 브로커가 연결을 끊었습니다. 측정값은 64 KiB 이하여야 합니다",
    ),
    "malformed": Label(
        "{account}: the broker ended the connection because it did not understand what came. A "
        "topic has no + or #, is UTF-8, and has 200 levels at most",
        "{account}: 브로커가 이해할 수 없는 내용이 와서 연결을 끊었습니다. 토픽은 + 와 # 없이 "
        "UTF-8로 쓰고, 200단계를 넘지 않아야 합니다",
    ),
    SILENT: Label(
        "{account} is connected, but nothing it sends arrives. The topic must begin with {own}, "
        "without a slash before it: the broker drops everything else, with MQTT 3.1.1 without a "
        "word",
        "{account}: 연결되어 있지만 보낸 값이 오지 않습니다. 토픽은 앞에 슬래시(/) 없이 {own} 로 "
        "시작해야 합니다. 그 밖의 토픽은 브로커가 버리며, MQTT 3.1.1에서는 알려 주지도 않습니다",
    ),
}


def words(code: str, account: str, own: str) -> Label:
    """Return what is said of a refusal; `own` is the beginning of the booth's topics."""
    label = _WORDS[code]
    return Label(*(text.format(account=account, own=own) for text in label))
