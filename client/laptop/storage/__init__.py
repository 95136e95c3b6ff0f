"""What lies on a laptop's disk, and how it is rebuilt when it was damaged."""

from __future__ import annotations
