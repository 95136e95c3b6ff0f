"""What a pupil does now."""

from __future__ import annotations
