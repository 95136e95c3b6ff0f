"""``python -m client`` is the command ``keruen``."""

from __future__ import annotations

from client.cli import run

if __name__ == "__main__":
    run()
