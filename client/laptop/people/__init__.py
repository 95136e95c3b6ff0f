"""The people of a laptop: how they come and leave, and what is locked while they are away."""

from __future__ import annotations
