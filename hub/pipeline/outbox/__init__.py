"""The outbox: a durable queue of readings between the broker and the store.

SQLite in WAL mode with `synchronous=FULL`: when `commit` returns, the batch survives a crash of the
hub and of the machine. A row is a batch, not a reading, which makes the cost of a reading about
0.1 µs. All work happens on the one thread that owns the `Outbox`; `AsyncOutbox` lends it one.

The same transaction keeps the rejections, the accounts, and what is needed to recognise a
redelivery, so they can never contradict each other.
"""

from hub.pipeline.outbox.disk_room import ROOM
from hub.pipeline.outbox.file import DELAYED, Outbox
from hub.pipeline.outbox.rejection_log import KEPT_REJECTIONS, OF_A_BOOTH
from hub.pipeline.outbox.thread import AsyncOutbox

__all__ = ["DELAYED", "KEPT_REJECTIONS", "OF_A_BOOTH", "ROOM", "AsyncOutbox", "Outbox"]
