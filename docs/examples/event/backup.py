"""Copy what the hub keeps while it runs: python backup.py DATA-FOLDER BACKUP-FOLDER."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

os.umask(0o077)  # as the hub's own files: for their owner alone
data, backup = map(Path, sys.argv[1:])
backup.mkdir(parents=True, exist_ok=True)
# The store last: what was in the outbox when it was copied may be in both, never in neither.
for name in ("outbox.db", "store.db"):
    source = sqlite3.connect(f"{(data / name).resolve().as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(backup / name)) as copy:
        source.backup(copy)
    print("copied", backup / name)
# The booths' links, if booths have accounts; each file is replaced as a whole.
for name in ("booths.json", "booths.key"):
    if (data / name).exists():
        shutil.copy2(data / name, backup / name)
        print("copied", backup / name)
