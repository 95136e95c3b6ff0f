"""The names under which a server keeps its settings."""

from __future__ import annotations

SCHOOL = "school"
PORT = "port"
"""Where the server listens when ``run`` is not told."""
LAST_HOST = "last-host"
"""Where it listened last, so that ``enrol`` prints addresses that are true."""
LAST_PORT = "last-port"
