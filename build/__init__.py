"""What builds, checks, shows and ships the programmes."""

from __future__ import annotations
