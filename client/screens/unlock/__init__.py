"""Opening one's work with what one knows, or with the school's help where that was forgotten."""

from __future__ import annotations
