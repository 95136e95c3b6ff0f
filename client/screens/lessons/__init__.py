"""All lessons on this laptop."""

from __future__ import annotations
