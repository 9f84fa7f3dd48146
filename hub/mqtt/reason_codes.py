"""Explains MQTT 5 reason codes: what each means for the hub, and the way out. Pure."""

_REASONS = {
    4: "it wants our Last Will sent",
    128: "it gives no reason",
    129: "it could not read our packet",
    130: "it says we broke the protocol",
    131: "it has a rule of its own against it",
    132: "it does not speak MQTT 5; use a broker that does (Mosquitto 1.6 or newer)",
    133: "it does not take our client id; set another HUB_CLIENT_ID",
    134: "the user name or password is wrong; check HUB_BROKER",
    135: "the account has no right to do that; check its rules at the broker",
    136: "it is not available now",
    137: "it is busy",
    138: "our address or account is banned there",
    139: "it is shutting down",
    140: "it does not know our way to authenticate",
    141: "it heard nothing from us for too long",
    142: "another hub took our session: give each hub its own HUB_CLIENT_ID",
    143: "it does not take our topic filter; check HUB_ROOT and HUB_GROUP",
    144: "it does not take our topic name; check HUB_ROOT",
    147: "we sent more than it allows at once",
    149: "our packet was too large for it",
    150: "we sent too fast for it",
    151: "a quota there is used up",
    152: "its administrator closed the connection or changed our account",
    154: "it does not keep retained messages",
    155: "it does not support our QoS",
    156: "it asks us to use another server",
    157: "it has moved",
    158: "it has no shared subscriptions; leave HUB_GROUP empty",
    159: "we connected too often in a short time",
    160: "the connection had lasted as long as it allows",
    162: "it has no wildcard subscriptions",
}


_NOT_AUTHORIZED = 135
SESSION_TAKEN_OVER = 142


def refusal(code: int) -> str:
    """Explain a reason code of CONNACK; Mosquitto answers a wrong password with 135."""
    if code == _NOT_AUTHORIZED:
        return f"user name, password or client id is wrong; check HUB_BROKER (reason code {code})"
    return reason(code)


def reason(code: int) -> str:
    """Explain a reason code of SUBACK or DISCONNECT."""
    return f"{_REASONS.get(code, 'it gives a reason unknown to us')} (reason code {code})"
