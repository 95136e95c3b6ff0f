"""Syncing: work and objects over whatever road there is, and what is said about it."""

from __future__ import annotations
