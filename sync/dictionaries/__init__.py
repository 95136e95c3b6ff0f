"""Trained zstd dictionaries (``*.zdict``, named by their hashes) and how they were made."""

from __future__ import annotations
