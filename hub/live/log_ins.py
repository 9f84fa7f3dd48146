"""Follows the accounts' connections to the broker, and what it refused, in its log."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from hub.clock import NEVER, Clock, Instant, instant
from hub.limits.fair import FairMap
from hub.live.broker_log_lines import LogEvent, LogLine, read_line
from hub.live.broker_refusals import (
    NAME,
    SILENT,
    STRANGERS,
    BoothLogIns,
    BrokerRefusal,
    Connected,
    words,
)
from hub.messages import Message
from hub.timestamps import SECOND

TOLD_FOR = 600
"""Seconds after the last refusal for which it is reported."""
PATIENCE = 10
"""Seconds after which something of a connected device should have arrived."""
OFTEN = 3
"""Times an account is taken over before it is reported: once is a device that restarted."""
ACCOUNTS, OF_BOOTH = 10_000, 100

Owner = Callable[[str], tuple[str, str] | None]
"""The booth and the account that the name of a log-in means, if any."""


@dataclass(slots=True)
class _Count:
    """Counts repeated events; after a pause of `TOLD_FOR` it starts from zero."""

    count: int = 0
    last: Instant = NEVER

    def add(self, now: Instant) -> None:
        self.count = self.count + 1 if self.holds(now) else 1
        self.last = now

    def holds(self, now: Instant) -> bool:
        return bool(self.count) and now.monotonic - self.last.monotonic <= TOLD_FOR * SECOND


@dataclass(slots=True)
class _Account:
    since: Instant | None = None
    version: str = ""
    counts: dict[str, _Count] = field(default_factory=dict)

    def refusals(self, now: Instant) -> dict[str, _Count]:
        return {
            code: count
            for code, count in self.counts.items()
            if count.holds(now) and (code != LogEvent.TAKEN_OVER.value or count.count >= OFTEN)
        }


class LogIns:
    """Follows the broker's log of clients; `reading` says whether the broker lets us.

    `staff` are the names of the hub's own log-ins and the desk's, of which no booth is told.

    Something is kept of accounts that there are, and of no other name that is tried.
    """

    def __init__(self, root: str, owner: Owner, clock: Clock, staff: Collection[str] = ()) -> None:
        self._root = root
        self._owner = owner
        self._clock = clock
        self._staff = staff
        self._accounts = FairMap[str, _Account](ACCOUNTS, OF_BOOTH)
        self._strangers = _Count()
        self.reading = False

    def noticed(self, reading: bool) -> None:
        """Begin or end: of those who connect in between nothing is known."""
        self.reading = reading
        for account in self._accounts.values():
            account.since = None

    def receive(self, _: object, messages: Sequence[Message]) -> None:
        """Take messages of the log's topics."""
        for message in messages:
            self.take(message.payload.decode(errors="replace"))

    def take(self, text: str) -> None:
        """Take a line of the log."""
        line = read_line(text)
        if line is None:
            return
        now, owner = instant(self._clock), self._owner(line.client)
        if owner is not None:
            self._update(*owner, line, now)
        elif line.event is LogEvent.REFUSED and line.client not in self._staff:
            self._strangers.add(now)

    def _update(self, booth: str, name: str, line: LogLine, now: Instant) -> None:
        account = self._accounts.get(name)
        if account is None:
            account = _Account()
            self._accounts.add(booth, name, account)
        if line.event is LogEvent.REFUSED:  # of another connection, if there is one
            code = line.event.value if name == line.client else NAME
            account.counts.setdefault(code, _Count()).add(now)
        elif line.event is LogEvent.CONNECTED:
            account.since, account.version = now, line.version
            account.counts.pop(LogEvent.REFUSED.value, None)
            account.counts.pop(NAME, None)
        else:
            account.since = None
            if line.event is not LogEvent.GONE:
                account.counts.setdefault(line.event.value, _Count()).add(now)

    def of(
        self, booth: str, accounts: Iterable[str], unheard: Collection[str]
    ) -> BoothLogIns | None:
        """Return what is known of a booth's accounts; None if the broker's log cannot be read.

        `unheard` are those accounts of whose device nothing ever arrived.
        """
        if not self.reading:
            return None
        now, own = instant(self._clock), f"{self._root}/{booth}/"
        connected, refusals = list[Connected](), list[BrokerRefusal]()
        names = list(accounts)
        for name in names:
            account = self._accounts.get(name) or _Account()
            found = account.refusals(now)
            if account.since is not None:
                connected.append(Connected(name, account.since.wall, account.version))
                waited = now.monotonic - account.since.monotonic
                if not found and name in unheard and waited >= PATIENCE * SECOND:
                    found = {SILENT: _Count(1, account.since)}
            refusals += [
                BrokerRefusal(code, name, words(code, name, own), count.count, count.last.wall)
                for code, count in found.items()
            ]
        if not connected and len(unheard) == len(names) and self._strangers.holds(now):
            count, last = self._strangers.count, self._strangers.last.wall
            refusals.append(BrokerRefusal(STRANGERS, "", words(STRANGERS, "", own), count, last))
        refusals.sort(key=lambda item: item.at, reverse=True)
        return BoothLogIns(connected, refusals)
