"""The videos of this laptop: what is here, what comes, and what is done about it."""

from __future__ import annotations
