"""Choosing who one is, by picture and first name."""

from __future__ import annotations
