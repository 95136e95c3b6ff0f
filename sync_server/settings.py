"""The names under which a server keeps its settings."""

from __future__ import annotations

SCHOOL = "school"
HOST = "host"
"""Where the server listens, as ``init`` or the last ``run`` said."""
PORT = "port"
