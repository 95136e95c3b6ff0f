"""Backups of a server's data folder on a stick or another disk, and bringing them back."""

from __future__ import annotations
