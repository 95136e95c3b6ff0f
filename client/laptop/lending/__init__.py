"""Lending neighbours what is public anyway: files of packs, by their hashes. Never work."""

from __future__ import annotations
