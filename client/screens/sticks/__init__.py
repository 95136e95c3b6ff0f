"""The sticks that are in, what is done with them, and what came and went."""

from __future__ import annotations
