"""Attached files: taken, kept and given to who may have them."""

from __future__ import annotations
