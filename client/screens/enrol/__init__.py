"""Joining a school with an address and a code."""

from __future__ import annotations
