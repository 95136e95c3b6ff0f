"""Lessons on the server: published, trusted, and opened when it is time."""

from __future__ import annotations
