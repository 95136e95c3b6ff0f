"""A USB stick as a road: what lies on it, how it is written, and who takes what from it."""

from __future__ import annotations
