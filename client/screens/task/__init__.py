"""One task, a question a page."""

from __future__ import annotations
