"""Updating the packaged server in place, with the old version kept, and going back to it."""

from __future__ import annotations
