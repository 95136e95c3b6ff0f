"""What devices wrote, how far it was received, and the state that it makes."""

from __future__ import annotations
