"""Updates of a few hundred bytes: making, reading and applying patches."""

from __future__ import annotations
