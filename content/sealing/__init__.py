"""Sealed tests: questions and keys that nobody can read before they are opened."""

from __future__ import annotations
