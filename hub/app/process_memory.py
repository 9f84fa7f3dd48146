"""How the memory of a hub's process is managed: Python's collector, and the C library."""

import contextlib
import ctypes
import gc

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt(3)
_MIB = 1024 * 1024


def calm_collector() -> None:
    """Run the garbage collector less often, and freeze the objects of the start (gc.freeze).

    Readings make no cycles; otherwise the collector costs 0.7 µs of about 8 a reading.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def keep_freed_memory() -> None:
    """Have glibc keep what is freed, up to 64 MiB, instead of giving it back to the system.

    What goes to InfluxDB is a text of a megabyte, twice a second: of memory that is new each time
    every page costs a fault, 0.3 µs of 3 a reading. Another C library is left as it is.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, 32 * _MIB)  # its upper bound
        mallopt(_TRIM_THRESHOLD, 64 * _MIB)
