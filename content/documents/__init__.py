"""What a lesson says: Markdown, formulas and subtitles, read into values."""

from __future__ import annotations
