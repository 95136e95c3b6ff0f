"""The school's network: its server and neighbours there, found without being told."""

from __future__ import annotations
