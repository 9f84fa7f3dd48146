"""The exhibitor's checklist: five steps from no message to steady readings. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hub.live.broker_refusals import NOTHING_KNOWN, STRANGERS, BoothLogIns, BrokerRefusal
from hub.live.device import Device
from hub.live.liveness import LATE_AFTER
from hub.messages import Code, Rejection, State
from hub.timestamps import SECOND
from hub.topics import Address


class Step(StrEnum):
    """The steps of the checklist, in order."""

    CONNECTED = "connected"
    TOPIC = "topic"
    JSON = "json"
    READING = "reading"
    STEADY = "steady"


class Mark(StrEnum):
    """The state of a step: `wrong` was tried and failed, `next` is to be tried now."""

    DONE = "done"
    WRONG = "wrong"
    NEXT = "next"
    LATER = "later"


STOPPED_AT = {
    Code.TOPIC: Step.TOPIC,
    Code.KIND: Step.TOPIC,
    Code.SIZE: Step.JSON,
    Code.JSON: Step.JSON,
    Code.SCHEMA: Step.READING,
    Code.INTERNAL: Step.READING,
}
"""The step at which a message that was rejected stopped."""
STEADY_AFTER = LATE_AFTER
"""Declared intervals that a device must be live to be steady."""
_STEPS = tuple(Step)


@dataclass(frozen=True, slots=True)
class Item:
    """A step and its state.

    For a wrong one the rejection, the device that fell silent, or what the broker refused; for the
    next one the trial that has arrived, while nothing else has.
    """

    step: Step
    mark: Mark
    rejection: Rejection | None = None
    device: Address | None = None
    refusal: BrokerRefusal | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the item as the API shows it."""
        return {
            "step": self.step.value,
            "state": self.mark.value,
            "rejection": self.rejection and self.rejection.as_json(),
            "device": self.device and self.device._asdict(),
            **({"refusal": self.refusal.as_json()} if self.refusal is not None else {}),
        }


def checklist(
    now: int,
    devices: Sequence[Device],
    rejected: Mapping[Code, Rejection],
    at_broker: BoothLogIns = NOTHING_KNOWN,
) -> list[Item]:
    """Return the checklist of a booth.

    Once a reading was accepted the steps up to it stay done, whatever is rejected later. Until then
    the newest rejection determines the step, and before any message what the broker refused.

    Args:
        now: the monotonic time, in ns.
        devices: the booth's devices.
        rejected: its newest rejection of each code.
        at_broker: what is known of its accounts at the broker.
    """
    sending = [device for device in devices if device.readings]
    if sending:
        lasting = [device for device in sending if not device.trial]
        tried = Item(Step.STEADY, Mark.NEXT, device=sending[0].address)
        return _marked(Step.STEADY, _steadiness(now, lasting) if lasting else tried)
    if rejected:
        newest = max(rejected.values(), key=lambda item: item.at)
        stopped = STOPPED_AT[newest.code]
        return _marked(stopped, Item(stopped, Mark.WRONG, newest))
    if any(device.noticed for device in devices):
        return _marked(Step.TOPIC, Item(Step.TOPIC, Mark.NEXT))
    reached = Step.TOPIC if at_broker.connected else Step.CONNECTED
    refusal = next(iter(at_broker.refusals), None)
    mine = refusal is not None and refusal.code != STRANGERS
    return _marked(reached, Item(reached, Mark.WRONG if mine else Mark.NEXT, refusal=refusal))


def _marked(reached: Step, item: Item) -> list[Item]:
    """All steps: those before `reached` are done, those after it come later."""
    place = _STEPS.index(reached)
    done = [Item(step, Mark.DONE) for step in _STEPS[:place]]
    return [*done, item, *(Item(step, Mark.LATER) for step in _STEPS[place + 1 :])]


def _steadiness(now: int, sending: Sequence[Device]) -> Item:
    silent = next((device for device in sending if device.state is not State.LIVE), None)
    if silent is not None:
        return Item(Step.STEADY, Mark.WRONG, device=silent.address)
    steady = any(
        device.readings > 1
        and (now - device.since.monotonic) / SECOND >= STEADY_AFTER * device.interval
        for device in sending
    )
    return Item(Step.STEADY, Mark.DONE if steady else Mark.NEXT)
