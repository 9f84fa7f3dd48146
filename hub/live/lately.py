"""What happened lately: the latest changes of state and rejections, for a wall that looks back."""

from typing import NamedTuple

from hub.limits.fair import FairBuffer
from hub.messages import Rejection, State, StateChange
from hub.topics import Address

HAPPENINGS = 5_000
"""Changes of state and rejections that are remembered, each; of more the booth with the most loses
its oldest."""


class StateStep(NamedTuple):
    """A change of a device's state at a time (ns), with the state before."""

    at: int
    address: Address
    before: State
    state: State


class Lately:
    """Remembers changes of state, and the time (ns) of each rejection with its booth."""

    def __init__(self) -> None:
        self._states = FairBuffer[StateStep](HAPPENINGS)
        self._rejections = FairBuffer[tuple[int, str]](HAPPENINGS)

    def changed(self, change: StateChange, before: State) -> None:
        """Remember a change of state."""
        step = StateStep(change.at, change.address, before, change.state)
        self._states.add(change.address.booth, step)

    def rejected(self, rejection: Rejection) -> None:
        """Remember a rejection; one of no booth is none of a stand."""
        if rejection.booth is not None:
            self._rejections.add(rejection.booth, (rejection.at, rejection.booth))

    def states(self, start: int) -> list[StateStep]:
        """Return the changes of state since `start` (ns), oldest first."""
        return [step for step in self._states if step.at >= start]

    def rejections(self, start: int) -> list[tuple[int, str]]:
        """Return the rejections since `start` (ns), oldest first: time and booth of each."""
        return [item for item in self._rejections if item[0] >= start]
