"""Where a server keeps what it was told: a protocol, and SQLite behind it."""

from __future__ import annotations
