"""The memory of a hub's process: what it freed is used again. Tried in a process of its own."""

import subprocess
import sys

PROGRAM = """
import resource
from hub.app.process_memory import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for size in range(1_000_000, 5_000_000, 100_000):
        b"x".ljust(size)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

before = faults()
keep_freed_memory()
faults()
print(before, faults())
"""


def test_large_texts_are_made_in_memory_that_is_there():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    before, after = map(int, done.stdout.split())
    assert before > 1_000
    assert after < before / 20
