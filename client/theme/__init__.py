"""Colours, type, spacing and icons as plain data."""

from __future__ import annotations
