"""The hub's exceptions, as one tree; each message names the thing, the value and the way out.

    HubError
    ├── SettingError         a setting is unknown or impossible
    ├── ZoneError            the zone file cannot be used
    ├── KindError            a declaration of a kind cannot be used
    ├── BrokerError          the broker cannot be reached, refused, or violated the protocol
    │   ├── AccountRefused   it refused a name or a password
    │   ├── MessageRefused   it refused a message
    │   ├── ProtocolError    bytes that are not MQTT 5
    │   └── SessionTaken     another client came with the same client id
    ├── OutboxError          the outbox cannot commit
    │   ├── OutboxFull       its disk budget is used up
    │   └── OutboxBroken     its file is damaged
    ├── StoreError           the store cannot be used as it is set up
    │   ├── StoreUnavailable no answer, or "later": everything is kept and retried
    │   │   └── QueryTimeout a query took longer than its deadline
    │   └── QueryError       an invalid query
    ├── GrafanaError         Grafana did not answer, or refused
    ├── RecordingError       a recording cannot be read or written
    ├── MuteError            an alarm cannot be muted
    ├── BoothError           a booth's accounts, link or sheet cannot be read or made
    ├── ClientError          no running hub answers, or it refuses
    └── PortTaken            an address to listen on is in use

Foreign exceptions are mapped to these where the foreign library is called.
"""


class HubError(Exception):
    """The root: whatever the hub raises on purpose.

    `ko` is the message in Korean, of errors that a page shows; empty where there is none.
    """

    def __init__(self, message: str = "", *, ko: str = "") -> None:
        super().__init__(message)
        self.ko = ko


class SettingError(HubError):
    """A setting is unknown or impossible."""


class ZoneError(HubError):
    """The zone file is missing, broken or contradicts itself."""


class KindError(HubError):
    """A declaration of a kind cannot be used or kept, with the way out."""


class BrokerError(HubError):
    """The broker cannot be reached, refused the connection or closed it with a reason."""


class AccountRefused(BrokerError):
    """The broker refused a name or a password (reason codes 134 and 135)."""


class MessageRefused(BrokerError):
    """The broker refused a message, with the reason code of its PUBACK."""


class ProtocolError(BrokerError):
    """Bytes arrived that are not MQTT 5."""


class SessionTaken(BrokerError):
    """Another client took over the session (DISCONNECT with reason code 142)."""


class OutboxError(HubError):
    """The outbox could not keep a batch; the batch is still in hand and not acknowledged."""


class OutboxFull(OutboxError):
    """The outbox has used up its disk budget; there is room again when the store takes readings."""


class OutboxBroken(OutboxError):
    """The outbox's file is damaged; the next start saves what can be read of it."""


class StoreError(HubError):
    """The store cannot be used as it is set up."""


class StoreUnavailable(StoreError):
    """The store did not answer, or asked to retry later.

    `retry_after` is the number of seconds that the store itself asked for, if it did. `blocked`
    says that it answers but refuses us, until someone mends a setting or a right.
    """

    def __init__(
        self, message: str, retry_after: float | None = None, *, blocked: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.blocked = blocked


class QueryTimeout(StoreUnavailable):
    """A query took too long; one over less time may succeed."""


class QueryError(StoreError):
    """An invalid query, with the reason."""


class GrafanaError(HubError):
    """Grafana did not answer, refused, or holds what is not ours; in one line."""


class BoothError(HubError):
    """A booth's accounts, link or sheet cannot be read or made, with the way out."""


class MuteError(HubError):
    """An alarm cannot be muted, or that cannot be kept."""


class RecordingError(HubError):
    """A recording that cannot be read or written; the message names the file and the way out."""


class ClientError(HubError):
    """A running hub that a command asks does not answer, or refuses."""


class PortTaken(HubError):
    """An address that the hub should listen on is in use."""
