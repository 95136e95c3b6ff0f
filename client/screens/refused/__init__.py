"""Saying why the laptop cannot be opened: its disk is away, its data are in use."""

from __future__ import annotations
