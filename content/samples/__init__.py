"""Packs that come with Keruen, and what draws them."""

from __future__ import annotations
