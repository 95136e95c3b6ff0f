"""Works that wait for a mark."""

from __future__ import annotations
