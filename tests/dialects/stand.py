"""A stand at an event: a broker with accounts, a hub behind it, and an account for devices."""

from pathlib import Path
from typing import Any, Self

import paho.mqtt.client as mqtt

from harness.hub import Hub
from harness.wait import until
from tests.booths.secured import Client, Secured, added

BOOTH = "b12"


class Stand:
    """Booth b12, whose devices log in with `account` and `password` at `port`."""

    def __init__(self, folder: Path) -> None:
        self.broker = Secured(folder / "broker")
        self.hub = Hub(folder / "hub", self.broker.hub)
        self.account, self.password = f"{BOOTH}-1", ""

    @property
    def port(self) -> int:
        return self.broker.plain

    def prefix(self, dialect: str) -> str:
        """What the dialect's topics stand behind."""
        return f"smartlife/v1/{BOOTH}/{dialect}"

    def client(self) -> Client:
        """An ordinary client with the booth's account."""
        return Client(self.port, self.account, self.password, mqtt.MQTTv311)

    def stored(self, kind: str, field: str) -> list[Any]:
        """The values of a field that are stored, oldest first."""
        rows = self.hub.readings(kind, booth=BOOTH)
        return [row["fields"][field] for row in rows if field in row["fields"]]

    def wait_for(self, kind: str, field: str, count: int) -> list[Any]:
        """Wait until so many values of a field are stored; then the accounts balance."""
        until(
            lambda: len(self.stored(kind, field)) >= count,
            lambda: f"{count} of {field} are stored: {self.stored(kind, field)}",
        )
        accounts = self.hub.accounts()
        kept = accounts["stored"] + accounts["waiting"] + accounts["refused"]
        assert accounts["readings"] == kept, accounts
        assert accounts["refused"] == 0, accounts
        return self.stored(kind, field)

    def wait_until(self, kind: str, device: str, state: str) -> dict[str, Any]:
        """Wait until a device is in a state, and return what is known of it."""

        def found() -> dict[str, Any] | None:
            known = self.hub.device(BOOTH, kind, device)
            return known if known is not None and known["state"] == state else None

        return until(found, lambda: f"{device} is {state}: {self.hub.device(BOOTH, kind, device)}")

    def __enter__(self) -> Self:
        self.broker.begin()
        self.password = added(self.broker, BOOTH)[self.account]
        self.hub.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hub.close()
        self.broker.kill()
