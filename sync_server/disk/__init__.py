"""A disk that fills up: packs go before work, and work is taken in as long as a byte fits."""

from __future__ import annotations
