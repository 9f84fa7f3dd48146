"""Real servers on loopback and free ports, and tools beside them, for tests, faults and bench.

A server is started by whoever needs it, and ended by its process id.
"""

from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The project's folder."""
