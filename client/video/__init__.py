"""Playing video behind a small interface."""

from __future__ import annotations
