"""Ways a message or an object can travel."""

from __future__ import annotations
