"""Who is in the same network: servers and neighbours that are found without being told."""

from __future__ import annotations
