"""Tracks the replays onto the wall: the position of each, and the requests to it.

A replay is played by `hub replay --into-hub`, which reports its position and polls for requests.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from hub.clock import SECOND, Clock

GONE = 5.0
"""Seconds without a word of a replay after which it plays no more."""
MOST = 8
"""Replays that are known at once; with one more, that which was silent longest is forgotten."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ReplayState(_Said):
    """The position of a replay: times in seconds of the recording."""

    name: str = Field(max_length=200, description="What is played.")
    begins: str = Field(max_length=40, description="The time of its first message, RFC 3339.")
    position: float = Field(ge=0, description="Seconds from the first message.")
    length: float = Field(ge=0, description="Seconds from the first message to the last.")
    speed: float | None = Field(gt=0, description="A factor; null is as fast as the hub takes it.")
    paused: bool


class ReplayWish(_Said):
    """A request to a replay; what is left out stays as it is."""

    paused: bool | None = None
    steps: int = Field(
        default=0, ge=0, le=1_000, description="Messages to play while it is paused."
    )
    speed: float | None = Field(default=None, ge=1 / 1_024, le=1_024, description="A factor.")
    position: float | None = Field(
        default=None, ge=0, description="Seconds from the first message."
    )

    def and_then(self, later: "ReplayWish") -> "ReplayWish":
        """Return both wishes as one."""
        both = self.model_dump() | later.model_dump(exclude_none=True)
        return ReplayWish(**both | {"steps": min(1_000, self.steps + later.steps)})


@dataclass(slots=True)
class _Player:
    state: ReplayState
    heard: int
    wish: ReplayWish = field(default_factory=ReplayWish)


class ReplayPlayers:
    """Tracks the running replays, by the id that each has chosen."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._players = OrderedDict[str, _Player]()

    def report(self, player: str, state: ReplayState) -> ReplayWish:
        """Record the position of a replay; return the requests since the last time."""
        self._forget_gone()
        known = self._players.pop(player, None)
        self._players[player] = _Player(state, self._clock.monotonic())
        if len(self._players) > MOST:
            self._players.popitem(last=False)
        return ReplayWish() if known is None else known.wish

    def playing(self) -> dict[str, ReplayState]:
        """Return where each replay is, by its id."""
        self._forget_gone()
        return {player: self._players[player].state for player in sorted(self._players)}

    def ask(self, player: str, wish: ReplayWish) -> bool:
        """Want something of a replay; return whether it plays."""
        self._forget_gone()
        known = self._players.get(player)
        if known is not None:
            known.wish = known.wish.and_then(wish)
        return known is not None

    def _forget_gone(self) -> None:
        longest = self._clock.monotonic() - round(GONE * SECOND)
        for player in [it for it, known in self._players.items() if known.heard < longest]:
            del self._players[player]
