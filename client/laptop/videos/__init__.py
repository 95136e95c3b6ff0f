"""The videos of lessons: which of them come, in which rendition, and which may go."""

from __future__ import annotations
