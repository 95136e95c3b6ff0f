"""Vaults: what belongs to one person on a shared laptop, locked with something they know."""

from __future__ import annotations
