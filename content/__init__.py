"""Lesson packs: make, sign, open and score them."""

from __future__ import annotations
