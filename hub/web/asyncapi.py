"""The interface over MQTT for programs to read: AsyncAPI 3, from the kinds. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub import __version__, topics
from hub.messages import SHORT
from hub.settings.values import BrokerAddress
from hub.web import asyncapi_messages
from schemas import KindSpec

Part = dict[str, Any]

MEDIA = "application/vnd.aai.asyncapi+json;version=3.0.0"
"""The media type of a document in JSON."""
HOST = "{host}"
"""The host of a broker whose address only the organiser knows; the port may be another too."""
_HUB = """\
The hub takes readings of devices at an exhibition over MQTT 3.1.1 and 5. This document is
written from the hub's side: what it receives, a device publishes; what it sends, a device may
subscribe to. A device that is rejected learns why on its errors topic. With MQTT 5 it can ask for
a receipt by a Response Topic: that says that the reading is on the hub's disk.
"""
_PURPOSES = {
    "tls": "With TLS; /api/ca.crt is the certificate of the event's own authority.",
    "plain": "Without TLS, where the organiser says so.",
    "web": "MQTT over WebSocket, for browsers.",
}


def document(
    kinds: Mapping[str, KindSpec],
    root: str,
    brokers: Iterable[BrokerAddress],
    payloads: Mapping[str, Part] | None = None,
) -> Part:
    """Return the document of a hub whose topics start with `root`.

    `payloads` are the schemas of the kinds, where they are made already.
    """
    if payloads is None:
        payloads = {name: asyncapi_messages.payload(kind) for name, kind in kinds.items()}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:smartlife:hub",
        "info": {
            "title": "Smart Life hub",
            "version": __version__,
            "description": _HUB,
            "license": {"name": "Apache-2.0"},
            "tags": [{"name": id_} for id_ in _domains(kinds)],
        },
        "defaultContentType": "application/json",
        "servers": _servers(root, brokers),
        "channels": _channels(kinds, root),
        "operations": _operations(kinds),
        "components": {
            "messages": asyncapi_messages.messages(kinds, root),
            "schemas": {**payloads, **asyncapi_messages.own_schemas()},
            "parameters": _parameters(list(kinds)),
            "securitySchemes": {
                "account": {
                    "type": "userPassword",
                    "description": "The device's account, where booths have some; its name is the "
                    "client id too.",
                }
            },
        },
    }


def _domains(kinds: Mapping[str, KindSpec]) -> list[str]:
    return list(dict.fromkeys(kind.domain.id for kind in kinds.values()))


def _servers(root: str, brokers: Iterable[BrokerAddress]) -> Part:
    servers: Part = {}
    for broker in brokers:
        protocol = str(broker).partition("://")[0]
        name = protocol if protocol not in servers else f"{protocol}_{len(servers) + 1}"
        servers[name] = _server(root, broker, protocol)
    return servers


def _server(root: str, broker: BrokerAddress, protocol: str) -> Part:
    host = f"[{broker.host}]" if ":" in broker.host else broker.host
    said = {"default": "127.0.0.1", "description": "The broker's address, from the organiser."}
    return {
        "host": f"{host}:{broker.port}",
        "protocol": protocol,
        "protocolVersion": "5",
        "description": f"{_PURPOSES[broker.purpose]} MQTT 3.1.1 works too.",
        **({"variables": {"host": said}} if host == HOST else {}),
        "security": [{"$ref": "#/components/securitySchemes/account"}],
        "bindings": {
            "mqtt": {
                "bindingVersion": asyncapi_messages.BINDINGS,
                "cleanSession": True,
                "keepAlive": 15,
                "lastWill": {
                    "topic": f"{root}/b12/thermostat/t1/{topics.STATUS}",
                    "qos": 1,
                    "message": "offline",
                    "retain": True,
                },
            }
        },
    }


def _parameters(kinds: Sequence[str]) -> Part:
    return {
        "booth": {
            "description": f"The stand's id: {topics.BOOTH.pattern}",
            "examples": ["b12"],
        },
        "kind": {"description": "The kind of the device.", "enum": kinds},
        "device": {
            "description": f"The device's own name: {topics.DEVICE.pattern}",
            "examples": ["t1"],
        },
    }


def _channels(kinds: Mapping[str, KindSpec], root: str) -> Part:
    device = f"{root}/{{booth}}/{{kind}}/{{device}}"
    return {
        **{
            f"{name}_readings": _channel(
                f"{root}/{{booth}}/{name}/{{device}}",
                f"Readings of a device of the kind {name} ({kind.label.en}, {kind.label.ko}), "
                f"usually every {kind.interval:g} s.",
                name,
            )
            for name, kind in kinds.items()
        },
        "status": _channel(
            f"{device}/{topics.STATUS}",
            "Whether a device is there: its birth message and its Last Will.",
            "Status",
        ),
        "errors": _channel(
            f"{device}/{topics.ERRORS}",
            "What the hub did not accept of a device, and why.",
            "Rejection",
        ),
        "short_errors": _channel(
            f"{device}/{topics.SHORT_ERRORS}",
            f"The same in at most {SHORT} bytes, for devices with a small buffer.",
            "ShortRejection",
        ),
        "receipts": _channel(
            f"{device}/{topics.RECEIPTS}",
            "Answers to readings that named this topic as their Response Topic (MQTT 5).",
            "Receipt",
            "Rejection",
        ),
    }


def _channel(address: str, about: str, *messages: str) -> Part:
    return {
        "address": address,
        "description": about,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "parameters": {
            name: {"$ref": f"#/components/parameters/{name}"}
            for name in ("booth", "kind", "device")
            if f"{{{name}}}" in address
        },
    }


def _operations(kinds: Mapping[str, KindSpec]) -> Part:
    reply = {
        "channel": {"$ref": "#/channels/receipts"},
        "messages": _messages("receipts", "Receipt", "Rejection"),
    }
    return {
        **{
            f"receive_{name}": {
                **_operation(
                    "receive", f"{name}_readings", f"Take a reading: {kind.label.en}.", name
                ),
                "tags": [{"name": kind.domain.id}],
                "reply": reply,
            }
            for name, kind in kinds.items()
        },
        "receive_Status": _operation(
            "receive", "status", "Learn that a device came or went.", "Status", retain=True
        ),
        "send_Rejection": _operation("send", "errors", "Say what is wrong.", "Rejection"),
        "send_ShortRejection": _operation(
            "send", "short_errors", "Say what is wrong in few bytes.", "ShortRejection"
        ),
        "send_Receipt": _operation(
            "send", "receipts", "Say that a reading is on disk, or why not.", "Receipt", "Rejection"
        ),
    }


def _operation(action: str, channel: str, about: str, *messages: str, retain: bool = False) -> Part:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": about,
        "messages": _messages(channel, *messages),
        "bindings": {
            "mqtt": {
                "bindingVersion": asyncapi_messages.BINDINGS,
                "qos": 1 if action == "receive" else 0,
                "retain": retain,
            }
        },
    }


def _messages(channel: str, *names: str) -> list[Part]:
    return [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names]
