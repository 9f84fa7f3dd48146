"""Robotics, standing: a robot arm that picks and places."""

import math
from random import Random
from typing import Any

from devices.physics import chance
from devices.thing import START_HOUR, Thing

Joints = tuple[float, float, float, float, float, float]

#: Denavit-Hartenberg parameters (a and d in mm, alpha in rad) of Universal Robots' UR5e, as its
#: maker publishes them.
_UR5E = (
    (0.0, 162.5, math.pi / 2),
    (-425.0, 0.0, 0.0),
    (-392.2, 0.0, 0.0),
    (0.0, 133.3, math.pi / 2),
    (0.0, 99.7, -math.pi / 2),
    (0.0, 99.6, 0.0),
)

#: One cycle of pick and place, in degrees: over the bin, down, up, over the tray, down, up.
_POSES: tuple[Joints, ...] = (
    (-60.0, -95.0, 95.0, -90.0, -90.0, 30.0),
    (-60.0, -72.0, 112.0, -130.0, -90.0, 30.0),
    (-60.0, -95.0, 95.0, -90.0, -90.0, 30.0),
    (35.0, -100.0, 88.0, -78.0, -90.0, 125.0),
    (35.0, -76.0, 108.0, -122.0, -90.0, 125.0),
    (35.0, -100.0, 88.0, -78.0, -90.0, 125.0),
)
#: The poses at which the gripper closes or opens.
_DOWN = (1, 4)


def tool(joints: Joints) -> tuple[float, float, float]:
    """Return where the tool flange is, in mm from the base, for joint angles in degrees.

    Forward kinematics after Denavit and Hartenberg, from the flange back to the base.
    """
    x = y = z = 0.0
    for angle, (a, d, alpha) in reversed(list(zip(joints, _UR5E, strict=True))):
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        ca, sa = math.cos(alpha), math.sin(alpha)
        x, y, z = (
            c * (x + a) - s * (ca * y - sa * z),
            s * (x + a) + c * (ca * y - sa * z),
            sa * y + ca * z + d,
        )
    return x, y, z


class RobotArm(Thing):
    """Cycles through its poses; stops when touched, when paused, and when somebody hits the stop.

    Between two poses all joints start and arrive together, with the speed of a half sine.
    """

    stride = 0.1
    FASTEST = 95.0  # degrees a second at the middle of a move

    def __init__(self, random: Random, hour: float = START_HOUR) -> None:
        super().__init__(random, hour)
        self._poses = tuple(_moved(pose, random) for pose in _POSES)
        self._leg = 0
        self._gone = self._cycle = random.uniform(0, 0.6)
        self._grip = 0.0
        self._pace = 1.0
        self.cycle_time: float | None = None
        self.joints = self._poses[self._leg]
        self.state = "running"
        self.e_stop = False
        self._resumes = 0.0

    def advance(self, seconds: float) -> None:
        """Move on along the cycle, unless stopped."""
        if self._resumes > 0:
            self._resumes -= seconds
            if self._resumes <= 0:
                self._resume()
            return
        self._cycle += seconds
        if self._grip > 0:
            self._grip -= seconds
            return
        self._move(seconds)
        self._happen(seconds)

    def stop(self, state: str, seconds: float, *, e_stop: bool = False) -> None:
        """Stand still in `state` for `seconds`; an e-stop cuts the power of the drives."""
        self.state, self._resumes, self.e_stop = state, seconds, e_stop

    def _resume(self) -> None:
        self.state, self.e_stop, self._cycle = "running", False, 0.0
        if self.cycle_time is not None:
            self._cycle = self.cycle_time * self._leg / len(_POSES)

    def _happen(self, seconds: float) -> None:
        random = self.random
        if chance(random, seconds, 1500.0):
            self.stop("off", random.uniform(10, 30), e_stop=True)
        elif chance(random, seconds, 900.0):
            self.stop("protective_stop", random.uniform(3, 10))
        elif chance(random, seconds, 700.0):
            self.stop("paused", random.uniform(5, 20))

    def _move(self, seconds: float) -> None:
        start, goal = self._poses[self._leg], self._poses[(self._leg + 1) % len(_POSES)]
        furthest = max(abs(b - a) for a, b in zip(start, goal, strict=True))
        duration = self._pace * max(0.6, furthest * math.pi / 2 / self.FASTEST)
        self._gone = min(self._gone + seconds, duration)
        share = (1 - math.cos(math.pi * self._gone / duration)) / 2
        moved = [a + (b - a) * share for a, b in zip(start, goal, strict=True)]
        self.joints = (moved[0], moved[1], moved[2], moved[3], moved[4], moved[5])
        if self._gone >= duration:
            self._arrive()

    def _arrive(self) -> None:
        self._gone, self._pace = 0.0, self.random.uniform(0.97, 1.06)
        self._leg = (self._leg + 1) % len(_POSES)
        if self._leg in _DOWN:
            self._grip = self.random.uniform(0.25, 0.7)
        if self._leg == 0:
            self.cycle_time, self._cycle = self._cycle, 0.0
            if self.random.random() < 0.1:
                self.stop("idle", self.random.uniform(2, 12))

    def reading(self) -> dict[str, Any]:
        """Return joints to a hundredth of a degree, the tool to a tenth of a millimetre."""
        x, y, z = tool(self.joints)
        said: dict[str, Any] = {"state": self.state, "e_stop": self.e_stop}
        if self.cycle_time is not None:
            said["cycle_time"] = round(self.cycle_time, 2)
        said |= {f"joint_{n}": round(angle, 2) for n, angle in enumerate(self.joints, 1)}
        return said | {"tool_x": round(x, 1), "tool_y": round(y, 1), "tool_z": round(z, 1)}


def _moved(pose: Joints, random: Random) -> Joints:
    """The pose as taught on this booth: a few degrees from the drawing."""
    a, b, c, d, e, f = (angle + random.uniform(-3, 3) for angle in pose)
    return a, b, c, d, e, f
