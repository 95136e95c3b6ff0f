"""The parts of the command keruen-pack."""

from __future__ import annotations
