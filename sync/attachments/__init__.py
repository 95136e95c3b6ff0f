"""Photos and recordings: sealed, offered, sent and fetched."""

from __future__ import annotations
