"""One lesson: its video, its text and its tasks."""

from __future__ import annotations
