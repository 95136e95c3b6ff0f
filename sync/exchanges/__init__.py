"""What a device and its server say to each other, and what either does with it."""

from __future__ import annotations
