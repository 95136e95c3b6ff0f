"""Work handed in, on its road, and what came back."""

from __future__ import annotations
