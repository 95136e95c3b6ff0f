"""A repository on a disk: its tree, versions, verification and garbage."""

from __future__ import annotations
