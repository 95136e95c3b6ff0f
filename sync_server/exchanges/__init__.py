"""Exchanges: what laptops send is kept, and what waits for them is told."""

from __future__ import annotations
