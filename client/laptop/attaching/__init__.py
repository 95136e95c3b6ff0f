"""Files attached to work: chosen, sealed, sent, kept and fetched."""

from __future__ import annotations
