"""``python -m sync_server`` is ``keruen-server``."""

from __future__ import annotations

from sync_server.cli import run

if __name__ == "__main__":
    run()
