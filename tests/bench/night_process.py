"""``keruen-server`` that notes which bytes of files it had put on the disk for good.

``python -m tests.bench.night_process LEDGER COMMAND...``
"""

from __future__ import annotations

import sys
from pathlib import Path

from sync_server.cli import main
from tests.support.flushes import note_flushes

if __name__ == "__main__":
    note_flushes(Path(sys.argv[1]))
    raise SystemExit(main(sys.argv[2:]))
