"""The packs on a laptop: trusted, installed, updated, opened and listed."""

from __future__ import annotations
