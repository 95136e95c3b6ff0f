"""Choosing lessons for sticks, and writing them to one or several at once."""

from __future__ import annotations
