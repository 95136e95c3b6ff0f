"""Tasks to do, the begun ones first."""

from __future__ import annotations
