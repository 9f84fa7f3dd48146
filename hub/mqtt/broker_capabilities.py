"""Broker capabilities: checks in CONNACK what the hub asks for and a broker lacks. Pure."""

from hub.mqtt.codec import ConnAckPacket
from schemas import Label

NO_SHARED = Label(
    "the broker has no shared subscriptions, which HUB_GROUP needs; divide the booths with "
    "HUB_BOOTHS instead",
    "브로커가 HUB_GROUP에 필요한 공유 구독을 지원하지 않습니다. HUB_BOOTHS로 부스를 나누세요",
)
NO_WILDCARDS = Label(
    "the broker has no wildcard subscriptions, which the hub needs; use another",
    "브로커가 허브에 필요한 와일드카드 구독을 지원하지 않습니다. 다른 브로커를 쓰세요",
)
NO_QOS_1 = Label(
    "the broker knows QoS 0 alone: what it sends while the hub is away is lost; use another",
    "브로커가 QoS 0만 지원합니다. 허브가 없는 동안 보낸 값은 사라집니다. 다른 브로커를 쓰세요",
)
SESSION_LOST = Label(
    "the broker did not know the hub's session any more: it has lost it, or it is another node of "
    "a cluster, and what waits for the hub is at the node before; give each hub one node's address",
    "브로커에 허브의 이전 세션이 없습니다. 세션이 사라졌거나 클러스터의 다른 노드에 연결된 "
    "것입니다. 기다리는 메시지는 이전 노드에 있으니 허브마다 노드 하나의 주소를 쓰세요",
)


def kept_for(seconds: int) -> Label:
    """Return what a session that expires too soon means."""
    return Label(
        f"the broker keeps the hub's session for {seconds} s only: what comes while the hub is "
        "away for longer is lost; raise its limit",
        f"브로커가 허브의 세션을 {seconds}초만 유지합니다. 허브가 더 오래 없으면 그동안 온 값은 "
        "사라집니다. 브로커의 제한을 늘리세요",
    )


def lacks(
    connack: ConnAckPacket, *, shared: bool, session_expiry: int, knew_session: bool
) -> list[Label]:
    """Return what the broker that sent a CONNACK cannot do.

    Args:
        connack: what it answered.
        shared: whether the hub subscribes as one of a group.
        session_expiry: the Session Expiry Interval that the hub asked for, in seconds.
        knew_session: whether the hub has had a session there.
    """
    found = []
    if shared and not connack.shared_subscription_available:
        found.append(NO_SHARED)
    if not connack.wildcard_subscription_available:
        found.append(NO_WILDCARDS)
    if int(connack.max_qos) == 0:
        found.append(NO_QOS_1)
    expiry = connack.session_expiry_interval
    if expiry is not None and expiry < session_expiry:
        found.append(kept_for(expiry))
    if knew_session and not connack.session_present:
        found.append(SESSION_LOST)
    return found
