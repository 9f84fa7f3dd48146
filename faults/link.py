"""A network path that delays and loses packets: a TUN interface whose packets come back mirrored.

What this machine (`HERE`) sends to `THERE` comes back from `THERE` to `HERE`: source and
destination are swapped, which leaves every checksum as it is. So a client that connects to `THERE`
reaches a server that listens at `HERE`, over a real IP path with the kernel's own TCP at both ends.
`tc netem` would do the same where the kernel has it. It needs the right to make an interface;
`python -m faults` gives itself a network namespace for it.

Usage: python -m faults.link DELAY LOSS, in seconds and as a part of 1; it prints `ready`.
"""

import fcntl
import os
import random
import select
import struct
import subprocess
import sys
import time
from collections import deque

HERE, THERE = "10.77.0.1", "10.77.0.2"
_NAME = "smartlife0"
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_MTU = 65_536


def _open() -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH", _NAME.encode(), _IFF_TUN | _IFF_NO_PI)
    fcntl.ioctl(device, _TUNSETIFF, request)
    for words in (f"addr add {HERE}/24 dev {_NAME}", f"link set {_NAME} up", "link set lo up"):
        subprocess.run(["ip", *words.split()], check=True)
    return device


def mirrored(packet: bytes) -> bytes:
    """Swap source and destination of an IPv4 packet."""
    return packet[:12] + packet[16:20] + packet[12:16] + packet[20:]


def carry(device: int, delay: float, loss: float) -> None:
    """Carry packets, each `delay` s late, until the process ends; 50,000 at most at once."""
    late: deque[tuple[float, bytes]] = deque(maxlen=50_000)
    while True:
        wait = max(0.0, late[0][0] - time.monotonic()) if late else None
        if select.select([device], [], [], wait)[0]:
            packet = os.read(device, _MTU)
            if packet[0] >> 4 == 4 and random.random() >= loss:
                late.append((time.monotonic() + delay, mirrored(packet)))
        while late and late[0][0] <= time.monotonic():
            os.write(device, late.popleft()[1])


def main() -> None:
    """Make the interface and carry."""
    device = _open()
    print("ready", flush=True)
    carry(device, *map(float, sys.argv[1:3]))


if __name__ == "__main__":
    main()
